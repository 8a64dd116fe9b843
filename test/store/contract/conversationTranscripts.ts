import assert from 'node:assert/strict';
import { type Activity, ActivityTypes } from 'botbuilder';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import type { TranscriptEntry } from '../../../src/store/transcriptEntry';
import {
  botRecord,
  CHANNEL,
  know,
  transcriptEntry,
  transcriptOf,
  transcriptPages,
} from '../../support/conversationSamples';
import { acceptAt, newEvent, newMessage, T0 } from '../../support/storeSamples';
import { acceptTurn, stageAll, stageSends } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

/** Stores an event that is said with `transcript`. */
async function say(store: DeliveryStore, ...entries: TranscriptEntry[]): Promise<void> {
  for (const transcript of entries) {
    const outcome = await store.accept(newEvent(transcript.conversationId), acceptAt(T0, { transcript }));
    assert.deepEqual(outcome, { status: 'stored', turn: undefined });
  }
}

async function recent(store: DeliveryStore, conversationId: string, limit: number): Promise<unknown[]> {
  const texts = await store.recentTranscript(CHANNEL, conversationId, limit);
  return texts.map((json) => JSON.parse(json).id);
}

export function describeConversationTranscripts(open: OpenStore): void {
  describe('The transcript of a conversation', () => {
    it('has what is accepted and what is staged, in one order of time', async () => {
      const store = await open();
      await say(store, transcriptEntry('c', 'question', { happenedAt: T0 }));
      const turn = await acceptTurn(store, 'c', 'e');
      const transcript = ['answer', 'more'].map((id) => transcriptEntry('c', id, { happenedAt: T0 + 5 }));
      await stageSends(store, [newMessage('c', 'e.1')], { turn, claim: undefined, transcript });
      await say(store, transcriptEntry('c', 'late', { happenedAt: T0 + 3 }));
      assert.deepEqual(await transcriptOf(store, 'c'), ['question', 'late', 'answer', 'more']);
      assert.deepEqual(await transcriptOf(store, 'other'), []);
      assert.deepEqual(await transcriptOf(store, 'c', 'another channel'), []);
    });

    it('gives an activity back as it was written, and lists its conversation', async () => {
      const store = await open();
      const activity = { type: 'message', id: 'a', text: 'çà 😀 \u0000 "\\', timestamp: new Date(T0 + 1) };
      await say(store, transcriptEntry('c', 'a', { json: JSON.stringify(activity), happenedAt: T0 + 1 }));
      const { items } = await store.transcripts.getTranscriptActivities(CHANNEL, 'c');
      assert.deepEqual(items, [activity]);
      assert.deepEqual((await store.transcripts.listTranscripts(CHANNEL)).items, [
        { channelId: CHANNEL, id: 'c', created: new Date(T0 + 1) },
      ]);
    });

    it('may be written with no message', async () => {
      const store = await open();
      const turn = await acceptTurn(store, 'c', 'e');
      const transcript = [transcriptEntry('c', 'a')];
      await stageSends(store, [], { turn, claim: undefined, transcript });
      assert.deepEqual(await transcriptOf(store, 'c'), ['a']);
    });

    it('takes an activity once, by its id and type', async () => {
      const store = await open();
      await say(
        store,
        transcriptEntry('c', 'a', { happenedAt: T0 + 5, json: '{"type":"message","id":"first"}' }),
        transcriptEntry('c', 'a', { happenedAt: T0, json: '{"type":"message","id":"repeat"}' }),
        transcriptEntry('c', 'a', {
          happenedAt: T0 + 9,
          type: 'event',
          json: '{"type":"event","id":"event"}',
        }),
        transcriptEntry('d', 'a'),
      );
      const terms = { turn: undefined, claim: undefined, transcript: [transcriptEntry('c', 'a')] };
      await stageSends(store, [newMessage('c')], terms);
      assert.deepEqual(await transcriptOf(store, 'c'), ['first', 'event']);
      assert.deepEqual(await transcriptOf(store, 'd'), ['a']);
      const { items } = await store.transcripts.listTranscripts(CHANNEL);
      assert.deepEqual(
        items.map(({ id, created }) => [id, created.getTime()]),
        [
          ['d', T0],
          ['c', T0 + 5],
        ],
        'a repeat changes nothing',
      );
    });

    it('takes an activity once that botbuilder logs too', async () => {
      const store = await open();
      await say(store, transcriptEntry('c', 'a'));
      const activity: Partial<Activity> = {
        type: ActivityTypes.Message,
        id: 'a',
        channelId: CHANNEL,
        conversation: { id: 'c', isGroup: false, conversationType: '', name: '' },
        timestamp: new Date(T0),
      };
      const { transcripts } = store;
      await Reflect.apply(transcripts.logActivity, transcripts, [activity]);
      await Reflect.apply(transcripts.logActivity, transcripts, [{ ...activity, id: 'b' }]);
      await say(store, transcriptEntry('c', 'b', { happenedAt: T0 }), transcriptEntry('c', 'd'));
      assert.deepEqual(await transcriptOf(store, 'c'), ['a', 'b', 'd']);
    });

    it('never takes activities without an id for repeats', async () => {
      const store = await open();
      const nameless = transcriptEntry('c', 'x', { activityId: undefined });
      await say(store, nameless, nameless);
      assert.deepEqual(await transcriptOf(store, 'c'), ['x', 'x']);
    });

    it('has what names no time after all that is known', async () => {
      const store = await open();
      await say(
        store,
        transcriptEntry('c', 'late', { happenedAt: T0 + 9 }),
        transcriptEntry('c', 'timeless', { happenedAt: undefined }),
        transcriptEntry('c', 'early', { happenedAt: T0 }),
      );
      assert.deepEqual(await transcriptOf(store, 'c'), ['early', 'late', 'timeless']);
    });

    it('is paged in the order of time, whatever comes late', async () => {
      const store = await open();
      const entry = (serial: number) =>
        transcriptEntry('c', `a${serial}`, { happenedAt: T0 + Math.floor(serial / 2) });
      const serials = Array.from({ length: 45 }, (_, index) => index);
      await say(store, ...serials.filter((serial) => serial % 4 < 2).map(entry));
      await say(store, ...serials.filter((serial) => serial % 4 >= 2).map(entry));
      const ids = serials.map((serial) => `a${serial}`);
      assert.deepEqual(await transcriptPages(store, 'c'), [
        ids.slice(0, 20),
        ids.slice(20, 40),
        ids.slice(40),
      ]);
    });

    it('loses none of many that come at once, in several conversations', async () => {
      const store = await open();
      const entries = Array.from({ length: 60 }, (_, index) =>
        transcriptEntry(`c${index % 3}`, `a${String(index).padStart(2, '0')}`, { happenedAt: T0 + index }),
      );
      await Promise.all(entries.map((entry) => say(store, entry)));
      for (const conversation of ['c0', 'c1', 'c2']) {
        const expected = entries.filter(({ conversationId }) => conversationId === conversation);
        assert.deepEqual(
          await transcriptOf(store, conversation),
          expected.map(({ activityId }) => activityId),
        );
      }
    });

    it('may be deleted without what is known of the conversation', async () => {
      const store = await open();
      await know(store, botRecord('c'));
      await say(store, transcriptEntry('c', 'a'));
      await store.transcripts.deleteTranscript(CHANNEL, 'c');
      assert.deepEqual(await transcriptOf(store, 'c'), []);
      assert.deepEqual(await store.recentTranscript(CHANNEL, 'c', 5), []);
      assert.deepEqual(await store.findConversation('c'), botRecord('c'));
      await say(store, transcriptEntry('c', 'a'));
      assert.deepEqual(await transcriptOf(store, 'c'), ['a']);
    });

    it('is not touched by what brings none', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m']);
      await acceptTurn(store, 'c', 'e');
      assert.deepEqual(await transcriptOf(store, 'c'), []);
      assert.deepEqual((await store.transcripts.listTranscripts(CHANNEL)).items, []);
    });
  });

  describe('recentTranscript', () => {
    it('gives the latest activities, in the order of time', async () => {
      const store = await open();
      await say(
        store,
        transcriptEntry('c', 'a3', { happenedAt: T0 + 3 }),
        transcriptEntry('c', 'a1', { happenedAt: T0 + 1 }),
        transcriptEntry('c', 'a3b', { happenedAt: T0 + 3 }),
        transcriptEntry('c', 'a2', { happenedAt: T0 + 2 }),
        transcriptEntry('d', 'other', { happenedAt: T0 + 9 }),
        transcriptEntry('c', 'elsewhere', { happenedAt: T0 + 9, channelId: 'another channel' }),
      );
      assert.deepEqual(await recent(store, 'c', 3), ['a2', 'a3', 'a3b']);
      assert.deepEqual(await recent(store, 'c', 100), ['a1', 'a2', 'a3', 'a3b']);
      assert.deepEqual(await recent(store, 'unknown', 3), []);
    });

    it('gives more than a page', async () => {
      const store = await open();
      const ids = Array.from({ length: 50 }, (_, index) => `a${index}`);
      await Promise.all(
        ids.map((id, index) => say(store, transcriptEntry('c', id, { happenedAt: T0 + index }))),
      );
      assert.deepEqual(await recent(store, 'c', 45), ids.slice(5));
    });
  });
}
