import assert from 'node:assert/strict';
import type { PostgresStore } from '../../../src/postgres';
import type { ClaimedTurn } from '../../../src/store/deliveryStore';
import { ManualClock } from '../../../src/testing';
import { botRecord, know } from '../../support/conversationSamples';
import { query } from '../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { present } from '../../support/present';
import {
  acceptAt,
  claimBy,
  HOUR,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  WEBHOOK,
} from '../../support/storeSamples';
import { stageSends } from '../../support/storeSteps';

const RETENTION_MS = 2 * HOUR;
const LATER = T0 + RETENTION_MS + 1;

describe('What has been kept long enough', () => {
  let schema: string;
  let clock: ManualClock;
  let store: PostgresStore;

  beforeEach(async () => {
    schema = newSchema();
    clock = new ManualClock(T0);
    store = await makePostgresStore({ schema, retentionMs: RETENTION_MS }, { trustCaller: true, clock });
    await store.open();
  });

  afterEach(() => store.close());

  async function pruneAt(now: number): Promise<void> {
    await clock.advance(now - clock.now());
    await store.prune();
  }

  async function left(): Promise<Record<string, unknown>> {
    const [counts] = await query(`
      SELECT (SELECT count(*)::int FROM ${schema}.inbox) AS inbox,
        (SELECT count(*)::int FROM ${schema}.outbox) AS outbox,
        (SELECT count(*)::int FROM ${schema}.lanes) AS lanes`);
    return present(counts);
  }

  async function accept(conversationId: string, id: string): Promise<ClaimedTurn> {
    const accepted = await store.accept(newEvent(conversationId, id), acceptAt(T0, { claim: claimBy('a') }));
    return present(accepted.status === 'stored' ? accepted.turn : undefined);
  }

  async function stageAndDeliver(
    turn: ClaimedTurn | undefined,
    id: string,
    conversationId = 'c',
  ): Promise<void> {
    const [send] = await stageSends(store, [newMessage(conversationId, id)], { turn, claim: claimBy('a') });
    const delivered = { kind: 'delivered', at: T0, platformMessageId: `platform ${id}` } as const;
    await store.settleSend(present(send), delivered, settleTerms());
  }

  /** Runs the turn once more and sends the same. @returns How many messages were stored. */
  async function stageAgain(turn: ClaimedTurn, id: string): Promise<number> {
    const before = (await store.stats()).waitingMessages;
    await store.stage([newMessage('c', id)], { turn, claim: undefined });
    return (await store.stats()).waitingMessages - before;
  }

  it('goes, with the lanes that are empty then', async () => {
    const turn = await accept('c', 'e');
    await stageAndDeliver(turn, 'e.1');
    await store.settleTurn(turn, { kind: 'completed' }, undefined);
    await pruneAt(T0 + RETENTION_MS);
    assert.deepEqual(await left(), { inbox: 1, outbox: 1, lanes: 2 });
    await pruneAt(LATER);
    assert.deepEqual(await left(), { inbox: 0, outbox: 0, lanes: 0 });
  });

  it('leaves a conversation that goes on with its order and its fence', async () => {
    const first = await accept('c', 'first');
    await store.settleTurn(first, { kind: 'completed' }, undefined);
    await pruneAt(LATER);
    for (const id of ['second', 'third']) await store.accept(newEvent('c', id), acceptAt(LATER));
    const [second] = await store.claimTurns(1, claimBy('a', LATER));
    assert.equal(second?.event.id, 'second');
    assert.ok(second.fence > first.fence);
    await assert.rejects(store.settleTurn(first, { kind: 'completed' }, undefined));
    const third = await store.settleTurn(second, { kind: 'completed' }, claimBy('a', LATER));
    assert.equal(third?.event.id, 'third');
  });

  it('stays while it waits, or is under way', async () => {
    await accept('c', 'running');
    await store.accept(newEvent('c', 'waiting'), acceptAt(T0));
    await store.stage([newMessage('c', 'm1'), newMessage('c', 'm2')], {
      turn: undefined,
      claim: claimBy('a'),
    });
    await pruneAt(LATER);
    assert.deepEqual(await left(), { inbox: 2, outbox: 2, lanes: 2 });
  });

  it('stays while it is a dead letter, and goes when that is discarded', async () => {
    const [send] = await stageSends(store, [newMessage('c', 'm')], { turn: undefined, claim: claimBy('a') });
    const dead = { kind: 'dead', at: T0, reason: '400', isAmbiguous: false, notice: undefined } as const;
    await store.settleSend(present(send), dead, settleTerms());
    await pruneAt(LATER);
    assert.equal((await store.listDeadLetters({ limit: 1 })).length, 1);
    await store.discardDeadLetter('m');
    await pruneAt(LATER);
    assert.deepEqual(await left(), { inbox: 0, outbox: 0, lanes: 0 });
  });

  it('is still known to a turn that is run again (I4)', async () => {
    const turn = await accept('c', 'e');
    await stageAndDeliver(turn, 'e.1');
    await pruneAt(LATER);
    const [again] = await store.claimTurns(1, claimBy('b', LATER));
    assert.equal(await stageAgain(present(again), 'e.1'), 0);
  });

  it('is still known to a turn that comes back from quarantine (I4)', async () => {
    const turn = await accept('c', 'e');
    await stageAndDeliver(turn, 'e.1');
    await store.settleTurn(
      turn,
      { kind: 'quarantined', at: T0, reason: 'failed', cause: 'Error' },
      undefined,
    );
    await pruneAt(LATER);
    await store.replayQuarantined('e', turn.event);
    await pruneAt(LATER + 1);
    const [again] = await store.claimTurns(1, claimBy('b', LATER));
    assert.equal(await stageAgain(present(again), 'e.1'), 0);
    await store.settleTurn(present(again), { kind: 'completed' }, undefined);
    await pruneAt(LATER + 2);
    assert.deepEqual(await left(), { inbox: 0, outbox: 0, lanes: 0 });
  });

  it('goes with the lane that was made to ask who has the conversation', async () => {
    const gate = { kind: 'whileBotHasIt', conversationId: 'c' } as const;
    const terms = { turn: undefined, claim: claimBy('a'), gate };
    const [send] = await stageSends(store, [newMessage('c', 'm')], terms);
    await store.settleSend(
      present(send),
      { kind: 'delivered', at: T0, platformMessageId: undefined },
      settleTerms(),
    );
    assert.deepEqual(await left(), { inbox: 0, outbox: 1, lanes: 2 });
    await pruneAt(LATER);
    assert.deepEqual(await left(), { inbox: 0, outbox: 0, lanes: 0 });
  });

  it('is nothing that is known of a conversation', async () => {
    await know(store, botRecord('c'));
    await store.settleTurn(await accept('c', 'e'), { kind: 'completed' }, undefined);
    await pruneAt(LATER);
    assert.deepEqual(await store.findConversation('c'), botRecord('c'));
  });

  it('goes although much that is older waits', async () => {
    const messages = Array.from({ length: 1500 }, (_, index) =>
      newMessage('stuck', `m${index}`, { stagedAt: T0 - 1500 + index }),
    );
    await store.stage(messages, { turn: undefined, claim: undefined });
    await stageAndDeliver(undefined, 'done', 'c');
    await pruneAt(LATER);
    assert.deepEqual(await left(), { inbox: 0, outbox: 1500, lanes: 1 });
  });

  it('is no dedupe key whose window is open', async () => {
    const event = newEvent('c', 'e', { dedupeKey: 'k' });
    await store.accept(event, acceptAt(T0, { dedupeWindowMs: 2 * RETENTION_MS, claim: claimBy('a') }));
    await pruneAt(LATER);
    assert.equal((await store.accept(event, acceptAt(LATER))).status, 'duplicate');
    await pruneAt(T0 + 2 * RETENTION_MS);
    assert.deepEqual(await query(`SELECT key FROM ${schema}.dedupe_keys`), []);
  });

  it('is no receipt of the last day', async () => {
    await stageAndDeliver(undefined, 'm');
    await pruneAt(T0 + 23 * HOUR);
    assert.equal(await store.findActivityId('c', 'platform m'), 'm');
    await pruneAt(T0 + 24 * HOUR + 1);
    assert.equal(await store.findActivityId('c', 'platform m'), undefined);
  });

  it('goes by itself, now and then', async () => {
    const busy = await makePostgresStore({ schema, retentionMs: 0, pruneIntervalMs: 100 });
    await busy.open();
    const claim = { worker: 'a', now: Date.now(), leaseMs: HOUR };
    const [send] = await stageSends(busy, [newMessage('c', 'm')], { turn: undefined, claim });
    await busy.settleSend(
      present(send),
      { kind: 'held', at: T0, error: 'x', isAmbiguous: false },
      settleTerms(),
    );
    const [again] = await busy.claimSends(WEBHOOK, 1, claim);
    const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
    await busy.settleSend(present(again), delivered, settleTerms());
    while ((await left()).outbox !== 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await busy.close();
  });
});
