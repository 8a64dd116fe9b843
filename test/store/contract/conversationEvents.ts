import assert from 'node:assert/strict';
import type { ConversationStep, ConversationUpdate } from '../../../src/store/deliveryStore';
import {
  botRecord,
  breakDown,
  changeTo,
  closed,
  handoffNotice,
  know,
  leaveAsIs,
  refuse,
  transcriptEntry,
  transcriptOf,
  watched,
  withAgent,
} from '../../support/conversationSamples';
import { present } from '../../support/present';
import { acceptAt, claimBy, newEvent, T0 } from '../../support/storeSamples';
import { acceptAll, claimTurn, drainTurns } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const always = (update: ConversationUpdate): ConversationStep => ({ when: 'always', update });
const ifEventful = (update: ConversationUpdate): ConversationStep => ({ when: 'ifEventful', update });

export function describeConversationEvents(open: OpenStore): void {
  describe('accept with a step of the conversation', () => {
    it('asks always, from what is known, and keeps what it says', async () => {
      const store = await open();
      const first = watched(changeTo(botRecord('c')));
      await store.accept(newEvent('c', 'e1'), acceptAt(T0, { conversation: always(first.update) }));
      assert.deepEqual([first.seen.length > 0, first.seen.at(-1)], [true, undefined]);
      const second = watched(changeTo(closed('c')));
      await store.accept(newEvent('c', 'e2'), acceptAt(T0, { conversation: always(second.update) }));
      assert.deepEqual(second.seen.at(-1), botRecord('c'));
      assert.deepEqual(await store.findConversation('c'), closed('c'));
      assert.equal((await store.stats()).waitingEvents, 2);
    });

    it('asks only of an eventful conversation when told so', async () => {
      const store = await open();
      await know(store, botRecord('plain'), withAgent('eventful'));
      const { seen, update } = watched(changeTo(closed('eventful')));
      for (const id of ['unknown', 'plain', 'eventful']) {
        const terms = acceptAt(T0, { conversation: ifEventful(update) });
        assert.equal((await store.accept(newEvent(id), terms)).status, 'stored');
      }
      assert.deepEqual(
        [...new Set(seen.map((record) => record?.conversationId))],
        ['eventful'],
        'the others were asked of',
      );
      assert.deepEqual(seen.at(-1), withAgent('eventful'));
      assert.deepEqual(await store.findConversation('eventful'), closed('eventful'));
      assert.deepEqual(await store.findConversation('plain'), botRecord('plain'));
    });

    it('asks again when the conversation is eventful no longer', async () => {
      const store = await open();
      const { seen, update } = watched(changeTo(botRecord('c')));
      for (const record of [withAgent('c'), botRecord('c'), closed('c')]) {
        await know(store, record);
        await store.accept(newEvent('c'), acceptAt(T0, { conversation: ifEventful(update) }));
      }
      assert.deepEqual(
        seen.filter((record, index) => record !== seen[index - 1]),
        [withAgent('c'), closed('c')],
      );
    });

    it('stores the event when nothing changes', async () => {
      const store = await open();
      await know(store, withAgent('c'));
      const terms = acceptAt(T0, { claim: claimBy('a'), conversation: always(leaveAsIs) });
      const outcome = await store.accept(newEvent('c', 'e'), terms);
      assert.ok(outcome.status === 'stored', 'it was not stored');
      assert.deepEqual(present(outcome.turn).conversation, withAgent('c'));
      assert.deepEqual(await store.findConversation('c'), withAgent('c'));
    });

    it('claims with nothing when a plain conversation was looked at', async () => {
      const store = await open();
      await know(store, botRecord('c'), withAgent('other'));
      const terms = acceptAt(T0, { claim: claimBy('a'), conversation: always(leaveAsIs) });
      const outcome = await store.accept(newEvent('c', 'e'), terms);
      assert.ok(outcome.status === 'stored', 'it was not stored');
      assert.equal(present(outcome.turn).conversation, undefined);
    });

    it('puts the notices before the event, in order', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['older']);
      const notices = ['n2', 'n1'].map((id) => handoffNotice('c', id));
      const conversation = always(changeTo(withAgent('c'), ...notices));
      await store.accept(newEvent('c', 'e'), acceptAt(T0, { conversation }));
      assert.deepEqual(await drainTurns(store), ['older', 'n2', 'n1', 'e']);
    });

    it('claims the first notice when nothing waits before it', async () => {
      const store = await open();
      const notice = handoffNotice('c', 'n');
      const conversation = always(changeTo(withAgent('c'), notice));
      const terms = acceptAt(T0, { claim: claimBy('a'), conversation });
      const outcome = await store.accept(newEvent('c', 'e'), terms);
      assert.ok(outcome.status === 'stored', 'it was not stored');
      const turn = present(outcome.turn);
      assert.deepEqual(turn.event, notice);
      assert.equal(turn.attempt, 1);
      assert.deepEqual(turn.conversation, withAgent('c'));
      const next = await store.settleTurn(turn, { kind: 'completed' }, claimBy('a'));
      assert.equal(next?.event.id, 'e');
    });

    it('claims with what is known after the change', async () => {
      const store = await open();
      await know(store, withAgent('c'));
      const conversation = ifEventful(changeTo(botRecord('c')));
      const terms = acceptAt(T0, { claim: claimBy('a'), conversation });
      const outcome = await store.accept(newEvent('c', 'e'), terms);
      assert.ok(outcome.status === 'stored', 'it was not stored');
      assert.equal(present(outcome.turn).conversation, undefined, 'it is eventful no longer');
    });

    it('stores nothing of what is refused: not the event, not its key, not its transcript', async () => {
      const store = await open();
      await know(store, closed('c'));
      const event = newEvent('c', 'e', { dedupeKey: 'k' });
      const terms = acceptAt(T0, {
        claim: claimBy('a'),
        conversation: always(refuse),
        transcript: transcriptEntry('c', 'e'),
      });
      assert.deepEqual(await store.accept(event, terms), { status: 'refused' });
      assert.deepEqual(await store.findConversation('c'), closed('c'));
      assert.deepEqual(await drainTurns(store), []);
      assert.deepEqual(await transcriptOf(store, 'c'), []);
      assert.equal((await store.accept(event, acceptAt())).status, 'stored');
    });

    it('forgets no key that an earlier event of another time has left', async () => {
      const store = await open();
      const event = newEvent('c', 'e', { dedupeKey: 'k' });
      await store.accept(event, acceptAt(T0, { dedupeWindowMs: 10 }));
      const refusing = acceptAt(T0 + 10, { conversation: always(refuse) });
      assert.equal((await store.accept(event, refusing)).status, 'refused');
      assert.equal((await store.accept(event, acceptAt(T0 + 10))).status, 'stored');
      assert.equal((await store.accept(event, acceptAt(T0 + 10))).status, 'duplicate');
    });

    it('asks nothing of a repeat, nor when the store is full', async () => {
      const store = await open();
      await know(store, withAgent('c'));
      const event = newEvent('c', 'e', { dedupeKey: 'k' });
      await store.accept(event, acceptAt());
      const { seen, update } = watched(refuse);
      const conversation = always(update);
      const transcript = transcriptEntry('c', 'e');
      const repeat = await store.accept(event, acceptAt(T0, { conversation, transcript }));
      const tooMany = acceptAt(T0, { maxBacklog: 1, conversation, transcript });
      const refused = await store.accept(newEvent('c', 'e2'), tooMany);
      assert.deepEqual([repeat.status, refused.status], ['duplicate', 'full']);
      assert.deepEqual(seen, []);
      assert.deepEqual(await transcriptOf(store, 'c'), []);
    });

    it('stores nothing when the step fails', async () => {
      const store = await open();
      const event = newEvent('c', 'e', { dedupeKey: 'k' });
      const failing = acceptAt(T0, { conversation: always(breakDown) });
      await assert.rejects(store.accept(event, failing), /the update fails/);
      assert.equal((await store.stats()).waitingEvents, 0);
      assert.equal((await store.accept(event, acceptAt())).status, 'stored');
      assert.equal((await claimTurn(store)).event.id, 'e');
    });

    it('leaves alone what nothing is asked of', async () => {
      const store = await open();
      await know(store, closed('c'));
      await acceptAll(store, 'c', ['e']);
      assert.deepEqual(await store.findConversation('c'), closed('c'));
    });
  });
}
