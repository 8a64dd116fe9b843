import assert from 'node:assert/strict';
import { type Activity, ActivityTypes, type PagedResult, type TranscriptStore } from 'botbuilder';
import { MINUTE, SECOND, T0 } from '../support/storeSamples';

/** A store that keeps transcripts, as `describeTranscriptContract` gets it. */
export interface TranscriptsUnderTest {
  readonly transcripts: TranscriptStore;
  close(): Promise<void>;
}

const CHANNEL = 'webexconnect';

function activityAt(time: number, id: string, conversationId = 'c', channelId = CHANNEL): Activity {
  const account = { id: 'customer', name: '' };
  return {
    type: ActivityTypes.Message,
    id,
    channelId,
    conversation: { id: conversationId, isGroup: false, conversationType: '', name: '' },
    from: account,
    recipient: { id: 'bot', name: '' },
    text: `text of ${id}`,
    timestamp: new Date(time),
    localTimestamp: new Date(time),
    localTimezone: '',
    callerId: '',
    serviceUrl: '',
    listenFor: [],
    label: '',
    valueType: '',
    channelData: { Messageid: id, deep: { list: [1, null] } },
  };
}

/** All pages of a list, from the first to the last. */
async function allPages<Item>(read: (token?: string) => Promise<PagedResult<Item>>): Promise<Item[][]> {
  const pages: Item[][] = [];
  let token: string | undefined;
  do {
    const page: PagedResult<Item> = await read(token);
    pages.push(page.items);
    token = page.continuationToken;
  } while (token);
  return pages;
}

/**
 * What every store must do as botbuilder's `TranscriptStore`.
 *
 * @param make Makes an empty store; the suite closes it.
 */
export function describeTranscriptContract(name: string, make: () => Promise<TranscriptsUnderTest>): void {
  describe(`${name} is a botbuilder TranscriptStore`, () => {
    let store: TranscriptsUnderTest;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(async () => {
      await store.close();
    });

    async function log(...activities: Activity[]): Promise<void> {
      for (const activity of activities) await store.transcripts.logActivity(activity);
    }

    async function idsOf(conversationId: string, startDate?: Date): Promise<(string | undefined)[][]> {
      const pages = await allPages((token) =>
        store.transcripts.getTranscriptActivities(CHANNEL, conversationId, token, startDate),
      );
      return pages.map((page) => page.map(({ id }) => id));
    }

    it('gives an activity back as it was, its dates as dates', async () => {
      const activity = activityAt(T0, 'a');
      await log(activity);
      const { items, continuationToken } = await store.transcripts.getTranscriptActivities(CHANNEL, 'c');
      assert.deepEqual(items, [activity]);
      assert.ok(!continuationToken);
    });

    it('keeps the order of the timestamps, whatever the order of logging', async () => {
      await log(
        activityAt(T0 + 3 * SECOND, 'third'),
        activityAt(T0 + SECOND, 'first'),
        activityAt(T0 + 2 * SECOND, 'second'),
      );
      assert.deepEqual(await idsOf('c'), [['first', 'second', 'third']]);
    });

    it('keeps the order of logging within a timestamp', async () => {
      const ids = ['z', 'a', 'm', 'b'];
      await log(...ids.map((id) => activityAt(T0, id)));
      assert.deepEqual(await idsOf('c'), [ids]);
    });

    it('logs what has no timestamp after what is there', async () => {
      const { timestamp: _, ...without } = activityAt(T0, 'without');
      await log(activityAt(T0, 'with'));
      await Reflect.apply(store.transcripts.logActivity, store.transcripts, [without]);
      await log(activityAt(T0 + 1, 'later'));
      assert.deepEqual(await idsOf('c'), [['with', 'without', 'later']]);
    });

    it('logs an activity once', async () => {
      await log(activityAt(T0, 'a'), activityAt(T0 + SECOND, 'a'), activityAt(T0 + MINUTE, 'b'));
      assert.deepEqual(await idsOf('c'), [['a', 'b']]);
    });

    it('logs an update and a deletion beside what they change', async () => {
      const update = { ...activityAt(T0 + SECOND, 'a'), type: ActivityTypes.MessageUpdate };
      const deletion = { ...activityAt(T0 + MINUTE, 'a'), type: ActivityTypes.MessageDelete };
      await log(activityAt(T0, 'a'), update, deletion);
      const { items } = await store.transcripts.getTranscriptActivities(CHANNEL, 'c');
      assert.deepEqual(
        items.map(({ type }) => type),
        ['message', 'messageUpdate', 'messageDelete'],
      );
    });

    it('logs the same id in two conversations, and on two channels', async () => {
      await log(
        activityAt(T0, 'a', 'c1'),
        activityAt(T0, 'a', 'c2'),
        activityAt(T0, 'a', 'c1', 'test'),
        activityAt(T0 + 1, 'b', 'c1', 'test'),
      );
      assert.deepEqual([await idsOf('c1'), await idsOf('c2')], [[['a']], [['a']]]);
      assert.equal((await store.transcripts.getTranscriptActivities('test', 'c1')).items.length, 2);
    });

    it('gives pages of 20', async () => {
      const ids = Array.from({ length: 45 }, (_, index) => `a${index}`);
      // Several share a timestamp, also across the end of a page.
      await log(...ids.map((id, index) => activityAt(T0 + Math.floor(index / 3), id)));
      assert.deepEqual(await idsOf('c'), [ids.slice(0, 20), ids.slice(20, 40), ids.slice(40)]);
    });

    it('goes on after the last item of a page, whatever was logged in the meantime', async () => {
      const ids = Array.from({ length: 25 }, (_, index) => `a${index}`);
      await log(...ids.map((id, index) => activityAt(T0 + index * SECOND, id)));
      const first = await store.transcripts.getTranscriptActivities(CHANNEL, 'c');
      await log(activityAt(T0 - SECOND, 'before'), activityAt(T0 + MINUTE, 'after'));
      const second = await store.transcripts.getTranscriptActivities(CHANNEL, 'c', first.continuationToken);
      assert.deepEqual(
        second.items.map(({ id }) => id),
        [...ids.slice(20), 'after'],
      );
    });

    it('leaves out what happened before a date, page by page', async () => {
      const ids = Array.from({ length: 50 }, (_, index) => `a${index}`);
      await log(...ids.map((id, index) => activityAt(T0 + index * SECOND, id)));
      const from = new Date(T0 + 10 * SECOND);
      assert.deepEqual(await idsOf('c', from), [ids.slice(10, 30), ids.slice(30)]);
    });

    it('knows nothing of a conversation that was never logged', async () => {
      assert.deepEqual(await idsOf('unknown'), [[]]);
      assert.deepEqual((await store.transcripts.listTranscripts(CHANNEL)).items, []);
    });

    it('lists the conversations of a channel by their first activity, in pages of 20', async () => {
      const ids = Array.from({ length: 43 }, (_, index) => `c${index}`);
      await log(activityAt(T0, 'a', 'elsewhere', 'test'));
      for (const [index, id] of ids.entries()) {
        await log(activityAt(T0 + index * SECOND, 'a', id), activityAt(T0 + 2 * MINUTE, 'b', id));
      }
      const pages = await allPages((token) => store.transcripts.listTranscripts(CHANNEL, token));
      assert.deepEqual(
        pages.map((page) => page.map(({ id }) => id)),
        [ids.slice(0, 20), ids.slice(20, 40), ids.slice(40)],
      );
      assert.deepEqual(pages[0]?.[1], { channelId: CHANNEL, id: 'c1', created: new Date(T0 + SECOND) });
    });

    it('deletes a transcript and no other', async () => {
      await log(activityAt(T0, 'a', 'c1'), activityAt(T0, 'a', 'c2'), activityAt(T0, 'a', 'c1', 'test'));
      await store.transcripts.deleteTranscript(CHANNEL, 'c1');
      await store.transcripts.deleteTranscript(CHANNEL, 'unknown');
      assert.deepEqual([await idsOf('c1'), await idsOf('c2')], [[[]], [['a']]]);
      const { items } = await store.transcripts.listTranscripts(CHANNEL);
      assert.deepEqual(
        items.map(({ id }) => id),
        ['c2'],
      );
      assert.equal((await store.transcripts.getTranscriptActivities('test', 'c1')).items.length, 1);
    });

    it('asks for what it needs', async () => {
      const { transcripts } = store;
      await assert.rejects(async () => Reflect.apply(transcripts.logActivity, transcripts, [undefined]));
      await assert.rejects(transcripts.getTranscriptActivities('', 'c'), /channelId/);
      await assert.rejects(transcripts.getTranscriptActivities(CHANNEL, ''), /conversationId/);
      await assert.rejects(transcripts.listTranscripts(''), /channelId/);
      await assert.rejects(transcripts.deleteTranscript('', 'c'), /channelId/);
      await assert.rejects(transcripts.deleteTranscript(CHANNEL, ''), /conversationId/);
    });
  });
}
