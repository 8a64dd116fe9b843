import assert from 'node:assert/strict';
import { Client } from 'pg';
import type { PostgresStore } from '../../../src/postgres';
import { ManualClock } from '../../../src/testing';
import { deadSend, failedSend, failedTurn, follow, historyOf, sketch } from '../../support/historySteps';
import { postgresServer, query } from '../../support/postgresServer';
import { makePostgresStore, newSchema, ON_MANUAL_TIME } from '../../support/postgresStores';
import { present } from '../../support/present';
import { acceptAt, claimBy, HOUR, newEvent, newMessage, settleTerms, T0 } from '../../support/storeSamples';
import { claimSend, claimTurn, stageSends } from '../../support/storeSteps';

const ALL = 1000;
const RETENTION_MS = 2 * HOUR;

describe('Who follows what happens in PostgreSQL', () => {
  let schema: string;
  let store: PostgresStore;
  let clients: Client[];

  beforeEach(async () => {
    schema = newSchema();
    clients = [];
    store = await makePostgresStore({ schema }, ON_MANUAL_TIME);
    await store.open();
  });

  afterEach(async () => {
    for (const client of clients) await client.end();
    await store.close();
  });

  /** A replica that has stored events and has not committed yet. */
  async function storing(...ids: string[]): Promise<Client> {
    const client = new Client({ connectionString: (await postgresServer()).url });
    await client.connect();
    clients.push(client);
    await client.query('BEGIN');
    const operations = ids.map((id, op) => ({
      op,
      ...newEvent(`c-${id}`, id),
      dedupeWindowMs: 1,
    }));
    await client.query(`SELECT * FROM ${schema}.accept_events($1, $2)`, [JSON.stringify(operations), T0]);
    return client;
  }

  async function receive(...ids: string[]): Promise<void> {
    for (const id of ids) await store.accept(newEvent(`c-${id}`, id), acceptAt());
  }

  async function start(): Promise<string> {
    return (await store.activity(undefined, 1)).cursor;
  }

  function idsOf(told: readonly string[]): string[] {
    return told.map((entry) => entry.split(' ')[1] ?? '');
  }

  for (const limit of [1, 2, ALL]) {
    it(`is told what is committed out of order, once, ${limit} at a time`, async () => {
      const cursor = await start();
      const early = await storing('early');
      await receive('a');
      const late = await storing('late1', 'late2');
      await receive('b');
      const first = await follow(store, cursor, limit);
      assert.deepEqual(idsOf(first.told).sort(), ['a', 'b']);

      await late.query('COMMIT');
      const second = await follow(store, first.cursor, limit);
      assert.deepEqual(idsOf(second.told).sort(), ['late1', 'late2']);
      await receive('c');
      await early.query('COMMIT');
      const third = await follow(store, second.cursor, limit);
      assert.deepEqual(idsOf(third.told).sort(), ['c', 'early']);
      assert.deepEqual((await follow(store, third.cursor, limit)).told, []);
    });
  }

  it('is told what was under way when it began to follow', async () => {
    const early = await storing('early');
    await receive('a');
    const cursor = await start();
    await early.query('COMMIT');
    assert.deepEqual(idsOf((await follow(store, cursor, ALL)).told), ['early']);
  });

  it('is told nothing of what is rolled back, and waits for nobody', async () => {
    const cursor = await start();
    const broken = await storing('broken');
    await receive('a');
    const first = await follow(store, cursor, ALL);
    assert.deepEqual(idsOf(first.told), ['a']);
    await broken.query('ROLLBACK');
    await receive('b');
    assert.deepEqual(idsOf((await follow(store, first.cursor, ALL)).told), ['b']);
  });

  it('is told everything once while several replicas write', async () => {
    const replicas = [store, await makePostgresStore({ schema }, ON_MANUAL_TIME)];
    await replicas[1]?.open();
    let cursor = await start();
    const told: string[] = [];
    let isWriting = true;
    const following = async () => {
      for (;;) {
        const wasWriting = isWriting;
        const { entries, cursor: next } = await store.activity(cursor, 7);
        cursor = next;
        told.push(...entries.map(sketch));
        if (entries.length === 0 && !wasWriting) return;
      }
    };
    const echo = async (replica: PostgresStore, id: string) => {
      const accepted = await replica.accept(newEvent(id, id), acceptAt(T0, { claim: claimBy('a') }));
      const turn = present(accepted.status === 'stored' ? accepted.turn : undefined);
      const [send] = await stageSends(replica, [newMessage(id, `${id}.1`)], { turn, claim: claimBy('a') });
      const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
      await Promise.all([
        replica.settleTurn(turn, { kind: 'completed' }, claimBy('a')),
        replica.settleSend(present(send), delivered, settleTerms()),
      ]);
    };
    const ids = Array.from({ length: 120 }, (_, serial) => `c${serial}`);
    const writing = async () => {
      for (let from = 0; from < ids.length; from += 12) {
        const some = ids.slice(from, from + 12);
        await Promise.all(some.map((id, index) => echo(present(replicas[index % 2]), id)));
      }
      isWriting = false;
    };
    await Promise.all([following(), writing()]);
    await replicas[1]?.close();
    const histories = await Promise.all(ids.map((id) => historyOf(store, id)));
    assert.deepEqual(told.sort(), histories.flat().sort());
    assert.equal(told.length, 4 * ids.length);
  });
});

describe('The history in PostgreSQL', () => {
  let schema: string;
  let store: PostgresStore;

  beforeEach(async () => {
    schema = newSchema();
    const clock = new ManualClock(T0 + RETENTION_MS + 1);
    store = await makePostgresStore({ schema, retentionMs: RETENTION_MS }, { trustCaller: true, clock });
    await store.open();
  });

  afterEach(() => store.close());

  async function left(): Promise<number[]> {
    const [counts] = await query(`
      SELECT (SELECT count(*)::int FROM ${schema}.endings) AS endings,
        (SELECT count(*)::int FROM ${schema}.attempts) AS attempts`);
    return [Number(counts?.endings), Number(counts?.attempts)];
  }

  it('goes with the events and messages that it is of', async () => {
    await store.accept(newEvent('c', 'e'), acceptAt());
    await store.settleTurn(await claimTurn(store), failedTurn(T0), undefined);
    const turn = await claimTurn(store);
    await store.stage([newMessage('c', 'm'), newMessage('c', 'dead')], { turn, claim: undefined });
    await store.settleSend(await claimSend(store), failedSend(T0), settleTerms());
    const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
    await store.settleSend(await claimSend(store), delivered, settleTerms());
    await store.settleSend(await claimSend(store), deadSend(T0), settleTerms());
    await store.settleTurn(turn, { kind: 'completed' }, undefined);
    assert.deepEqual(await left(), [2, 3]);
    await store.prune();
    assert.deepEqual(await left(), [0, 1], 'what an operator has to look at stays');
    assert.deepEqual(
      (await historyOf(store, 'c')).map((entry) => entry.split(' ').slice(1, 4).join(' ')),
      ['dead staged by', 'dead send 1'],
    );
    await store.discardDeadLetter('dead');
    await store.prune();
    assert.deepEqual(await left(), [0, 0]);
  });

  it('goes with a message that was a dead letter in between', async () => {
    await store.stage([newMessage('c', 'm')], { turn: undefined, claim: undefined });
    await store.settleSend(await claimSend(store), deadSend(T0), settleTerms());
    await store.replayDeadLetter('m');
    await store.prune();
    assert.deepEqual(await left(), [0, 1]);
    const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
    await store.settleSend(await claimSend(store), delivered, settleTerms());
    assert.deepEqual(await left(), [1, 1]);
    await store.prune();
    assert.deepEqual(await left(), [0, 0]);
  });

  it('holds whatever an id or a reason may hold', async () => {
    const id = 'e\u0000\ud800';
    await store.accept(newEvent(id, id), acceptAt());
    const failure = { kind: 'retry', at: T0, notBefore: T0, cause: id } as const;
    await store.settleTurn(await claimTurn(store), failure, undefined);
    const told = [`0 ${id} accepted from platform`, `0 ${id} turn 1 failed: ${id}`];
    assert.deepEqual(await historyOf(store, id), told);
    assert.deepEqual((await store.activity(undefined, 10)).entries.map(sketch), told);
  });
});
