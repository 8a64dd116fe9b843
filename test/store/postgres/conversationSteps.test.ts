import assert from 'node:assert/strict';
import type { PostgresStore } from '../../../src/postgres';
import type { ConversationUpdate, DestinationHealth, StageGate } from '../../../src/store/deliveryStore';
import {
  botRecord,
  changeTo,
  givenBack,
  handingOver,
  know,
  tied,
  transcriptEntry,
  untied,
  watched,
  withAgent,
} from '../../support/conversationSamples';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { present } from '../../support/present';
import { acceptAt, newEvent, newMessage, settleTerms, unchanged, WEBHOOK } from '../../support/storeSamples';
import { stageSends } from '../../support/storeSteps';
import { beforeQueries } from './support/beforeQueries';

const PROACTIVE = { turn: undefined, claim: undefined };

describe('A step of a conversation on PostgreSQL', () => {
  let a: PostgresStore;
  let b: PostgresStore;

  beforeEach(async () => {
    const schema = newSchema();
    a = await makePostgresStore({ schema });
    b = await makePostgresStore({ schema });
    await a.open();
    await b.open();
    await know(a, handingOver('c'));
  });

  afterEach(async () => {
    await a.close();
    await b.close();
  });

  async function claimOne() {
    const claim = { worker: 'a', now: Date.now(), leaseMs: 60_000 };
    const [send] = await stageSends(a, [newMessage('c', 'm')], { turn: undefined, claim });
    return present(send);
  }

  /** Has another replica change the conversation between the look at it and the writing. */
  async function crossed(work: () => Promise<unknown>, queryToWrite: number): Promise<void> {
    let queries = 0;
    await beforeQueries(async () => {
      if (++queries === queryToWrite) await b.updateConversation('c', changeTo(withAgent('c')));
    }, work);
  }

  const giveBack = () => watched(changeTo(givenBack('c')));
  const operations: Record<string, (update: ConversationUpdate) => Promise<unknown>> = {
    'an event': (update) =>
      a.accept(newEvent('c', 'e'), acceptAt(Date.now(), { conversation: { when: 'ifEventful', update } })),
    'a message': (update) =>
      a.stage([newMessage('c', 'm')], {
        ...PROACTIVE,
        gate: { kind: 'change', conversationId: 'c', update },
      }),
    'an update': (update) => a.updateConversation('c', update),
  };
  for (const [name, operation] of Object.entries(operations)) {
    it(`is taken again by ${name} when another replica was quicker`, async () => {
      const { seen, update } = giveBack();
      await crossed(() => operation(update), 2);
      assert.deepEqual(seen, [handingOver('c'), withAgent('c')]);
      assert.deepEqual(await b.findConversation('c'), givenBack('c'));
      const { waitingEvents, waitingMessages } = await b.stats();
      assert.equal(waitingEvents + waitingMessages, name === 'an update' ? 0 : 1);
    });
  }

  it('is taken again by a settlement, also when the health has changed', async () => {
    const send = await claimOne();
    const { seen, update } = giveBack();
    const failOnce = ({ consecutiveFailures }: DestinationHealth) =>
      ({ status: 'active', consecutiveFailures: consecutiveFailures + 1 }) as const;
    await a.loadHealth(WEBHOOK);
    await b.updateHealth(WEBHOOK, failOnce);
    const failed = { kind: 'held', at: Date.now(), error: '500', isAmbiguous: false } as const;
    // After the health was loaded anew: the look, and the writing.
    await crossed(() => a.settleSend(send, failed, settleTerms(undefined, failOnce, update)), 3);
    assert.deepEqual(seen, [handingOver('c'), withAgent('c')]);
    assert.deepEqual(await b.findConversation('c'), givenBack('c'));
    assert.equal((await b.loadHealth(WEBHOOK)).consecutiveFailures, 2);
  });

  it('is written by no settlement that finds the health changed', async () => {
    const send = await claimOne();
    const { seen, update } = giveBack();
    await a.loadHealth(WEBHOOK);
    await b.updateHealth(WEBHOOK, () => ({ status: 'active', consecutiveFailures: 4 }));
    const held = { kind: 'held', at: Date.now(), error: '500', isAmbiguous: false } as const;
    await a.settleSend(send, held, settleTerms(undefined, unchanged, update));
    assert.deepEqual(seen, [handingOver('c'), handingOver('c')]);
  });

  it('is taken again by a tie when either conversation has changed', async () => {
    await know(a, untied('agent'));
    const seen: unknown[] = [];
    const ids = { channelId: 'sms', agentConversationId: 'agent', botConversationId: 'c' };
    const tie = () =>
      a.tieConversation(ids, (agent, bot) => {
        seen.push([agent, bot]);
        return { kind: 'tied', agent: tied('agent', 'c'), bot: givenBack('c'), notices: [] };
      });
    await crossed(tie, 2);
    assert.deepEqual(seen, [
      [untied('agent'), handingOver('c')],
      [untied('agent'), withAgent('c')],
    ]);
  });
});

describe('What an operation costs on PostgreSQL', () => {
  async function roundTrips(work: () => Promise<unknown>): Promise<number> {
    let count = 0;
    await beforeQueries(() => void count++, work);
    return count;
  }

  it('is one round trip, but where a step has a say: then it is two', async () => {
    const store = await makePostgresStore();
    await store.open();
    const update: ConversationUpdate = () => ({ kind: 'unchanged' });
    const accept = (conversationId: string, when: 'always' | 'ifEventful', dedupeKey?: string) => () =>
      store.accept(
        newEvent(conversationId, undefined, { dedupeKey }),
        acceptAt(Date.now(), { conversation: { when, update }, transcript: transcriptEntry('c', 'a') }),
      );
    await know(store, botRecord('plain'), givenBack('eventful'));
    assert.equal(await roundTrips(accept('unknown', 'ifEventful')), 1);
    assert.equal(await roundTrips(accept('plain', 'ifEventful')), 1);
    assert.equal(await roundTrips(accept('eventful', 'ifEventful', 'k')), 2);
    assert.equal(await roundTrips(accept('eventful', 'always', 'k')), 1, 'a repeat');
    assert.equal(await roundTrips(accept('unknown', 'always')), 2);
    const speak = (gate: StageGate) => () => store.stage([newMessage('plain')], { ...PROACTIVE, gate });
    assert.equal(await roundTrips(speak({ kind: 'whileBotHasIt', conversationId: 'plain' })), 1);
    assert.equal(await roundTrips(speak({ kind: 'change', conversationId: 'plain', update })), 2);
    await store.close();
  });
});
