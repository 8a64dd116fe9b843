import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import { botRecord, know, transcriptEntry, transcriptOf, withAgent } from '../../support/conversationSamples';
import {
  acceptAt,
  claimBy,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  TRACE,
  WEBHOOK,
} from '../../support/storeSamples';
import {
  acceptAll,
  bury,
  claimSend,
  claimTurn,
  deliver,
  dueSends,
  dueTurns,
  quarantineEvent,
  stageAll,
} from '../../support/storeSteps';
import { temporaryFiles } from './support/temporaryFolder';

const inactive = {
  status: 'inactive',
  consecutiveFailures: 5,
  since: T0,
  probeAt: T0 + 60_000,
  reason: '503',
} as const;

describe('A SqliteStore that is opened again', () => {
  const file = temporaryFiles();
  let store: SqliteStore;
  beforeEach(async () => {
    store = new SqliteStore(file());
    await store.open();
  });
  afterEach(async () => {
    await store.close();
  });

  /** As a process that was killed: nothing is given back. */
  async function restart(): Promise<void> {
    await store.close();
    await store.open();
  }

  it('holds all that it held', async () => {
    await store.accept(
      newEvent('c', 'e1', { dedupeKey: 'k', payload: '{"é":1}', traceContext: TRACE }),
      acceptAt(),
    );
    await acceptAll(store, 'c', ['e2']);
    await store.stage(
      [newMessage('c', 'm1', { traceContext: TRACE, eventReceivedAt: T0 }), newMessage('c', 'm2')],
      {
        turn: undefined,
        claim: undefined,
      },
    );
    await bury(store, 'other', 'dead');
    await quarantineEvent(store, 'ill', 'q1');
    await store.quarantine({ id: 'q2', body: 'a\0b', reason: 'not JSON', receivedAt: T0 }, 10);
    await store.updateHealth(WEBHOOK, () => inactive);
    await know(store, botRecord('plain'), withAgent('held'));
    await store.accept(
      newEvent('held', 'told'),
      acceptAt(T0, { transcript: transcriptEntry('held', 'told') }),
    );
    const stats = await store.stats();
    const [letters, quarantine] = [
      await store.listDeadLetters({ limit: 9 }),
      await store.listQuarantine({ limit: 9 }),
    ];
    await restart();

    assert.deepEqual(await store.stats(), stats);
    assert.deepEqual(await store.listDeadLetters({ limit: 9 }), letters);
    assert.deepEqual(await store.listQuarantine({ limit: 9 }), quarantine);
    assert.deepEqual(await store.loadHealth(WEBHOOK), inactive);
    assert.deepEqual(await store.findConversation('plain'), botRecord('plain'));
    assert.deepEqual(await store.findConversation('held'), withAgent('held'));
    assert.deepEqual(await transcriptOf(store, 'held'), ['told']);
    const repeat = await store.accept(newEvent('c', 'repeat', { dedupeKey: 'k' }), acceptAt());
    assert.equal(repeat.status, 'duplicate');
    const [first, second] = await store.claimTurns(2, claimBy('a'));
    assert.deepEqual([first?.event.payload, first?.event.traceContext], ['{"é":1}', TRACE]);
    assert.deepEqual(second?.conversation, withAgent('held'));
    const { message } = await claimSend(store);
    assert.deepEqual([message.id, message.traceContext, message.eventReceivedAt], ['m1', TRACE, T0]);
  });

  it('lets a claimed turn be claimed at once, its attempt used up', async () => {
    await acceptAll(store, 'c', ['e', 'next']);
    const before = await claimTurn(store);
    await restart();
    const after = await claimTurn(store, claimBy('b'));
    assert.deepEqual([after.event.id, after.attempt], ['e', 2]);
    assert.ok(after.fence > before.fence);
    await assert.rejects(store.settleTurn(before, { kind: 'completed' }, undefined), LeaseLostError);
  });

  it('does so with a turn that was claimed when it was accepted', async () => {
    await store.accept(newEvent('c', 'e'), acceptAt(T0, { claim: claimBy('a') }));
    await restart();
    assert.equal((await claimTurn(store)).attempt, 2);
  });

  it('knows of a claimed send that nobody knows whether it arrived (I7)', async () => {
    await stageAll(store, 'c', ['m1', 'm2']);
    await claimSend(store);
    await restart();
    const send = await claimSend(store);
    assert.deepEqual(
      [send.message.id, send.attempt, send.message.ambiguousAttempts],
      ['m1', 2, 1],
      'and the lane is in order',
    );
  });

  it('counts nothing ambiguous that was not under way', async () => {
    await stageAll(store, 'c1', ['retried']);
    await stageAll(store, 'c2', ['held']);
    const [first, second] = await store.claimSends(WEBHOOK, 2, claimBy('a'));
    assert.ok(first && second);
    const failure = { error: '500', isAmbiguous: false };
    await store.settleSend(first, { kind: 'retry', at: T0, notBefore: T0 + 5000, ...failure }, settleTerms());
    await store.settleSend(second, { kind: 'held', at: T0, ...failure }, settleTerms());
    await restart();
    assert.deepEqual(await dueSends(store, claimBy('a', T0 + 4999)), ['held']);
    const retried = await claimSend(store, claimBy('a', T0 + 5000));
    assert.deepEqual([retried.attempt, retried.message.ambiguousAttempts], [2, 0]);
  });

  it('does not store again what a turn has sent before (I4)', async () => {
    await acceptAll(store, 'c', ['e']);
    await store.stage([newMessage('c', 'e.1')], { turn: await claimTurn(store), claim: undefined });
    await deliver(store, await claimSend(store));
    await restart();
    await store.stage([newMessage('c', 'e.1'), newMessage('c', 'e.2')], {
      turn: await claimTurn(store),
      claim: undefined,
    });
    assert.deepEqual(await dueSends(store, claimBy('a')), ['e.2']);
  });

  it('does not store again what a quarantined turn has sent before (I4)', async () => {
    await acceptAll(store, 'c', ['e']);
    const turn = await claimTurn(store);
    await store.stage([newMessage('c', 'e.1')], { turn, claim: undefined });
    await store.settleTurn(
      turn,
      { kind: 'quarantined', at: T0, reason: 'failed', cause: 'Error' },
      undefined,
    );
    await restart();
    await acceptAll(store, 'c', ['another']);
    await store.replayQuarantined('e', turn.event);
    await restart();
    assert.deepEqual(await dueTurns(store, claimBy('a')), ['another']);
    await store.releaseLeases('a');
    await store.settleTurn(await claimTurn(store), { kind: 'completed' }, undefined);
    await store.stage([newMessage('c', 'e.1')], { turn: await claimTurn(store), claim: undefined });
    assert.equal((await store.stats()).waitingMessages, 1);
  });
});
