import assert from 'node:assert/strict';
import { present } from '../../support/present';
import { acceptAt, claimBy, HOUR, LEASE_MS, newEvent, T0 } from '../../support/storeSamples';
import { acceptAll, claimTurn, dueTurns } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

export function describeAccepting(open: OpenStore): void {
  describe('accept', () => {
    it('stores an event as it is', async () => {
      const store = await open();
      const event = newEvent('c', 'e', {
        payload: '{"text":"çà 😀 \\u0000"}',
        dedupeKey: 'k',
        receivedAt: T0 + 7,
      });
      assert.deepEqual(await store.accept(event, acceptAt()), { status: 'stored', turn: undefined });
      assert.deepEqual((await claimTurn(store)).event, event);
    });

    it('knows a repeat by its dedupe key and stores nothing', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'first', { dedupeKey: 'k' }), acceptAt());
      const repeat = newEvent('c', 'repeat', { dedupeKey: 'k' });
      assert.deepEqual(await store.accept(repeat, acceptAt()), { status: 'duplicate' });
      assert.equal((await store.stats()).waitingEvents, 1);
    });

    it('claims nothing for a repeat', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'first', { dedupeKey: 'k' }), acceptAt());
      await store.accept(newEvent('c', 'repeat', { dedupeKey: 'k' }), acceptAt(T0, { claim: claimBy('a') }));
      assert.deepEqual(await dueTurns(store, claimBy('b')), ['first']);
    });

    it('knows a repeat after the turn has ended', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'first', { dedupeKey: 'k' }), acceptAt());
      await store.settleTurn(await claimTurn(store), { kind: 'completed' }, undefined);
      const repeat = newEvent('c', 'repeat', { dedupeKey: 'k' });
      assert.deepEqual(await store.accept(repeat, acceptAt(T0 + HOUR - 1)), { status: 'duplicate' });
    });

    it('knows a repeat while the first is in quarantine', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'first', { dedupeKey: 'k' }), acceptAt());
      const turn = await claimTurn(store);
      await store.settleTurn(
        turn,
        { kind: 'quarantined', at: T0, reason: 'failed', cause: 'Error' },
        undefined,
      );
      const repeat = newEvent('c', 'repeat', { dedupeKey: 'k' });
      assert.deepEqual(await store.accept(repeat, acceptAt()), { status: 'duplicate' });
    });

    it('forgets a dedupe key when its window has passed', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'first', { dedupeKey: 'k' }), acceptAt());
      const later = await store.accept(newEvent('c', 'later', { dedupeKey: 'k' }), acceptAt(T0 + HOUR));
      assert.equal(later.status, 'stored');
    });

    it('remembers a dedupe key for as long as it was stored with, not from its repeats on', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'first', { dedupeKey: 'k' }), acceptAt());
      await store.accept(newEvent('c', 'repeat', { dedupeKey: 'k' }), acceptAt(T0 + HOUR - 1));
      const later = await store.accept(newEvent('c', 'later', { dedupeKey: 'k' }), acceptAt(T0 + HOUR));
      assert.equal(later.status, 'stored');
    });

    it('never takes events without a dedupe key for repeats', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      assert.equal((await store.stats()).waitingEvents, 2);
    });

    it('stores one of two repeats that come at once', async () => {
      const store = await open();
      const outcomes = await Promise.all(
        ['one', 'two', 'three'].map((id) => store.accept(newEvent('c', id, { dedupeKey: 'k' }), acceptAt())),
      );
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['duplicate', 'duplicate', 'stored']);
    });

    it('refuses an event when the backlog is full, and forgets it', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one', 'two']);
      const refused = newEvent('c', 'three', { dedupeKey: 'k' });
      assert.deepEqual(await store.accept(refused, acceptAt(T0, { maxBacklog: 2 })), { status: 'full' });
      assert.equal((await store.stats()).waitingEvents, 2);
      assert.equal((await store.accept(refused, acceptAt(T0, { maxBacklog: 3 }))).status, 'stored');
    });

    it('calls a repeat a repeat even when the backlog is full', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'first', { dedupeKey: 'k' }), acceptAt());
      const repeat = newEvent('c', 'repeat', { dedupeKey: 'k' });
      assert.equal((await store.accept(repeat, acceptAt(T0, { maxBacklog: 1 }))).status, 'duplicate');
    });

    it('has room again when a turn has ended', async () => {
      const store = await open();
      const terms = acceptAt(T0, { maxBacklog: 1 });
      await store.accept(newEvent('c', 'one'), terms);
      const turn = await claimTurn(store);
      assert.equal((await store.accept(newEvent('c', 'two'), terms)).status, 'full');
      await store.settleTurn(turn, { kind: 'completed' }, undefined);
      assert.equal((await store.accept(newEvent('c', 'three'), terms)).status, 'stored');
    });

    it('claims the turn of an idle conversation in the same commit', async () => {
      const store = await open();
      const event = newEvent('c', 'e');
      const outcome = await store.accept(event, acceptAt(T0, { claim: claimBy('a') }));
      assert.ok(outcome.status === 'stored');
      const turn = present(outcome.turn);
      assert.deepEqual(turn.event, event);
      assert.equal(turn.attempt, 1);
      assert.deepEqual(await dueTurns(store, claimBy('b')), []);
      await store.settleTurn(turn, { kind: 'completed' }, undefined);
    });

    it('claims nothing when somebody holds the conversation', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'one'), acceptAt(T0, { claim: claimBy('a') }));
      const outcome = await store.accept(newEvent('c', 'two'), acceptAt(T0, { claim: claimBy('a') }));
      assert.deepEqual(outcome, { status: 'stored', turn: undefined });
    });

    it('claims the head when an older event waits', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['older']);
      const outcome = await store.accept(newEvent('c', 'newer'), acceptAt(T0, { claim: claimBy('a') }));
      assert.equal(outcome.status === 'stored' && outcome.turn?.event.id, 'older');
    });

    it('claims nothing when the head waits for its retry', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['one']);
      await store.settleTurn(
        await claimTurn(store),
        { kind: 'retry', at: T0, notBefore: T0 + 1000, cause: 'Error' },
        undefined,
      );
      const outcome = await store.accept(newEvent('c', 'two'), acceptAt(T0 + 999, { claim: claimBy('a') }));
      assert.deepEqual(outcome, { status: 'stored', turn: undefined });
    });

    it('leases what it claims', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'e'), acceptAt(T0, { claim: claimBy('a') }));
      assert.deepEqual(await dueTurns(store, claimBy('b', T0 + LEASE_MS - 1)), []);
      assert.deepEqual(await dueTurns(store, claimBy('b', T0 + LEASE_MS)), ['e']);
    });
  });
}
