import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import {
  acceptAt,
  claimBy,
  LEASE_MS,
  newEvent,
  newMessage,
  settleTerms,
  T0,
} from '../../support/storeSamples';
import {
  acceptAll,
  claimSend,
  claimTurn,
  dueSends,
  dueTurns,
  stageAll,
  stageSends,
} from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;

export function describeLeases(open: OpenStore): void {
  describe('A lease', () => {
    it('keeps others away until it runs out', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      await claimTurn(store);
      await claimSend(store);
      const tooEarly = claimBy('b', T0 + LEASE_MS - 1);
      assert.deepEqual([await dueTurns(store, tooEarly), await dueSends(store, tooEarly)], [[], []]);
      const inTime = claimBy('b', T0 + LEASE_MS);
      assert.deepEqual([await dueTurns(store, inTime), await dueSends(store, inTime)], [['e'], ['m']]);
    });

    it('counts the attempt of a worker that was taken over', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      await claimTurn(store);
      await claimSend(store);
      const after = claimBy('b', T0 + LEASE_MS);
      assert.equal((await claimTurn(store, after)).attempt, 2);
      assert.equal((await claimSend(store, after)).attempt, 2);
    });

    it('that ran out is taken over by who looks for work, not by who brings some', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      await claimTurn(store);
      await claimSend(store);
      const claim = claimBy('a', T0 + LEASE_MS);
      const outcome = await store.accept(newEvent('c', 'e2'), acceptAt(T0 + LEASE_MS, { claim }));
      assert.deepEqual(outcome, { status: 'stored', turn: undefined });
      assert.deepEqual(await stageSends(store, [newMessage('c', 'm2')], { turn: undefined, claim }), []);
    });

    it('that ran out in the middle of a send leaves its outcome unknown', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m']);
      await claimSend(store);
      const second = await claimSend(store, claimBy('b', T0 + LEASE_MS));
      assert.equal(second.message.ambiguousAttempts, 1);
    });

    it('that ran out keeps the lane in order', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1', '2']);
      await claimSend(store);
      const first = await claimSend(store, claimBy('b', T0 + LEASE_MS));
      assert.equal(first.message.id, '1');
      await store.settleSend(first, delivered, settleTerms());
      assert.deepEqual(await dueSends(store, claimBy('b', T0 + LEASE_MS)), ['2']);
    });
  });

  describe('renewLeases', () => {
    it('prolongs every lease of the worker, from now on', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      await claimTurn(store, claimBy('a'));
      await claimSend(store, claimBy('a'));
      await store.renewLeases(claimBy('a', T0 + 10_000));
      const tooEarly = claimBy('b', T0 + 10_000 + LEASE_MS - 1);
      assert.deepEqual([await dueTurns(store, tooEarly), await dueSends(store, tooEarly)], [[], []]);
      const inTime = claimBy('b', T0 + 10_000 + LEASE_MS);
      assert.deepEqual([await dueTurns(store, inTime), await dueSends(store, inTime)], [['e'], ['m']]);
    });

    it('prolongs no lease of another worker', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      await claimTurn(store, claimBy('dead'));
      await claimSend(store, claimBy('dead'));
      await store.renewLeases(claimBy('a', T0 + 10_000));
      const after = claimBy('a', T0 + LEASE_MS);
      assert.deepEqual([await dueTurns(store, after), await dueSends(store, after)], [['e'], ['m']]);
    });

    it('keeps the fence: the holder can still settle', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const turn = await claimTurn(store);
      await store.renewLeases(claimBy('a', T0 + 10_000));
      await store.settleTurn(turn, { kind: 'completed' }, undefined);
    });
  });

  describe('releaseLeases', () => {
    it('gives up every lease of the worker at once', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      await claimTurn(store, claimBy('a'));
      await claimSend(store, claimBy('a'));
      await store.releaseLeases('a');
      assert.deepEqual(await dueTurns(store, claimBy('b')), ['e']);
      assert.deepEqual(await dueSends(store, claimBy('b')), ['m']);
    });

    it('gives up no lease of another worker', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      await claimTurn(store, claimBy('b'));
      await claimSend(store, claimBy('b'));
      await store.releaseLeases('a');
      assert.deepEqual(await dueTurns(store, claimBy('c')), []);
      assert.deepEqual(await dueSends(store, claimBy('c')), []);
    });

    it('counts an unsettled send as one whose outcome is unknown', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m']);
      await claimSend(store, claimBy('a'));
      await store.releaseLeases('a');
      const send = await claimSend(store, claimBy('b'));
      assert.equal(send.message.ambiguousAttempts, 1);
      assert.equal(send.attempt, 2);
    });

    it('refuses what the worker settles after it', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      const turn = await claimTurn(store, claimBy('a'));
      const send = await claimSend(store, claimBy('a'));
      await store.releaseLeases('a');
      await claimTurn(store, claimBy('b'));
      await claimSend(store, claimBy('b'));
      await assert.rejects(store.settleTurn(turn, { kind: 'completed' }, undefined), LeaseLostError);
      await assert.rejects(store.settleSend(send, delivered, settleTerms()), LeaseLostError);
    });
  });
}
