import assert from 'node:assert/strict';
import { Client } from 'pg';
import type { PostgresStore } from '../../../src/postgres';
import {
  CHANNEL,
  changeTo,
  handingOver,
  transcriptEntry,
  transcriptOf,
} from '../../support/conversationSamples';
import { postgresServer, query } from '../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { acceptAt, newEvent, newMessage } from '../../support/storeSamples';
import { waitsForLock } from './support/waitsForLock';

const PROACTIVE = { turn: undefined, claim: undefined };

describe('A transcript that PostgreSQL cannot write', () => {
  const SECRET = 'my card number';
  let schema: string;
  let store: PostgresStore;

  beforeEach(async () => {
    schema = newSchema();
    store = await makePostgresStore({ schema });
    await store.open();
    await query(`ALTER TABLE ${schema}.transcript_activities ADD CHECK (activity NOT LIKE '%${SECRET}%')`);
  });

  afterEach(() => store.close());

  it('fails neither its event nor the transcripts of others, and shows nothing', async () => {
    const claim = { worker: 'a', now: Date.now(), leaseMs: 60_000 };
    const outcomes = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => {
        const json = JSON.stringify({ id, type: 'message', text: id === 'b' ? SECRET : 'hello' });
        const transcript = transcriptEntry(id === 'd' ? 'c' : id, id, { json });
        return store.accept(newEvent(id, id), acceptAt(Date.now(), { transcript, claim }));
      }),
    );
    assert.deepEqual(
      outcomes.map((outcome) => [
        outcome.status === 'stored' && outcome.turn?.event.id,
        outcome.status === 'stored' && outcome.transcriptError,
      ]),
      [
        ['a', undefined],
        ['b', 'PostgreSQL refused the operation (23514).'],
        ['c', undefined],
        ['d', undefined],
      ],
    );
    assert.deepEqual(await transcriptOf(store, 'b'), []);
    assert.deepEqual(await transcriptOf(store, 'c'), ['c', 'd']);
  });

  it('fails neither the messages nor the change that came with it', async () => {
    const json = JSON.stringify({ text: SECRET });
    const outcome = await store.stage([newMessage('c', 'm')], {
      ...PROACTIVE,
      gate: { kind: 'change', conversationId: 'c', update: changeTo(handingOver('c')) },
      transcript: [transcriptEntry('c', 'm', { json }), transcriptEntry('c', 'm2')],
    });
    assert.deepEqual(outcome, {
      status: 'staged',
      sends: [],
      transcriptError: 'PostgreSQL refused the operation (23514).',
    });
    assert.equal((await store.stats()).waitingMessages, 1);
    assert.deepEqual(await store.findConversation('c'), handingOver('c'));
    assert.deepEqual(await transcriptOf(store, 'c'), ['m2']);
  });

  it('is not listed', async () => {
    const transcript = transcriptEntry('c', 'a', { json: JSON.stringify({ text: SECRET }) });
    await store.accept(newEvent('c'), acceptAt(Date.now(), { transcript }));
    assert.deepEqual((await store.transcripts.listTranscripts(CHANNEL)).items, []);
  });
});

describe('Transcripts on PostgreSQL', () => {
  let schema: string;
  let store: PostgresStore;

  beforeEach(async () => {
    schema = newSchema();
    store = await makePostgresStore({ schema });
    await store.open();
  });

  afterEach(() => store.close());

  const say = (id: string) =>
    store.accept(newEvent('c'), acceptAt(Date.now(), { transcript: transcriptEntry('c', id) }));

  it('that are deleted while somebody writes leave nothing that is not listed', async () => {
    await say('first');
    const writer = new Client({ connectionString: (await postgresServer()).url });
    await writer.connect();
    try {
      await writer.query('BEGIN');
      await writer.query(`SELECT ${schema}.log_activity($1)`, [
        JSON.stringify(transcriptEntry('c', 'second')),
      ]);
      const removal = store.transcripts.deleteTranscript(CHANNEL, 'c');
      await waitsForLock(schema);
      await writer.query('COMMIT');
      await removal;
    } finally {
      await writer.end();
    }
    assert.deepEqual((await store.transcripts.listTranscripts(CHANNEL)).items, []);
    assert.deepEqual(await transcriptOf(store, 'c'), []);
  });

  it('stay what they are when a conversation is tied to itself', async () => {
    await say('first');
    const ids = { channelId: CHANNEL, agentConversationId: 'c', botConversationId: 'c' };
    const record = handingOver('c');
    await store.tieConversation(ids, () => ({ kind: 'tied', agent: record, bot: record, notices: [] }));
    assert.deepEqual(await transcriptOf(store, 'c'), ['first']);
  });

  it('that lose against another transaction are written when all is done again', async () => {
    await say('first');
    const holder = new Client({ connectionString: (await postgresServer()).url });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      // Whose time is over first looks for a deadlock, and is the one that the server ends.
      await holder.query("SET LOCAL deadlock_timeout = '1h'");
      await holder.query(`SELECT * FROM ${schema}.transcripts FOR UPDATE`);
      const saying = say('second');
      await waitsForLock(schema);
      // Now each waits for the other.
      await holder.query(`SELECT * FROM ${schema}.lanes FOR UPDATE`);
      await holder.query('ROLLBACK');
      assert.deepEqual(await saying, { status: 'stored', turn: undefined });
    } finally {
      await holder.end();
    }
    assert.deepEqual(await transcriptOf(store, 'c'), ['first', 'second']);
  });
});
