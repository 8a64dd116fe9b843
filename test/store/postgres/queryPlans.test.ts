import assert from 'node:assert/strict';
import type { PostgresStore } from '../../../src/postgres';
import { toRecordJson } from '../../../src/store/recordJson';
import {
  botRecord,
  CHANNEL,
  changeTo,
  closed,
  givenBack,
  handoffNotice,
  tied,
  transcriptEntry,
  withAgent,
} from '../../support/conversationSamples';
import { postgresServer, query } from '../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { present } from '../../support/present';
import { acceptAt, newEvent, newMessage, settleTerms, unchanged, WEBHOOK } from '../../support/storeSamples';
import { stageSends } from '../../support/storeSteps';

/** Conversations that are done, each with one event and one message; and those that wait. */
const DONE = 40_000;
const WAITING = 5000;
/** More than any operation has to read, and much less than any table holds. */
const MANY = 1500;
const BIG_TABLES = [
  'attempts',
  'conversations',
  'dedupe_keys',
  'deliveries',
  'endings',
  'inbox',
  'lanes',
  'outbox',
  'transcript_activities',
  'transcripts',
];

/** What a long time would leave, in a moment. */
async function fill(schema: string): Promise<void> {
  await query(`
    INSERT INTO ${schema}.lanes (destination, conversation_id, head, tail, fence)
      SELECT destination, 'done-' || n, 2, 2, n
      FROM generate_series(1, ${DONE}) n, unnest(ARRAY['', '${WEBHOOK}']) destination;
    INSERT INTO ${schema}.lanes (destination, conversation_id, due_at, tail)
      SELECT destination, 'waiting-' || n,
        CASE WHEN n % 2 = 0 THEN ${schema}.now_ms() + 3600000 + n ELSE n END, 2
      FROM generate_series(1, ${WAITING}) n, unnest(ARRAY['', '${WEBHOOK}']) destination;
    INSERT INTO ${schema}.inbox
        (lane, seq, origin_lane, origin_seq, conversation_id, id, source, payload, received_at)
      SELECT number, 1, number, 1, conversation_id, 'in-' || conversation_id, 'platform', '{}', ${schema}.now_ms()
      FROM ${schema}.lanes WHERE destination = '';
    INSERT INTO ${schema}.outbox
        (lane, seq, destination, conversation_id, id, activity_id, body, role, reports_failure,
          staged_at)
      SELECT number, 1, destination, conversation_id, 'out-' || conversation_id, 'a', '{}', 'message', true,
        ${schema}.now_ms()
      FROM ${schema}.lanes WHERE destination <> '';
    INSERT INTO ${schema}.endings (lane, seq, attempt, ended_at)
      SELECT number, 1, 1, ${schema}.now_ms() FROM ${schema}.lanes WHERE head = 2;
    INSERT INTO ${schema}.attempts (lane, seq, id, destination, conversation_id, attempt, at, outcome, is_ambiguous)
      SELECT number, 1, 'out-' || conversation_id, destination, conversation_id, 1, ${schema}.now_ms(), 'failed', true
      FROM ${schema}.lanes WHERE destination <> '';
    INSERT INTO ${schema}.dedupe_keys
      SELECT 'k-' || n, ${schema}.now_ms() + 3600000 FROM generate_series(1, ${DONE}) n;
    INSERT INTO ${schema}.deliveries
      SELECT 'done-' || n, 'p-' || n, 'a', ${schema}.now_ms() FROM generate_series(1, ${DONE}) n;
    INSERT INTO ${schema}.conversations (conversation_id, kind, eventful, gated, version, record)
      SELECT 'done-' || lpad(n::text, 9, '0'), 'bot', false, false, 1,
        replace('${toRecordJson(botRecord('ID'))}', '"ID"', '"done-' || lpad(n::text, 9, '0') || '"')
      FROM generate_series(1, ${DONE}) n;
    INSERT INTO ${schema}.transcripts (channel_id, conversation_id, created_at, latest_at)
      SELECT '${CHANNEL}', 'done-' || n, n, n FROM generate_series(1, ${DONE}) n;
    INSERT INTO ${schema}.transcript_activities (channel_id, conversation_id, said_at, id, type, activity)
      SELECT '${CHANNEL}', 'done-' || n, n, 'a', 'message', '{}' FROM generate_series(1, ${DONE}) n;
  `);
}

/** How often each big table was read from one end to the other. */
async function sequentialScans(schema: string): Promise<Record<string, unknown>[]> {
  return query(
    `SELECT relname, seq_scan::int FROM pg_stat_user_tables
      WHERE schemaname = $1 AND relname = ANY ($2) ORDER BY relname`,
    [schema, BIG_TABLES],
  );
}

/** How many entries were read of tables and indexes. */
async function entriesRead(schema: string): Promise<number> {
  const [row] = await query(
    `SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname = $1)::int
      + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = $1)::int AS total`,
    [schema],
  );
  return Number(row?.total);
}

const claim = () => ({ worker: 'w', now: Date.now(), leaseMs: 60_000 });

async function acceptAndStage(store: PostgresStore, id: string) {
  const event = newEvent(id, id, { dedupeKey: id });
  const accepted = await store.accept(event, acceptAt(Date.now(), { claim: claim(), maxBacklog: 1e9 }));
  const turn = present(accepted.status === 'stored' ? accepted.turn : undefined);
  const messages = [newMessage(id, `${id}.1`), newMessage(id, `${id}.2`)];
  const [send] = await stageSends(store, messages, { turn, claim: claim() });
  return { turn, send: present(send) };
}

const operations: Record<string, (store: PostgresStore, id: string) => Promise<unknown>> = {
  'the way of a message': async (store, id) => {
    const { turn, send } = await acceptAndStage(store, id);
    const delivered = { kind: 'delivered', at: Date.now(), platformMessageId: id } as const;
    await store.settleSend(send, delivered, settleTerms(claim()));
    await store.settleTurn(turn, { kind: 'completed' }, claim());
  },
  'the way of what fails': async (store, id) => {
    const { turn, send } = await acceptAndStage(store, id);
    const notice = newEvent(id, `${id} notice`, { source: 'deliveryFailed' });
    const dead = { kind: 'dead', at: 0, reason: '400', isAmbiguous: false, notice } as const;
    await store.settleSend(
      send,
      dead,
      settleTerms(claim(), () => ({ status: 'active', consecutiveFailures: 1 })),
    );
    await store.settleTurn(turn, { kind: 'quarantined', at: 0, reason: 'failed', cause: 'Error' }, claim());
    await store.replayDeadLetter(send.message.id);
    await store.replayQuarantined(id, turn.event);
  },
  'the way of a conversation': async (store, id) => {
    const terms = {
      conversation: { when: 'always', update: changeTo(withAgent(id), handoffNotice(id, `${id} notice`)) },
      transcript: transcriptEntry(id, 'said'),
      claim: claim(),
      maxBacklog: 1e9,
    } as const;
    const accepted = await store.accept(newEvent(id, id), acceptAt(Date.now(), terms));
    const turn = present(accepted.status === 'stored' ? accepted.turn : undefined);
    const gate = { kind: 'change', conversationId: id, update: changeTo(givenBack(id)) } as const;
    const transcript = [transcriptEntry(id, 'answered')];
    const staging = { turn, claim: claim(), gate, transcript };
    const [send] = await stageSends(store, [newMessage(id, `${id}.1`)], staging);
    await store.stage([newMessage(id, `${id}.2`)], {
      ...staging,
      gate: { kind: 'whileBotHasIt', conversationId: id },
    });
    const delivered = { kind: 'delivered', at: Date.now(), platformMessageId: id } as const;
    await store.settleSend(
      present(send),
      delivered,
      settleTerms(claim(), unchanged, changeTo(withAgent(id))),
    );
    await store.settleTurn(turn, { kind: 'held', notBefore: Date.now() + 1000 }, undefined);
    await store.updateConversation(id, changeTo(closed(id)));
    await store.findConversation(id);
    const ids = { channelId: CHANNEL, agentConversationId: `${id} agent`, botConversationId: id };
    await store.accept(
      newEvent(ids.agentConversationId),
      acceptAt(Date.now(), {
        transcript: transcriptEntry(ids.agentConversationId, 'agent'),
        maxBacklog: 1e9,
      }),
    );
    await store.tieConversation(ids, () => ({
      kind: 'tied',
      agent: tied(ids.agentConversationId, id),
      bot: withAgent(id),
      notices: [],
    }));
    assert.equal((await store.recentTranscript(CHANNEL, id, 10)).length, 3);
    await store.transcripts.deleteTranscript(CHANNEL, id);
  },
  'listing conversations': async (store) => {
    const page = { limit: 20, after: 'done-000010000' };
    assert.equal((await store.listConversations('bot', page)).length, 20);
    await store.transcripts.listTranscripts(CHANNEL);
  },
  'claiming turns': async (store) => assert.equal((await store.claimTurns(20, claim())).length, 20),
  'claiming sends': async (store) => assert.equal((await store.claimSends(WEBHOOK, 20, claim())).length, 20),
  'asking what comes next': async (store) => {
    await store.nextTurnAt(Date.now());
    await store.nextSendAt(WEBHOOK, Date.now());
  },
  'renewing and releasing': async (store) => {
    await store.claimTurns(20, claim());
    await store.renewLeases(claim());
    await store.releaseLeases('w');
  },
  'finding an activity': (store, id) => store.findActivityId(id, 'p'),
  expediting: (store) => store.expedite('elsewhere'),
  'telling what happened in a conversation': async (store) => {
    assert.equal((await store.history('done-10000', { limit: 100 })).length, 5);
  },
  'following what happens': async (store, id) => {
    const { entries, cursor } = await store.activity(undefined, 20);
    assert.equal(entries.length, 20);
    await acceptAndStage(store, id);
    assert.equal((await store.activity(cursor, 20)).entries.length, 3);
  },
  'counting what waits': (store) => store.stats(),
  pruning: (store) => store.prune(),
};

/** The store's own pruning reads too, and on a busy machine it would come in between. */
const UNDISTURBED = { pruneIntervalMs: 60 * 60 * 1000 };

/** From the sixth time on, PostgreSQL plans without looking at the values. */
const TIMES = 7;

async function filledSchema(): Promise<string> {
  const schema = newSchema();
  const store = await makePostgresStore({ schema });
  await store.open();
  await store.close();
  for (const table of BIG_TABLES)
    await query(`ALTER TABLE ${schema}.${table} SET (autovacuum_enabled = off)`);
  await fill(schema);
  return schema;
}

/** Does it on one session, whose end hands its counters in. */
async function repeat(
  operation: (typeof operations)[string],
  store: PostgresStore,
  name: string,
): Promise<void> {
  await store.open();
  for (let time = 0; time < TIMES; time++) await operation(store, `${name} ${time}`);
  await store.close();
}

describe('With much in the store, no table is read from one end to the other by', () => {
  let schema: string;
  let url: string;

  before(async function () {
    this.timeout(60_000);
    schema = await filledSchema();
    for (const table of BIG_TABLES) await query(`VACUUM ANALYZE ${schema}.${table}`);
    // The store itself forbids the planner such scans; here it must not need to.
    url = `${(await postgresServer()).url}?options=-c%20enable_seqscan%3Don`;
  });

  for (const [name, operation] of Object.entries(operations)) {
    it(name, async () => {
      const before = await sequentialScans(schema);
      const store = await makePostgresStore({
        connectionString: url,
        schema,
        maxConnections: 1,
        ...UNDISTURBED,
      });
      await repeat(operation, store, name);
      assert.deepEqual(await sequentialScans(schema), before);
    });
  }
});

describe('With much in the store, and no statistics of it, little is read for', () => {
  let schema: string;

  before(async function () {
    this.timeout(60_000);
    schema = await filledSchema();
  });

  for (const [name, operation] of Object.entries(operations)) {
    // What waits is looked at, and nothing of what is done: an event and a message of each conversation.
    const most = operation === operations['counting what waits'] ? 3 * WAITING : MANY;
    it(name, async () => {
      const before = await entriesRead(schema);
      await repeat(operation, await makePostgresStore({ schema, maxConnections: 1, ...UNDISTURBED }), name);
      const perTime = ((await entriesRead(schema)) - before) / TIMES;
      assert.ok(perTime < most, `${perTime} entries`);
    });
  }
});
