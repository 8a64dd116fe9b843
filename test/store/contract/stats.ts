import assert from 'node:assert/strict';
import { present } from '../../support/present';
import {
  acceptAt,
  claimBy,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  WEBHOOK,
} from '../../support/storeSamples';
import {
  acceptAll,
  bury,
  claimSend,
  claimTurn,
  deliver,
  quarantineEvent,
  stageAll,
} from '../../support/storeSteps';
import type { OpenStore } from './openStore';

export function describeStats(open: OpenStore): void {
  describe('stats', () => {
    it('counts nothing in an empty store', async () => {
      const store = await open();
      assert.deepEqual(await store.stats(), {
        waitingEvents: 0,
        waitingMessages: 0,
        oldestWaitingEventAt: undefined,
        oldestWaitingMessageAt: undefined,
        deadLetters: 0,
        quarantined: 0,
      });
    });

    it('counts what waits, what is under way, and what an operator has to look at', async () => {
      const store = await open();
      await bury(store, 'dead', 'd1');
      await quarantineEvent(store, 'ill', 'q1');
      await store.quarantine({ id: 'q2', body: '{', reason: 'not JSON', receivedAt: T0 }, 10);
      await acceptAll(store, 'c', ['e1', 'e2', 'e3']);
      await stageAll(store, 'c', ['m1', 'm2']);
      await store.stage([newMessage('c', 'm3', { destination: 'bridge' })], {
        turn: undefined,
        claim: undefined,
      });
      await claimTurn(store);
      const retry = { kind: 'retry', at: T0, notBefore: T0 + 1, error: '500', isAmbiguous: false } as const;
      await store.settleSend(await claimSend(store), retry, settleTerms());
      assert.deepEqual(await store.stats(), {
        waitingEvents: 3,
        waitingMessages: 3,
        oldestWaitingEventAt: T0,
        oldestWaitingMessageAt: T0,
        deadLetters: 1,
        quarantined: 2,
      });
    });

    it('knows since when the oldest event waits: due, under way, to be run again, or behind such a one', async () => {
      const store = await open();
      const oldest = async () => (await store.stats()).oldestWaitingEventAt;
      const receive = (conversationId: string, id: string, receivedAt: number) =>
        store.accept(newEvent(conversationId, id, { receivedAt }), acceptAt(receivedAt));
      await receive('c', 'c1', T0);
      await receive('c', 'c2', T0 + 2);
      assert.equal(await oldest(), T0);

      const first = await claimTurn(store, claimBy('a', T0 + 2));
      await receive('d', 'd1', T0 + 1);
      assert.equal(await oldest(), T0, 'while its turn runs');
      await store.settleTurn(first, { kind: 'retry', at: T0, notBefore: T0 + 9, cause: 'Error' }, undefined);
      assert.equal(await oldest(), T0, 'while it waits for its retry');
      const other = await claimTurn(store, claimBy('a', T0 + 2));
      await store.settleTurn(other, { kind: 'completed' }, undefined);
      assert.equal(await oldest(), T0, 'when another has ended');
      const again = await claimTurn(store, claimBy('a', T0 + 9));
      const next = await store.settleTurn(again, { kind: 'completed' }, claimBy('a', T0 + 9));
      assert.equal(await oldest(), T0 + 2, 'of the one behind it');
      const quarantined = { kind: 'quarantined', at: T0 + 9, reason: 'failed', cause: 'Error' } as const;
      await store.settleTurn(present(next), quarantined, undefined);
      assert.equal(await oldest(), undefined);
      await store.replayQuarantined('c2', newEvent('c', 'c2', { receivedAt: T0 + 2 }));
      assert.equal(await oldest(), T0 + 2);
    });

    it('knows since when the oldest message waits, of all destinations', async () => {
      const store = await open();
      const oldest = async () => (await store.stats()).oldestWaitingMessageAt;
      const stage = (id: string, stagedAt: number, destination = WEBHOOK) =>
        store.stage([newMessage('c', id, { stagedAt, destination })], { turn: undefined, claim: undefined });
      await stage('bridged', T0, 'bridge');
      await stage('m1', T0 + 1);
      await stage('m2', T0 + 2);
      assert.equal(await oldest(), T0);

      const [bridged] = await store.claimSends('bridge', 1, claimBy('a'));
      await store.settleSend(
        present(bridged),
        { kind: 'held', at: T0, error: '503', isAmbiguous: false },
        settleTerms(),
      );
      assert.equal(await oldest(), T0, 'while it is held back');
      const [again] = await store.claimSends('bridge', 1, claimBy('a'));
      await deliver(store, present(again));
      const first = await claimSend(store);
      assert.equal(await oldest(), T0 + 1, 'while it is on the wire');
      await deliver(store, first);
      assert.equal(await oldest(), T0 + 2);
      const dead = { kind: 'dead', at: T0, reason: '400', isAmbiguous: false, notice: undefined } as const;
      await store.settleSend(await claimSend(store), dead, settleTerms());
      assert.equal(await oldest(), undefined);
      await store.replayDeadLetter('m2');
      assert.equal(await oldest(), T0 + 2);
    });
  });
}
