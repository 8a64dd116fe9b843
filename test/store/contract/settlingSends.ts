import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import type { SendSettlement } from '../../../src/store/deliveryStore';
import { HEALTHY } from '../../../src/store/deliveryStore';
import { claimBy, LEASE_MS, newEvent, settleTerms, T0, WEBHOOK } from '../../support/storeSamples';
import { claimSend, dueSends, dueTurns, stageAll } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const RETRY_AT = T0 + 5000;
const delivered = { kind: 'delivered', at: T0, platformMessageId: 'p' } as const satisfies SendSettlement;
const retry = {
  kind: 'retry',
  at: T0,
  notBefore: RETRY_AT,
  error: 'was 500',
  isAmbiguous: false,
} as const satisfies SendSettlement;
const held = {
  kind: 'held',
  at: T0,
  error: 'still down',
  isAmbiguous: false,
} as const satisfies SendSettlement;
const notice = newEvent('c', 'notice', { source: 'deliveryFailed' });
const dead = {
  kind: 'dead',
  at: T0 + 9,
  reason: 'was 400',
  isAmbiguous: false,
  notice,
} as const satisfies SendSettlement;
const failedOnce = () => ({ status: 'active', consecutiveFailures: 1 }) as const;

export function describeSettlingSends(open: OpenStore): void {
  describe('settleSend', () => {
    it('ends a delivered message for good', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      const settled = await store.settleSend(await claimSend(store), delivered, settleTerms());
      assert.deepEqual(settled, { health: HEALTHY, next: undefined });
      assert.deepEqual(await dueSends(store, claimBy('a', T0 + 10 * LEASE_MS)), []);
      assert.equal((await store.stats()).waitingMessages, 0);
    });

    it('claims the next message of the lane in the same commit', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1', '2']);
      const first = await claimSend(store);
      const { next } = await store.settleSend(first, delivered, settleTerms(claimBy('a')));
      assert.equal(next?.message.id, '2');
      assert.equal(next.attempt, 1);
      assert.ok(next.fence > first.fence);
      assert.deepEqual(await dueSends(store, claimBy('b')), []);
    });

    it('counts a failed attempt and remembers its error', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      await store.settleSend(await claimSend(store), retry, settleTerms());
      const send = await claimSend(store, claimBy('a', RETRY_AT));
      assert.equal(send.attempt, 2);
      assert.equal(send.message.lastError, 'was 500');
      assert.equal(send.message.ambiguousAttempts, 0);
    });

    it('claims nothing next while the retry waits', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1', '2']);
      const { next } = await store.settleSend(await claimSend(store), retry, settleTerms(claimBy('a')));
      assert.equal(next, undefined);
    });

    it('does not count the attempt of a message that is held back, and leaves it at the head', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1', '2']);
      await store.settleSend(await claimSend(store), held, settleTerms());
      const send = await claimSend(store, claimBy('b'));
      assert.equal(send.message.id, '1');
      assert.equal(send.message.lastError, 'still down');
      assert.equal(send.attempt, 1);
    });

    it('counts the attempts whose outcome is unknown', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      const terms = settleTerms();
      await store.settleSend(await claimSend(store), { ...retry, isAmbiguous: true }, terms);
      const second = await claimSend(store, claimBy('a', RETRY_AT));
      assert.equal(second.message.ambiguousAttempts, 1);
      await store.settleSend(second, { ...held, isAmbiguous: true }, terms);
      const third = await claimSend(store, claimBy('a', RETRY_AT));
      assert.equal(third.message.ambiguousAttempts, 2);
      await store.settleSend(third, { ...dead, isAmbiguous: true }, terms);
      const [letter] = await store.listDeadLetters({ limit: 1 });
      assert.equal(letter?.ambiguousAttempts, 3);
    });

    it('makes a dead letter of a message that is given up, and goes on with the lane', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1', '2']);
      const send = await claimSend(store);
      const { next } = await store.settleSend(send, dead, settleTerms(claimBy('a')));
      assert.equal(next?.message.id, '2');
      assert.deepEqual(await store.listDeadLetters({ limit: 10 }), [
        { ...send.message, lastError: 'was 400', attempts: 1, reason: 'was 400', diedAt: T0 + 9 },
      ]);
    });

    it('stores what tells the bot in the same commit', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      await store.settleSend(await claimSend(store), dead, settleTerms());
      const [turn] = await store.claimTurns(10, claimBy('a'));
      assert.deepEqual(turn?.event, notice);
    });

    it('stores no event when there is nothing to tell', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      await store.settleSend(await claimSend(store), { ...dead, notice: undefined }, settleTerms());
      assert.deepEqual(await dueTurns(store, claimBy('a')), []);
    });

    it('updates the health of the destination in the same commit', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      const { health } = await store.settleSend(
        await claimSend(store),
        retry,
        settleTerms(undefined, failedOnce),
      );
      assert.deepEqual(health, failedOnce());
      assert.deepEqual(await store.loadHealth(WEBHOOK), failedOnce());
    });

    for (const settlement of [delivered, retry, held, dead]) {
      it(`refuses '${settlement.kind}' of a worker whose lane was taken over, and writes nothing`, async () => {
        const store = await open();
        await stageAll(store, 'c', ['1', '2']);
        const old = await claimSend(store, claimBy('a'));
        const current = await claimSend(store, claimBy('b', T0 + LEASE_MS));
        const terms = settleTerms(claimBy('a', T0 + LEASE_MS), failedOnce);
        await assert.rejects(store.settleSend(old, settlement, terms), LeaseLostError);
        assert.deepEqual(await store.loadHealth(WEBHOOK), HEALTHY);
        assert.deepEqual(await store.stats(), {
          waitingEvents: 0,
          waitingMessages: 2,
          oldestWaitingEventAt: undefined,
          oldestWaitingMessageAt: T0,
          deadLetters: 0,
          quarantined: 0,
        });
        assert.equal(await store.findActivityId('c', 'p'), undefined);
        const { next } = await store.settleSend(current, delivered, settleTerms(claimBy('b', T0 + LEASE_MS)));
        assert.equal(next?.message.id, '2');
      });

      it(`settles a claim once: '${settlement.kind}' comes too late`, async () => {
        const store = await open();
        await stageAll(store, 'c', ['1', '2']);
        const send = await claimSend(store);
        await store.settleSend(send, delivered, settleTerms());
        await assert.rejects(store.settleSend(send, settlement, settleTerms()), LeaseLostError);
        assert.deepEqual(await dueSends(store, claimBy('b')), ['2']);
      });
    }

    it('takes the settlement of a worker that is late, when nobody has taken over', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1', '2']);
      const send = await claimSend(store);
      const late = settleTerms(claimBy('a', T0 + 10 * LEASE_MS));
      assert.equal((await store.settleSend(send, delivered, late)).next?.message.id, '2');
    });
  });
}
