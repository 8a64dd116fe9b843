import assert from 'node:assert/strict';
import { SqliteStore } from '../../../src/sqlite';
import { botRecord, CHANNEL, know, leaveAsIs, withAgent } from '../../support/conversationSamples';
import { acceptAt, claimBy, newEvent, newMessage, settleTerms, T0 } from '../../support/storeSamples';
import { acceptAll, acceptTurn, dueTurns, stageSends } from '../../support/storeSteps';
import { SpiedDriver } from './support/spiedDriver';

const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
const gate = { kind: 'whileBotHasIt', conversationId: 'c' } as const;

describe('What SqliteStore asks of a conversation', () => {
  let spied: SpiedDriver;
  let store: SqliteStore;
  beforeEach(async () => {
    spied = new SpiedDriver();
    store = new SqliteStore(':memory:', { openDriver: spied.open });
    await store.open();
  });
  afterEach(async () => {
    await store.close();
  });

  /** How many statements about conversations an echo runs. */
  async function askedByEcho(): Promise<number> {
    const before = spied.ran.length;
    const terms = acceptAt(T0, {
      claim: claimBy('a'),
      conversation: { when: 'ifEventful', update: leaveAsIs },
    });
    const outcome = await store.accept(newEvent('c'), terms);
    assert.ok(outcome.status === 'stored' && outcome.turn !== undefined, 'nothing was claimed');
    const { turn } = outcome;
    const [send] = await stageSends(store, [newMessage('c')], { turn, claim: claimBy('a'), gate });
    assert.ok(send !== undefined, 'nothing was sent');
    await acceptAll(store, 'c', ['next']);
    const next = await store.settleTurn(turn, { kind: 'completed' }, claimBy('a'));
    assert.ok(next !== undefined, 'nothing is next');
    await store.settleTurn(next, { kind: 'completed' }, claimBy('a'));
    await store.settleSend(send, delivered, settleTerms(claimBy('a')));
    await acceptAll(store, 'c', ['due']);
    assert.deepEqual(await dueTurns(store, claimBy('a')), ['due']);
    return spied.ran.slice(before).filter((sql) => /\bconversations\b/.test(sql)).length;
  }

  it('is nothing while no conversation is eventful', async () => {
    await know(store, botRecord('c'), botRecord('d'));
    assert.equal(await askedByEcho(), 0);
  });

  it('is nothing when none is eventful any more', async () => {
    await know(store, withAgent('d'), botRecord('d'));
    assert.equal(await askedByEcho(), 0);
  });

  it('is nothing after a tie of a conversation with itself, once the bot has it back', async () => {
    const ids = { channelId: CHANNEL, agentConversationId: 'd', botConversationId: 'd' };
    const both = { agent: withAgent('d'), bot: withAgent('d'), notices: [] };
    await store.tieConversation(ids, () => ({ kind: 'tied', ...both }));
    await know(store, botRecord('d'));
    assert.equal(await askedByEcho(), 0);
  });

  it('is one look for each event, call and claim when another is eventful', async () => {
    await know(store, withAgent('d'), botRecord('c'));
    assert.equal(await askedByEcho(), 6);
  });

  it('is one look and one write for an event that is tracked', async () => {
    await know(store, botRecord('c'), withAgent('d'));
    const before = spied.ran.length;
    const update = () =>
      ({ kind: 'changed', record: botRecord('c', { channel: 'sms' }), notices: [] }) as const;
    await store.accept(
      newEvent('c'),
      acceptAt(T0, { claim: claimBy('a'), conversation: { when: 'always', update } }),
    );
    const asked = spied.ran.slice(before).filter((sql) => /\bconversations\b/.test(sql));
    assert.deepEqual(
      asked.map((sql) => sql.slice(0, 6)),
      ['SELECT', 'UPDATE'],
    );
    assert.deepEqual((await acceptTurn(store, 'd', 'e')).conversation, withAgent('d'));
  });
});
