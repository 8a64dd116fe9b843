import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import type { TurnSettlement } from '../../../src/store/deliveryStore';
import { present } from '../../support/present';
import { claimBy, LEASE_MS, T0 } from '../../support/storeSamples';
import { acceptAll, claimTurn, dueTurns } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const RETRY_AT = T0 + 5000;
const retry: TurnSettlement = { kind: 'retry', at: T0, notBefore: RETRY_AT, cause: 'Error' };
const settlements: TurnSettlement[] = [
  { kind: 'completed' },
  retry,
  { kind: 'released' },
  { kind: 'held', notBefore: RETRY_AT },
  { kind: 'quarantined', at: T0, reason: 'failed', cause: 'Error' },
];

export function describeSettlingTurns(open: OpenStore): void {
  describe('settleTurn', () => {
    it('ends a completed turn for good', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      assert.equal(
        await store.settleTurn(await claimTurn(store), { kind: 'completed' }, undefined),
        undefined,
      );
      assert.deepEqual(await dueTurns(store, claimBy('a', T0 + 10 * LEASE_MS)), []);
      assert.equal((await store.stats()).waitingEvents, 0);
    });

    it('frees the conversation for who asks next, when no next turn is claimed', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      await store.settleTurn(await claimTurn(store), { kind: 'completed' }, undefined);
      assert.deepEqual(await dueTurns(store, claimBy('b')), ['two']);
    });

    it('claims the next turn in the same commit', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      const first = await claimTurn(store);
      const next = present(await store.settleTurn(first, { kind: 'completed' }, claimBy('a')));
      assert.equal(next.event.id, 'two');
      assert.equal(next.attempt, 1);
      assert.ok(next.fence > first.fence);
      assert.deepEqual(await dueTurns(store, claimBy('b')), []);
    });

    it('claims the next turn of its own conversation only', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one']);
      const turn = await claimTurn(store);
      await acceptAll(store, 'other', ['other']);
      assert.equal(await store.settleTurn(turn, { kind: 'completed' }, claimBy('a')), undefined);
    });

    it('lets nothing overtake a turn that waits for its retry', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      await store.settleTurn(await claimTurn(store), retry, undefined);
      assert.deepEqual(await dueTurns(store, claimBy('a', RETRY_AT - 1)), []);
      assert.deepEqual(await dueTurns(store, claimBy('a', RETRY_AT)), ['one']);
    });

    it('holds up no other conversation with a retry', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one']);
      await store.settleTurn(await claimTurn(store), retry, undefined);
      await acceptAll(store, 'other', ['other']);
      assert.deepEqual(await dueTurns(store, claimBy('a')), ['other']);
    });

    it('claims no next turn while the retry waits', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      assert.equal(await store.settleTurn(await claimTurn(store), retry, claimBy('a')), undefined);
    });

    it('counts the attempts of a turn that is run again', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await store.settleTurn(await claimTurn(store), retry, undefined);
      assert.equal((await claimTurn(store, claimBy('a', RETRY_AT))).attempt, 2);
    });

    it('gives a released turn back at the head, its attempt not counted', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      await store.settleTurn(await claimTurn(store), { kind: 'released' }, undefined);
      const turn = await claimTurn(store, claimBy('b'));
      assert.equal(turn.event.id, 'one');
      assert.equal(turn.attempt, 1);
    });

    it('keeps the attempts before a release', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await store.settleTurn(await claimTurn(store), retry, undefined);
      const second = await claimTurn(store, claimBy('a', RETRY_AT));
      await store.settleTurn(second, { kind: 'released' }, undefined);
      assert.equal((await claimTurn(store, claimBy('a', RETRY_AT))).attempt, 2);
    });

    it('gives a held turn back at the head, its attempt not counted, for later', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      const held: TurnSettlement = { kind: 'held', notBefore: RETRY_AT };
      assert.equal(await store.settleTurn(await claimTurn(store), held, claimBy('a')), undefined);
      assert.equal(await store.nextTurnAt(T0), RETRY_AT);
      assert.deepEqual(await dueTurns(store, claimBy('a', RETRY_AT - 1)), []);
      const turn = await claimTurn(store, claimBy('b', RETRY_AT));
      assert.equal(turn.event.id, 'one');
      assert.equal(turn.attempt, 1);
    });

    it('gives a held turn back at once when its time has come', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const held: TurnSettlement = { kind: 'held', notBefore: RETRY_AT };
      const again = await store.settleTurn(await claimTurn(store), held, claimBy('a', RETRY_AT));
      assert.equal(again?.event.id, 'e');
      assert.equal(again.attempt, 1);
    });

    it('puts a quarantined event away and goes on with the conversation', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      const quarantined: TurnSettlement = {
        kind: 'quarantined',
        at: T0 + 1,
        reason: 'failed 3 times',
        cause: 'Error',
      };
      const turn = await claimTurn(store);
      const next = await store.settleTurn(turn, quarantined, claimBy('a'));
      assert.equal(next?.event.id, 'two');
      assert.deepEqual(await store.listQuarantine({ limit: 10 }), [
        {
          kind: 'event',
          id: 'one',
          event: turn.event,
          reason: 'failed 3 times',
          attempts: 1,
          quarantinedAt: T0 + 1,
        },
      ]);
    });

    for (const settlement of settlements) {
      it(`refuses '${settlement.kind}' of a worker whose conversation was taken over`, async () => {
        const store = await open();
        await acceptAll(store, 'c', ['one', 'two']);
        const old = await claimTurn(store, claimBy('a'));
        const current = await claimTurn(store, claimBy('b', T0 + LEASE_MS));
        const claimNext = claimBy('a', T0 + LEASE_MS);
        await assert.rejects(store.settleTurn(old, settlement, claimNext), LeaseLostError);
        assert.deepEqual(await store.listQuarantine({ limit: 10 }), []);
        assert.equal((await store.stats()).waitingEvents, 2);
        const next = await store.settleTurn(current, { kind: 'completed' }, claimBy('b', T0 + LEASE_MS));
        assert.equal(next?.event.id, 'two');
      });

      it(`settles a claim once: '${settlement.kind}' comes too late`, async () => {
        const store = await open();
        await acceptAll(store, 'c', ['one', 'two']);
        const turn = await claimTurn(store);
        await store.settleTurn(turn, { kind: 'completed' }, undefined);
        await assert.rejects(store.settleTurn(turn, settlement, undefined), LeaseLostError);
        assert.deepEqual(await dueTurns(store, claimBy('b')), ['two']);
      });
    }

    it('refuses a worker whose conversation was taken over and finished', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const old = await claimTurn(store, claimBy('a'));
      const current = await claimTurn(store, claimBy('b', T0 + LEASE_MS));
      await store.settleTurn(current, { kind: 'completed' }, undefined);
      await assert.rejects(store.settleTurn(old, { kind: 'completed' }, undefined), LeaseLostError);
    });

    it('takes the settlement of a worker that is late, when nobody has taken over', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      const turn = await claimTurn(store);
      const late = claimBy('a', T0 + 10 * LEASE_MS);
      assert.equal((await store.settleTurn(turn, { kind: 'completed' }, late))?.event.id, 'two');
    });
  });
}
