import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import type { ClaimedTurn, DeliveryStore } from '../../../src/store/deliveryStore';
import { claimBy, LEASE_MS, newMessage, T0 } from '../../support/storeSamples';
import {
  acceptAll,
  acceptTurn,
  claimSend,
  claimTurn,
  deliver,
  drainSends,
  dueSends,
  stageAll,
  stageSends,
} from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const PROACTIVE = { turn: undefined, claim: undefined };
const STAGED = { status: 'staged', sends: [] };

async function retryTurn(store: DeliveryStore, turn: ClaimedTurn): Promise<ClaimedTurn> {
  await store.settleTurn(turn, { kind: 'retry', at: T0, notBefore: T0, cause: 'Error' }, undefined);
  return claimTurn(store);
}

export function describeStaging(open: OpenStore): void {
  describe('stage', () => {
    it('stores messages as they are, in order', async () => {
      const store = await open();
      const message = newMessage('c', 'm', {
        body: '{"message":"çà 😀"}',
        role: 'handover',
        reportsFailure: false,
        stagedAt: T0 + 3,
      });
      assert.deepEqual(await store.stage([message, newMessage('c', 'n')], PROACTIVE), STAGED);
      const send = await claimSend(store);
      assert.deepEqual(send.message, { ...message, ambiguousAttempts: 0, lastError: undefined });
      await deliver(store, send);
      assert.deepEqual(await drainSends(store), ['n']);
    });

    it('stores nothing when there is nothing', async () => {
      const store = await open();
      assert.deepEqual(await store.stage([], PROACTIVE), STAGED);
      assert.equal((await store.stats()).waitingMessages, 0);
    });

    it('appends to what waits already', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1', '2']);
      await stageAll(store, 'c', ['3', '4']);
      assert.deepEqual(await drainSends(store), ['1', '2', '3', '4']);
    });

    it('claims each head that is due in the same commit', async () => {
      const store = await open();
      const messages = ['a1', 'b1', 'a2', 'b2'].map((id) => newMessage(id.charAt(0), id));
      const sends = await stageSends(store, messages, { turn: undefined, claim: claimBy('a') });
      assert.deepEqual(sends.map(({ message }) => message.id).sort(), ['a1', 'b1']);
      assert.deepEqual(
        sends.map(({ attempt }) => attempt),
        [1, 1],
      );
      assert.deepEqual(await dueSends(store, claimBy('b')), []);
    });

    it('claims the head when an older message waits', async () => {
      const store = await open();
      await stageAll(store, 'c', ['older']);
      const sends = await stageSends(store, [newMessage('c', 'newer')], {
        turn: undefined,
        claim: claimBy('a'),
      });
      assert.deepEqual(
        sends.map(({ message }) => message.id),
        ['older'],
      );
    });

    it('claims nothing of a lane that somebody holds', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      await claimSend(store, claimBy('b'));
      const sends = await stageSends(store, [newMessage('c', '2')], { turn: undefined, claim: claimBy('a') });
      assert.deepEqual(sends, []);
    });

    it('claims per destination: one does not hold up the other', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      await claimSend(store, claimBy('b'));
      const elsewhere = newMessage('c', '2', { destination: 'bridge' });
      const sends = await stageSends(store, [elsewhere], { turn: undefined, claim: claimBy('a') });
      assert.deepEqual(
        sends.map(({ message }) => message.destination),
        ['bridge'],
      );
    });

    it('stores a message of a turn once, when the turn is run again (I4)', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const first = await claimTurn(store);
      await store.stage([newMessage('c', 'e.1')], { turn: first, claim: undefined });
      const second = await retryTurn(store, first);
      await store.stage([newMessage('c', 'e.1', { body: 'changed' }), newMessage('c', 'e.2')], {
        turn: second,
        claim: undefined,
      });
      assert.equal((await store.stats()).waitingMessages, 2);
      assert.equal((await claimSend(store)).message.body, JSON.stringify({ id: 'e.1' }));
    });

    it('stores a message of a turn once within one run, too', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const turn = await claimTurn(store);
      await store.stage([newMessage('c', 'e.1')], { turn, claim: undefined });
      await store.stage([newMessage('c', 'e.1')], { turn, claim: undefined });
      assert.equal((await store.stats()).waitingMessages, 1);
    });

    it('does not store again what the first run sent and was delivered', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const first = await claimTurn(store);
      await store.stage([newMessage('c', 'e.1')], { turn: first, claim: undefined });
      await deliver(store, await claimSend(store));
      const second = await retryTurn(store, first);
      const sends = await stageSends(store, [newMessage('c', 'e.1')], { turn: second, claim: claimBy('a') });
      assert.deepEqual(sends, []);
      assert.equal((await store.stats()).waitingMessages, 0);
    });

    it('does not store again what an expired turn has sent', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const first = await claimTurn(store, claimBy('a'));
      await store.stage([newMessage('c', 'e.1')], { turn: first, claim: undefined });
      const second = await claimTurn(store, claimBy('b', T0 + LEASE_MS));
      await store.stage([newMessage('c', 'e.1')], { turn: second, claim: undefined });
      assert.equal((await store.stats()).waitingMessages, 1);
    });

    it('does not store again what a quarantined turn has sent, when it is replayed', async () => {
      const store = await open();
      const turn = await acceptTurn(store, 'c', 'e');
      await store.stage([newMessage('c', 'e.1')], { turn, claim: undefined });
      await store.settleTurn(
        turn,
        { kind: 'quarantined', at: T0, reason: 'failed', cause: 'Error' },
        undefined,
      );
      await store.replayQuarantined('e', turn.event);
      const again = await claimTurn(store);
      await store.stage([newMessage('c', 'e.1'), newMessage('c', 'e.2')], { turn: again, claim: undefined });
      assert.deepEqual(await drainSends(store), ['e.1', 'e.2']);
    });

    it('refuses the messages of a turn that was taken over, and stores none', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const old = await claimTurn(store, claimBy('a'));
      await claimTurn(store, claimBy('b', T0 + LEASE_MS));
      const terms = { turn: old, claim: claimBy('a', T0 + LEASE_MS) };
      await assert.rejects(store.stage([newMessage('c', 'e.1')], terms), LeaseLostError);
      assert.equal((await store.stats()).waitingMessages, 0);
    });

    it('refuses the messages of a turn that has ended', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const turn = await claimTurn(store);
      await store.settleTurn(turn, { kind: 'completed' }, undefined);
      const terms = { turn, claim: undefined };
      await assert.rejects(store.stage([newMessage('c', 'e.1')], terms), LeaseLostError);
      assert.equal((await store.stats()).waitingMessages, 0);
    });

    it('takes messages for another conversation than the turn’s', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const turn = await claimTurn(store);
      await store.stage([newMessage('other', 'e.1')], { turn, claim: undefined });
      assert.equal((await claimSend(store)).message.conversationId, 'other');
    });
  });
}
