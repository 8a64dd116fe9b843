import assert from 'node:assert/strict';
import { claimBy, LEASE_MS, T0 } from '../../support/storeSamples';
import { acceptAll, claimTurn, dueTurns } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

export function describeClaimingTurns(open: OpenStore): void {
  describe('claimTurns', () => {
    it('gives nothing when nothing waits', async () => {
      const store = await open();
      assert.deepEqual(await store.claimTurns(10, claimBy('a')), []);
    });

    it('gives the heads of all conversations that are due', async () => {
      const store = await open();
      await acceptAll(store, 'c1', ['c1-1', 'c1-2']);
      await acceptAll(store, 'c2', ['c2-1', 'c2-2']);
      assert.deepEqual(await dueTurns(store, claimBy('a')), ['c1-1', 'c2-1']);
    });

    it('gives no more than the limit, and the rest to who asks next', async () => {
      const store = await open();
      for (const conversation of ['c1', 'c2', 'c3']) await acceptAll(store, conversation, [conversation]);
      const first = await store.claimTurns(2, claimBy('a'));
      const second = await store.claimTurns(2, claimBy('b'));
      assert.equal(first.length, 2);
      assert.equal(second.length, 1);
      const ids = [...first, ...second].map(({ event }) => event.id);
      assert.deepEqual(ids.sort(), ['c1', 'c2', 'c3']);
    });

    it('lets one worker hold a conversation', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      await claimTurn(store, claimBy('a'));
      assert.deepEqual(await store.claimTurns(10, claimBy('b')), []);
      assert.deepEqual(await store.claimTurns(10, claimBy('a')), []);
    });

    it('gives each conversation to one of two workers who ask at once', async () => {
      const store = await open();
      const conversations = Array.from({ length: 20 }, (_, index) => `c${index}`);
      for (const conversation of conversations) await acceptAll(store, conversation, [conversation]);
      const claims = await Promise.all(['a', 'b', 'c'].map((worker) => dueTurns(store, claimBy(worker))));
      assert.deepEqual(claims.flat().sort(), conversations.sort());
    });

    it('gives a conversation its events in the order of acceptance', async () => {
      const store = await open();
      const ids = Array.from({ length: 12 }, (_, index) => `e${index}`);
      await acceptAll(store, 'c', ids);
      const ran: string[] = [];
      for (const _ of ids) {
        const turn = await claimTurn(store);
        ran.push(turn.event.id);
        await store.settleTurn(turn, { kind: 'completed' }, undefined);
      }
      assert.deepEqual(ran, ids);
    });

    it('counts every claim as an attempt, and every claim has a higher fence', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const first = await claimTurn(store, claimBy('a', T0));
      const second = await claimTurn(store, claimBy('b', T0 + LEASE_MS));
      const third = await claimTurn(store, claimBy('a', T0 + 2 * LEASE_MS));
      assert.deepEqual([first.attempt, second.attempt, third.attempt], [1, 2, 3]);
      assert.ok(first.fence < second.fence && second.fence < third.fence);
    });

    it('gives a higher fence to a conversation that was empty in between', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one']);
      const first = await claimTurn(store);
      await store.settleTurn(first, { kind: 'completed' }, undefined);
      await acceptAll(store, 'c', ['two']);
      assert.ok((await claimTurn(store)).fence > first.fence);
    });
  });

  describe('nextTurnAt', () => {
    it('knows nothing when nothing waits, or all of it is due', async () => {
      const store = await open();
      assert.equal(await store.nextTurnAt(T0), undefined);
      await acceptAll(store, 'c', ['e']);
      assert.equal(await store.nextTurnAt(T0), undefined);
    });

    it('knows when the first retry is due', async () => {
      const store = await open();
      for (const [conversation, wait] of [['c1', 5000] as const, ['c2', 3000] as const]) {
        await acceptAll(store, conversation, [conversation]);
        const turn = await claimTurn(store);
        await store.settleTurn(
          turn,
          { kind: 'retry', at: T0, notBefore: T0 + wait, cause: 'Error' },
          undefined,
        );
      }
      assert.equal(await store.nextTurnAt(T0), T0 + 3000);
      assert.equal(await store.nextTurnAt(T0 + 3000), T0 + 5000);
      assert.equal(await store.nextTurnAt(T0 + 5000), undefined);
    });

    it('knows when a lease ends', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await claimTurn(store);
      assert.equal(await store.nextTurnAt(T0), T0 + LEASE_MS);
    });
  });
}
