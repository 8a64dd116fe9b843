import assert from 'node:assert/strict';
import type { ConversationRecord } from '../../../src/store/conversationRecord';
import type { ConversationUpdate, DeliveryStore, Page } from '../../../src/store/deliveryStore';
import {
  botRecord,
  breakDown,
  changeTo,
  closed,
  givenBack,
  HANDOVER,
  handingOver,
  handoffNotice,
  know,
  leaveAsIs,
  refuse,
  tied,
  untied,
  watched,
  withAgent,
} from '../../support/conversationSamples';
import { T0 } from '../../support/storeSamples';
import { acceptAll, drainTurns, stageAll } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

/** A record with everything in it. */
const full = botRecord('full', {
  firstSeenAt: T0 - 9,
  channel: 'whatsapp',
  lastEvents: [
    { event: 'Agent Message', at: T0 - 9, messageId: 'çà 😀 \u0000 \ud800 "\\' },
    { event: 'message', at: T0 },
  ],
  customParams: { customparam1: 'gold', customparam2: '' },
  phase: { state: 'agent', handover: { ...HANDOVER, acknowledgedAt: T0 + 1, acceptedAt: undefined } },
  agentConversations: [{ id: 'agent', tiedBy: 'field', firstSeenAt: T0, lastSeenAt: T0 + 1 }],
  pastHandovers: [
    {
      ...HANDOVER,
      id: 'earlier',
      outcome: 'completed',
      endedAt: T0,
      reason: '',
      noticeId: 'n',
      isTold: false,
    },
  ],
});

/** Notes one more event. */
const countUp: ConversationUpdate = (record) => ({
  kind: 'changed',
  record: botRecord('c', { lastSeenAt: (record?.lastSeenAt ?? 0) + 1 }),
  notices: [],
});

async function ids(store: DeliveryStore, kind: ConversationRecord['kind'], page: Page): Promise<string[]> {
  return (await store.listConversations(kind, page)).map(({ conversationId }) => conversationId);
}

export function describeConversations(open: OpenStore): void {
  describe('findConversation', () => {
    it('knows nothing of a conversation of which nothing was stored', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      await stageAll(store, 'c', ['m']);
      assert.equal(await store.findConversation('c'), undefined);
    });

    const records = [
      full,
      botRecord('c'),
      closed('c'),
      handingOver('c'),
      withAgent('c'),
      givenBack('c'),
      untied('c'),
      untied('c', { channel: 'sms', firstAgentMessageAt: T0, lastEvents: full.lastEvents }),
      tied('c', 'bot'),
    ];
    for (const [index, record] of records.entries()) {
      it(`gives a record back as it was stored (${index + 1})`, async () => {
        const store = await open();
        await know(store, botRecord('other'), record);
        assert.deepEqual(await store.findConversation(record.conversationId), record);
        assert.deepEqual(await store.findConversation('other'), botRecord('other'));
      });
    }

    it('tells IDs apart by every character', async () => {
      const store = await open();
      await know(
        store,
        botRecord('a'),
        botRecord('A'),
        botRecord('a '),
        botRecord('å'),
        botRecord('a\u030a'),
      );
      for (const id of ['a', 'A', 'a ', 'å', 'a\u030a']) {
        assert.equal((await store.findConversation(id))?.conversationId, id);
      }
    });
  });

  describe('listConversations', () => {
    it('lists one kind, page by page, in the order of the IDs', async () => {
      const store = await open();
      await know(
        store,
        botRecord('d'),
        untied('e'),
        botRecord('a'),
        tied('f', 'a'),
        botRecord('c'),
        botRecord('b'),
      );
      await know(store, botRecord('d', { channel: 'sms' }));
      assert.deepEqual(await ids(store, 'bot', { limit: 3 }), ['a', 'b', 'c']);
      assert.deepEqual(await ids(store, 'bot', { limit: 3, after: 'c' }), ['d']);
      assert.deepEqual(await ids(store, 'bot', { limit: 3, after: 'd' }), []);
      assert.deepEqual(await store.listConversations('untied', { limit: 3 }), [untied('e')]);
      assert.deepEqual(await store.listConversations('tied', { limit: 3 }), [tied('f', 'a')]);
    });

    it('orders IDs by their code points, not by a language or by halves of characters', async () => {
      const store = await open();
      const inOrder = ['', 'B', 'Z', 'a', 'a-b', 'aB', 'ab', 'z', 'é', '\uffee', '😀', '😀a'];
      for (const id of [...inOrder].reverse()) await know(store, untied(id));
      assert.deepEqual(await ids(store, 'untied', { limit: 100 }), inOrder);
      assert.deepEqual(await ids(store, 'untied', { limit: 2, after: 'é' }), ['\uffee', '😀']);
    });

    it('goes on after the last ID, whatever became of its record', async () => {
      const store = await open();
      await know(store, untied('a'), untied('b'), untied('c'));
      assert.deepEqual(await ids(store, 'untied', { limit: 2 }), ['a', 'b']);
      await know(store, tied('b', 'bot'));
      assert.deepEqual(await ids(store, 'untied', { limit: 2, after: 'b' }), ['c']);
      assert.deepEqual(await ids(store, 'untied', { limit: 3 }), ['a', 'c']);
    });
  });

  describe('updateConversation', () => {
    it('steps from what is known, and says what is known now', async () => {
      const store = await open();
      const first = watched(changeTo(botRecord('c')));
      assert.deepEqual(await store.updateConversation('c', first.update), botRecord('c'));
      assert.equal(first.seen.at(-1), undefined);
      const second = watched(changeTo(withAgent('c')));
      assert.deepEqual(await store.updateConversation('c', second.update), withAgent('c'));
      assert.deepEqual(second.seen.at(-1), botRecord('c'));
      assert.deepEqual(await store.findConversation('c'), withAgent('c'));
    });

    for (const [name, update] of Object.entries({ unchanged: leaveAsIs, refused: refuse })) {
      it(`leaves everything as it is when the change is '${name}'`, async () => {
        const store = await open();
        assert.equal(await store.updateConversation('c', update), undefined);
        assert.equal(await store.findConversation('c'), undefined);
        await know(store, withAgent('c'));
        assert.deepEqual(await store.updateConversation('c', update), withAgent('c'));
        assert.deepEqual(await store.findConversation('c'), withAgent('c'));
      });
    }

    it('puts the notices at the end of the conversation’s queue, in order', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const notices = ['n2', 'n1'].map((id) => handoffNotice('c', id));
      await store.updateConversation('c', changeTo(closed('c'), ...notices));
      assert.equal((await store.stats()).waitingEvents, 3);
      assert.deepEqual(await drainTurns(store), ['e', 'n2', 'n1']);
    });

    it('stores nothing when the update fails', async () => {
      const store = await open();
      await know(store, withAgent('c'));
      await assert.rejects(store.updateConversation('c', breakDown), /the update fails/);
      assert.deepEqual(await store.findConversation('c'), withAgent('c'));
    });

    it('loses none of many that come at once', async () => {
      const store = await open();
      await Promise.all(Array.from({ length: 60 }, () => store.updateConversation('c', countUp)));
      assert.equal((await store.findConversation('c'))?.lastSeenAt, 60);
    });
  });
}
