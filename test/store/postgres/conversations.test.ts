import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { PostgresStore } from '../../../src/postgres';
import { isGated } from '../../../src/store/conversationRecord';
import type {
  ClaimTerms,
  ConversationTie,
  ConversationUpdate,
  DeliveryStore,
  StageGate,
} from '../../../src/store/deliveryStore';
import {
  botRecord,
  CHANNEL,
  handingOver,
  handoffNotice,
  know,
  tied,
  transcriptEntry,
  transcriptOf,
  untied,
  withAgent,
} from '../../support/conversationSamples';
import { postgresServer, query } from '../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { present } from '../../support/present';
import { acceptAt, newEvent, newMessage, settleTerms, WEBHOOK } from '../../support/storeSamples';
import { stageSends } from '../../support/storeSteps';
import { waitsForLock } from './support/waitsForLock';

const PROACTIVE = { turn: undefined, claim: undefined };
const IDS = { channelId: CHANNEL, agentConversationId: 'agent', botConversationId: 'bot' };

function claimBy(worker: string): ClaimTerms {
  return { worker, now: Date.now(), leaseMs: 60_000 };
}

/** Notes one more event. */
function countUp(conversationId: string): ConversationUpdate {
  return (record) => {
    const lastSeenAt = (record?.lastSeenAt ?? 0) + 1;
    return { kind: 'changed', record: { ...withAgent(conversationId), lastSeenAt }, notices: [] };
  };
}

const tieThem: ConversationTie = () => ({
  kind: 'tied',
  agent: tied('agent', 'bot'),
  bot: withAgent('bot'),
  notices: [handoffNotice('bot', 'n')],
});

describe('Conversations on one PostgreSQL with several replicas', () => {
  let schema: string;
  let a: PostgresStore;
  let b: PostgresStore;

  beforeEach(async () => {
    schema = newSchema();
    a = await makePostgresStore({ schema });
    b = await makePostgresStore({ schema });
    await a.open();
    await b.open();
  });

  afterEach(async () => {
    await a.close();
    await b.close();
  });

  async function deadlocks(): Promise<unknown> {
    return query('SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()');
  }

  /** The ids of the messages of a conversation, in the order in which they leave. */
  async function queued(conversationId: string): Promise<unknown[]> {
    const rows = await query(`SELECT id FROM ${schema}.outbox WHERE conversation_id = $1 ORDER BY seq`, [
      conversationId,
    ]);
    return rows.map(({ id }) => id);
  }

  it('a handover on one lets nothing slip in behind it on the other', async () => {
    for (let round = 0; round < 30; round++) {
      const conversationId = `c${round}`;
      const gate: StageGate = { kind: 'whileBotHasIt', conversationId };
      const handOver: ConversationUpdate = (record) =>
        isGated(record)
          ? { kind: 'refused' }
          : { kind: 'changed', record: handingOver(conversationId), notices: [] };
      const say = (store: DeliveryStore, id: string) =>
        store.stage([newMessage(conversationId, id)], { ...PROACTIVE, gate });
      const handsOver = (store: DeliveryStore, id: string) =>
        store.stage([newMessage(conversationId, id, { role: 'handover' })], {
          ...PROACTIVE,
          gate: { kind: 'change', conversationId, update: handOver },
        });
      const saying = ['1', '2', '3', '4'].map((id) => say(b, id));
      const handingOverTwice = [handsOver(a, 'from a'), handsOver(b, 'from b')];
      saying.push(say(a, '5'), say(b, '6'));
      const handovers = await Promise.all(handingOverTwice);
      assert.deepEqual(handovers.map(({ status }) => status).sort(), ['refused', 'staged']);
      const said = (await Promise.all(saying)).filter(({ status }) => status === 'staged').length;
      const ids = await queued(conversationId);
      assert.match(String(ids.at(-1)), /^from/);
      assert.equal(ids.length, said + 1);
    }
  });

  it('a step of one is not taken from what the other has changed', async () => {
    await know(a, withAgent('c'));
    await Promise.all(
      [a, b].flatMap((store, replica) =>
        Array.from({ length: 30 }, async (_, index) => {
          const update = countUp('c');
          const id = `${replica}.${index}`;
          if (index % 3 === 0) await store.updateConversation('c', update);
          else if (index % 3 === 1) {
            await store.stage([newMessage('c', id)], {
              ...PROACTIVE,
              gate: { kind: 'change', conversationId: 'c', update },
            });
          } else {
            const conversation = { when: 'ifEventful', update } as const;
            await store.accept(newEvent('c', id), acceptAt(Date.now(), { conversation }));
          }
        }),
      ),
    );
    assert.equal((await a.findConversation('c'))?.lastSeenAt, withAgent('c').lastSeenAt + 60);
  });

  it('a settlement of one loses nothing of what the other changes', async () => {
    const destinations = Array.from({ length: 20 }, (_, index) => `d${index}`);
    const messages = destinations.map((destination) => newMessage('c', undefined, { destination }));
    const sends = await stageSends(a, messages, { turn: undefined, claim: claimBy('a') });
    const done = { kind: 'delivered', at: Date.now(), platformMessageId: undefined } as const;
    await Promise.all(
      sends.flatMap((send) => [
        a.settleSend(send, done, settleTerms(undefined, undefined, countUp('c'))),
        b.updateConversation('c', countUp('c')),
      ]),
    );
    assert.equal((await a.findConversation('c'))?.lastSeenAt, 2 * destinations.length);
  });

  it('an agent’s message that crosses the tie is in the other’s transcript, or refused', async () => {
    await know(a, untied('agent'), botRecord('bot'));
    const unlessTied: ConversationUpdate = (record) =>
      record?.kind === 'tied' ? { kind: 'refused' } : { kind: 'unchanged' };
    const say = async (store: DeliveryStore, id: string) => {
      const transcript = transcriptEntry('agent', id);
      const conversation = { when: 'always', update: unlessTied } as const;
      const event = newEvent('agent', id, { dedupeKey: id });
      const { status } = await store.accept(event, acceptAt(Date.now(), { conversation, transcript }));
      return status === 'stored' ? [id] : [];
    };
    const many = (store: DeliveryStore, name: string) =>
      Array.from({ length: 20 }, (_, index) => say(store, `${name}${index}`));
    const said = many(a, 'a');
    const tying = [a, b].map((store) => store.tieConversation(IDS, tieThem));
    said.push(...many(b, 'b'));
    assert.deepEqual(await Promise.all(tying), [true, true]);
    const stored = (await Promise.all(said)).flat();
    assert.deepEqual(await transcriptOf(b, 'agent'), []);
    assert.deepEqual((await transcriptOf(b, 'bot')).sort(), stored.sort());
    assert.deepEqual(await say(a, 'late'), []);
  });

  it('a turn that one holds back is due for the others no sooner', async () => {
    await a.accept(newEvent('c', 'e'), acceptAt(Date.now()));
    const [turn] = await a.claimTurns(1, claimBy('a'));
    const now = Date.now();
    const next = await a.settleTurn(present(turn), { kind: 'held', notBefore: now + 120_000 }, claimBy('a'));
    assert.equal(next, undefined);
    assert.deepEqual(await b.claimTurns(1, claimBy('b')), []);
    const at = present(await b.nextTurnAt(now));
    assert.ok(Math.abs(at - now - 120_000) < 2000, `in ${at - now} ms`);
  });

  it('events of different conversations may write into the same transcripts', async () => {
    const before = await deadlocks();
    const say = (store: DeliveryStore, conversationId: string, into: string) =>
      store.accept(
        newEvent(conversationId),
        acceptAt(Date.now(), { transcript: transcriptEntry(into, randomUUID()) }),
      );
    const ids = Array.from({ length: 10 }, (_, index) => `t${index}`);
    for (let round = 0; round < 20; round++) {
      await Promise.all([
        ...ids.map((id) => say(a, `a ${id}`, id)),
        ...[...ids].reverse().map((id) => say(b, `b ${id}`, id)),
      ]);
    }
    assert.deepEqual(await deadlocks(), before);
  });

  it('a message’s death holds up no lane while it waits to tell the bot', async () => {
    const messages = ['d1', 'd2'].map((destination) => newMessage('c', destination, { destination }));
    const [sent, refused] = await stageSends(a, messages, { turn: undefined, claim: claimBy('a') });
    await a.accept(newEvent('c'), acceptAt(Date.now()));
    const notice = newEvent('c', 'notice', { source: 'deliveryFailed' });
    const dead = { kind: 'dead', at: 0, reason: '400', isAmbiguous: false, notice } as const;
    const done = { kind: 'delivered', at: 0, platformMessageId: undefined } as const;
    for (const { message } of [present(sent), present(refused)]) await a.loadHealth(message.destination);
    const before = await deadlocks();
    const holder = new Client({ connectionString: (await postgresServer()).url });
    await holder.connect();
    try {
      const lock = `SELECT * FROM ${schema}.lanes WHERE conversation_id = 'c' AND destination = $1 FOR UPDATE`;
      await holder.query('BEGIN');
      await holder.query(lock, ['']);
      const settling = [
        a.settleSend(present(sent), done, settleTerms()),
        a.settleSend(present(refused), dead, settleTerms()),
      ];
      await waitsForLock(schema);
      await holder.query(lock, ['d1']);
      await holder.query('ROLLBACK');
      await Promise.all(settling);
    } finally {
      await holder.end();
    }
    assert.deepEqual(await deadlocks(), before);
  });

  it('no two wait for each other in a circle', async () => {
    const conversations = Array.from({ length: 6 }, (_, index) => `c${index}`);
    const before = await deadlocks();
    const work = async (store: PostgresStore, name: string, round: number) => {
      const order = name === 'a' ? conversations : [...conversations].reverse();
      const next = (index: number) => present(order[(index + 1) % order.length]);
      await Promise.all(
        order.flatMap((id, index) => {
          // What one conversation's event says stands in another's transcript.
          const transcript = transcriptEntry(next(index), `${name}-${round}-${id}`);
          const conversation = { when: 'always', update: countUp(id) } as const;
          const terms = acceptAt(Date.now(), { conversation, transcript });
          const gate: StageGate = { kind: 'change', conversationId: id, update: countUp(id) };
          return [
            store.accept(newEvent(id), terms),
            store.stage([newMessage(id), newMessage(id, undefined, { destination: 'other' })], {
              ...PROACTIVE,
              gate,
              transcript: [transcriptEntry(id, `said ${name}-${round}`), transcript],
            }),
            store.stage([newMessage(next(index))], {
              ...PROACTIVE,
              gate: { kind: 'whileBotHasIt', conversationId: id },
            }),
            store.updateConversation(id, countUp(id)),
          ];
        }),
      );
      const sends = await store.claimSends(WEBHOOK, 3, claimBy(name));
      const done = { kind: 'delivered', at: Date.now(), platformMessageId: undefined } as const;
      await Promise.all(
        sends.map((send) => {
          const update = countUp(send.message.conversationId);
          return store.settleSend(send, done, settleTerms(claimBy(name), undefined, update));
        }),
      );
      await Promise.all(
        order.map((id, index) => {
          const ids = { channelId: CHANNEL, agentConversationId: id, botConversationId: next(index) };
          return store.tieConversation(ids, (agent, bot) => ({
            kind: 'tied',
            agent: agent ?? untied(id),
            bot: bot ?? untied(next(index)),
            notices: [handoffNotice(next(index), `n-${name}-${round}-${id}`)],
          }));
        }),
      );
      await store.releaseLeases(name);
    };
    for (let round = 0; round < 4; round++) await Promise.all([work(a, 'a', round), work(b, 'b', round)]);
    assert.deepEqual(await deadlocks(), before);
  });
});
