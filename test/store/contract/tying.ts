import assert from 'node:assert/strict';
import type { ConversationRecord } from '../../../src/store/conversationRecord';
import type { ConversationTie, DeliveryStore } from '../../../src/store/deliveryStore';
import type { TranscriptEntry } from '../../../src/store/transcriptEntry';
import {
  botRecord,
  CHANNEL,
  handoffNotice,
  know,
  tied,
  transcriptEntry,
  transcriptOf,
  untied,
  withAgent,
} from '../../support/conversationSamples';
import { acceptAt, newEvent, T0 } from '../../support/storeSamples';
import { acceptAll, claimTurn, drainTurns } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const IDS = { channelId: CHANNEL, agentConversationId: 'agent', botConversationId: 'bot' };
const tieThem: ConversationTie = () => ({
  kind: 'tied',
  agent: tied('agent', 'bot'),
  bot: withAgent('bot'),
  notices: ['n2', 'n1'].map((id) => handoffNotice('bot', id)),
});
const refuse: ConversationTie = () => ({ kind: 'refused' });

/** Writes entries into transcripts, and leaves no event behind. */
async function write(store: DeliveryStore, ...entries: TranscriptEntry[]): Promise<void> {
  for (const transcript of entries) {
    await store.accept(newEvent('writer'), acceptAt(T0, { transcript }));
    await store.settleTurn(await claimTurn(store), { kind: 'completed' }, undefined);
  }
}

async function listed(store: DeliveryStore, channelId = CHANNEL): Promise<[string, number][]> {
  const { items } = await store.transcripts.listTranscripts(channelId);
  return items.map(({ id, created }) => [id, created.getTime() - T0]);
}

export function describeTying(open: OpenStore): void {
  describe('tieConversation', () => {
    it('steps from both records, and keeps both', async () => {
      const store = await open();
      await know(store, untied('agent'), botRecord('bot'), untied('other'));
      const seen: (ConversationRecord | undefined)[] = [];
      const tie: ConversationTie = (agent, bot) => {
        seen.push(agent, bot);
        return tieThem(agent, bot);
      };
      assert.equal(await store.tieConversation(IDS, tie), true);
      assert.deepEqual(seen.slice(-2), [untied('agent'), botRecord('bot')]);
      assert.deepEqual(await store.findConversation('agent'), tied('agent', 'bot'));
      assert.deepEqual(await store.findConversation('bot'), withAgent('bot'));
      assert.deepEqual(await store.listConversations('untied', { limit: 9 }), [untied('other')]);
    });

    it('steps from nothing when nothing is known', async () => {
      const store = await open();
      const seen: (ConversationRecord | undefined)[] = [];
      const tie: ConversationTie = (agent, bot) => {
        seen.push(agent, bot);
        return tieThem(agent, bot);
      };
      assert.equal(await store.tieConversation(IDS, tie), true);
      assert.deepEqual(seen.slice(-2), [undefined, undefined]);
      assert.deepEqual(await store.findConversation('agent'), tied('agent', 'bot'));
    });

    it('tells the bot, at the end of its conversation’s queue and in order', async () => {
      const store = await open();
      await acceptAll(store, 'bot', ['e']);
      await store.tieConversation(IDS, tieThem);
      assert.equal((await store.stats()).waitingEvents, 3);
      assert.deepEqual(await drainTurns(store), ['e', 'n2', 'n1']);
    });

    it('makes the agent’s transcript part of the bot’s, in the order of time', async () => {
      const store = await open();
      await write(
        store,
        transcriptEntry('bot', 'b2', { happenedAt: T0 + 2 }),
        transcriptEntry('agent', 'a1', { happenedAt: T0 + 1 }),
        transcriptEntry('agent', 'a3', { happenedAt: T0 + 3 }),
        transcriptEntry('bot', 'b4', { happenedAt: T0 + 4 }),
        transcriptEntry('other', 'o', { happenedAt: T0 }),
      );
      await store.tieConversation(IDS, tieThem);
      assert.deepEqual(await transcriptOf(store, 'bot'), ['a1', 'b2', 'a3', 'b4']);
      assert.deepEqual(await transcriptOf(store, 'agent'), []);
      assert.deepEqual(await store.recentTranscript(CHANNEL, 'agent', 9), []);
      assert.deepEqual(await transcriptOf(store, 'other'), ['o']);
      assert.deepEqual(await listed(store), [
        ['other', 0],
        ['bot', 1],
      ]);
    });

    it('makes a transcript where the bot has none', async () => {
      const store = await open();
      await write(store, transcriptEntry('agent', 'a', { happenedAt: T0 + 7 }));
      await store.tieConversation(IDS, tieThem);
      assert.deepEqual(await transcriptOf(store, 'bot'), ['a']);
      assert.deepEqual(await listed(store), [['bot', 7]]);
    });

    it('leaves the bot’s transcript as it is where the agent has none', async () => {
      const store = await open();
      await store.tieConversation(IDS, tieThem);
      assert.deepEqual(await listed(store), []);
      await write(store, transcriptEntry('bot', 'b', { happenedAt: T0 + 7 }));
      await store.tieConversation(IDS, tieThem);
      assert.deepEqual(await transcriptOf(store, 'bot'), ['b']);
      assert.deepEqual(await listed(store), [['bot', 7]]);
    });

    it('drops what the bot’s transcript has already, and nothing else', async () => {
      const store = await open();
      const json = (id: string, type = 'message') => JSON.stringify({ type, id });
      await write(
        store,
        transcriptEntry('bot', 'same', { happenedAt: T0, json: json('the bot’s') }),
        transcriptEntry('agent', 'same', { happenedAt: T0 + 1, json: json('the agent’s') }),
        transcriptEntry('agent', 'same', {
          happenedAt: T0 + 2,
          type: 'event',
          json: json('of another type', 'event'),
        }),
        transcriptEntry('agent', 'x', {
          activityId: undefined,
          happenedAt: T0 + 3,
          json: json('nameless 1'),
        }),
        transcriptEntry('bot', 'x', { activityId: undefined, happenedAt: T0 + 4, json: json('nameless 2') }),
      );
      await store.tieConversation(IDS, tieThem);
      assert.deepEqual(await transcriptOf(store, 'bot'), [
        'the bot’s',
        'of another type',
        'nameless 1',
        'nameless 2',
      ]);
      await write(store, transcriptEntry('agent', 'same', { json: json('again') }));
      assert.deepEqual(await transcriptOf(store, 'agent'), ['again'], 'nothing was left behind');
    });

    it('knows again what it has moved', async () => {
      const store = await open();
      await write(store, transcriptEntry('agent', 'a'));
      await store.tieConversation(IDS, tieThem);
      await write(
        store,
        transcriptEntry('bot', 'a', { happenedAt: T0 + 1 }),
        transcriptEntry('bot', 'timeless', { happenedAt: undefined }),
        transcriptEntry('bot', 'early', { happenedAt: T0 - 1 }),
      );
      assert.deepEqual(await transcriptOf(store, 'bot'), ['early', 'a', 'timeless']);
    });

    it('loses no transcript when both are one conversation', async () => {
      const store = await open();
      await write(store, transcriptEntry('bot', 'b', { happenedAt: T0 + 7 }));
      const same = { ...IDS, agentConversationId: 'bot' };
      const tie: ConversationTie = () => ({
        kind: 'tied',
        agent: withAgent('bot'),
        bot: withAgent('bot'),
        notices: [],
      });
      await store.tieConversation(same, tie);
      assert.deepEqual(await transcriptOf(store, 'bot'), ['b']);
      assert.deepEqual(await listed(store), [['bot', 7]]);
      assert.deepEqual(await store.findConversation('bot'), withAgent('bot'));
    });

    it('leaves other channels alone', async () => {
      const store = await open();
      await write(store, transcriptEntry('agent', 'a', { channelId: 'test' }));
      await store.tieConversation(IDS, tieThem);
      assert.deepEqual(await transcriptOf(store, 'agent', 'test'), ['a']);
      assert.deepEqual(await transcriptOf(store, 'bot', 'test'), []);
      assert.deepEqual(await listed(store, 'test'), [['agent', 0]]);
    });

    it('changes nothing when it is refused', async () => {
      const store = await open();
      await know(store, untied('agent'), botRecord('bot'));
      await write(store, transcriptEntry('agent', 'a'));
      assert.equal(await store.tieConversation(IDS, refuse), false);
      assert.deepEqual(await store.findConversation('agent'), untied('agent'));
      assert.deepEqual(await store.findConversation('bot'), botRecord('bot'));
      assert.deepEqual(await transcriptOf(store, 'agent'), ['a']);
      assert.deepEqual(await drainTurns(store), []);
    });

    it('changes nothing when it fails', async () => {
      const store = await open();
      await know(store, untied('agent'));
      await write(store, transcriptEntry('agent', 'a'));
      const failing = store.tieConversation(IDS, () => {
        throw new Error('the tie fails');
      });
      await assert.rejects(failing, /the tie fails/);
      assert.deepEqual(await store.findConversation('agent'), untied('agent'));
      assert.deepEqual(await transcriptOf(store, 'agent'), ['a']);
    });

    it('happens once when two ask for it at once', async () => {
      const store = await open();
      await know(store, untied('agent'), botRecord('bot'));
      const once: ConversationTie = (agent, bot) =>
        agent?.kind === 'untied' ? tieThem(agent, bot) : { kind: 'refused' };
      const ties = await Promise.all([1, 2, 3].map(() => store.tieConversation(IDS, once)));
      assert.deepEqual(ties.sort(), [false, false, true]);
      assert.deepEqual(await drainTurns(store), ['n2', 'n1']);
    });
  });
}
