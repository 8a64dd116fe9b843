import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import { isGated } from '../../../src/store/conversationRecord';
import type { ConversationUpdate, StageGate, StageOutcome } from '../../../src/store/deliveryStore';
import {
  botRecord,
  breakDown,
  changeTo,
  closed,
  givenBack,
  handingOver,
  handoffNotice,
  know,
  leaveAsIs,
  refuse,
  tied,
  transcriptEntry,
  transcriptOf,
  untied,
  watched,
  withAgent,
} from '../../support/conversationSamples';
import { claimBy, LEASE_MS, newMessage, T0 } from '../../support/storeSamples';
import {
  acceptAll,
  acceptTurn,
  claimSend,
  claimTurn,
  deliver,
  drainSends,
  drainTurns,
  stageSends,
} from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const PROACTIVE = { turn: undefined, claim: undefined };
const REFUSED: StageOutcome = { status: 'refused' };
const whileBotHasIt: StageGate = { kind: 'whileBotHasIt', conversationId: 'c' };
const change = (update: ConversationUpdate): StageGate => ({ kind: 'change', conversationId: 'c', update });

/** What a turn does that hands over: it asks for it, and refuses when it is on its way already. */
const handOver: ConversationUpdate = (record) =>
  isGated(record) ? { kind: 'refused' } : { kind: 'changed', record: handingOver('c'), notices: [] };

export function describeConversationGate(open: OpenStore): void {
  describe('stage while the bot has the conversation', () => {
    for (const [state, record] of Object.entries({
      unknown: undefined,
      plain: botRecord('c'),
      closed: closed('c'),
      'given back': givenBack('c'),
    })) {
      it(`stores messages to a conversation that is '${state}'`, async () => {
        const store = await open();
        await know(store, withAgent('other'), ...(record === undefined ? [] : [record]));
        await stageSends(store, [newMessage('c', 'm')], { ...PROACTIVE, gate: whileBotHasIt });
        assert.deepEqual(await drainSends(store), ['m']);
      });
    }

    for (const record of [handingOver('c'), withAgent('c'), untied('c'), tied('c', 'b')]) {
      const state = record.kind === 'bot' ? record.phase.state : record.kind;
      it(`refuses messages to a conversation that is '${state}', and stores nothing`, async () => {
        const store = await open();
        await know(store, record);
        const turn = await acceptTurn(store, 'c', 'e');
        const terms = { gate: whileBotHasIt, transcript: [transcriptEntry('c', 'm')], claim: claimBy('a') };
        const messages = [newMessage('c', 'm')];
        assert.deepEqual(await store.stage(messages, { ...terms, turn: undefined }), REFUSED);
        assert.deepEqual(await store.stage(messages, { ...terms, turn }), REFUSED);
        assert.equal((await store.stats()).waitingMessages, 0);
        assert.deepEqual(await transcriptOf(store, 'c'), []);
      });
    }

    it('stores them again when the bot has the conversation back, also those once refused', async () => {
      const store = await open();
      await know(store, withAgent('c'));
      const turn = await acceptTurn(store, 'c', 'e');
      const terms = { turn, claim: undefined, gate: whileBotHasIt };
      assert.deepEqual(await store.stage([newMessage('c', 'e.1')], terms), REFUSED);
      await know(store, givenBack('c'));
      await stageSends(store, [newMessage('c', 'e.1')], terms);
      assert.deepEqual(await drainSends(store), ['e.1']);
    });

    it('stores what nothing is asked of, whoever has the conversation', async () => {
      const store = await open();
      await know(store, withAgent('c'));
      await stageSends(store, [newMessage('c', 'm')], PROACTIVE);
      assert.deepEqual(await drainSends(store), ['m']);
    });

    it('refuses with a lost lease before it looks at the conversation', async () => {
      const store = await open();
      await know(store, withAgent('c'));
      await acceptAll(store, 'c', ['e']);
      const old = await claimTurn(store, claimBy('a'));
      await claimTurn(store, claimBy('b', T0 + LEASE_MS));
      const terms = { turn: old, claim: undefined, gate: whileBotHasIt };
      await assert.rejects(store.stage([newMessage('c', 'e.1')], terms), LeaseLostError);
    });

    it('lets nothing slip in behind a handover that comes at the same time', async () => {
      const store = await open();
      const stageOne = (id: string) =>
        store.stage([newMessage('c', id)], { ...PROACTIVE, gate: whileBotHasIt });
      const staging = Array.from({ length: 20 }, (_, index) => stageOne(`m${index}`));
      const handingItOver = store.stage([newMessage('c', 'handover', { role: 'handover' })], {
        ...PROACTIVE,
        gate: change(handOver),
      });
      staging.push(...Array.from({ length: 20 }, (_, index) => stageOne(`late${index}`)));
      assert.equal((await handingItOver).status, 'staged');
      const staged = (await Promise.all(staging)).filter(({ status }) => status === 'staged');
      const sent = await drainSends(store);
      assert.equal(sent.at(-1), 'handover');
      assert.equal(sent.length, staged.length + 1);
    });
  });

  describe('stage with a change of the conversation', () => {
    it('stores the messages and the change in one commit, and appends its notices', async () => {
      const store = await open();
      await know(store, botRecord('c'));
      const turn = await acceptTurn(store, 'c', 'e');
      const { seen, update } = watched(
        changeTo(handingOver('c'), handoffNotice('c', 'n2'), handoffNotice('c', 'n1')),
      );
      const messages = [newMessage('c', 'e.1'), newMessage('c', 'e.2', { role: 'handover' })];
      const sends = await stageSends(store, messages, { turn, claim: claimBy('a'), gate: change(update) });
      assert.deepEqual(seen.at(-1), botRecord('c'));
      assert.deepEqual(
        sends.map(({ message }) => [message.id, message.role]),
        [['e.1', 'message']],
      );
      assert.deepEqual(await store.findConversation('c'), handingOver('c'));
      const next = await store.settleTurn(turn, { kind: 'completed' }, claimBy('a'));
      assert.equal(next?.event.id, 'n2');
      await store.releaseLeases('a');
      assert.deepEqual(await drainTurns(store), ['n2', 'n1']);
    });

    it('stores the messages when nothing changes', async () => {
      const store = await open();
      await stageSends(store, [newMessage('c', 'm')], { ...PROACTIVE, gate: change(leaveAsIs) });
      assert.equal(await store.findConversation('c'), undefined);
      assert.deepEqual(await drainSends(store), ['m']);
    });

    it('stores nothing when it is refused', async () => {
      const store = await open();
      await know(store, closed('c'));
      const turn = await acceptTurn(store, 'c', 'e');
      const transcript = [transcriptEntry('c', 'e.1')];
      const terms = { turn, claim: undefined, gate: change(refuse), transcript };
      assert.deepEqual(await store.stage([newMessage('c', 'e.1')], terms), REFUSED);
      assert.deepEqual(await store.findConversation('c'), closed('c'));
      assert.deepEqual(await transcriptOf(store, 'c'), []);
      await stageSends(store, [newMessage('c', 'e.1')], { turn, claim: undefined });
      assert.equal((await store.stats()).waitingMessages, 1, 'the refused message was not taken for stored');
    });

    it('stores nothing when the update fails', async () => {
      const store = await open();
      const turn = await acceptTurn(store, 'c', 'e');
      const failing = { turn, claim: undefined, gate: change(breakDown) };
      await assert.rejects(store.stage([newMessage('c', 'e.1')], failing), /the update fails/);
      await stageSends(store, [newMessage('c', 'e.1')], { turn, claim: undefined });
      assert.equal((await store.stats()).waitingMessages, 1);
    });

    it('may come without a message', async () => {
      const store = await open();
      const turn = await acceptTurn(store, 'c', 'e');
      const closing = change(changeTo(closed('c'), handoffNotice('c', 'n')));
      assert.deepEqual(await stageSends(store, [], { turn, claim: claimBy('a'), gate: closing }), []);
      assert.deepEqual(await store.findConversation('c'), closed('c'));
      assert.deepEqual(await store.stage([], { turn, claim: undefined, gate: change(refuse) }), REFUSED);
      const { seen, update } = watched(leaveAsIs);
      await stageSends(store, [], { turn, claim: undefined, gate: change(update) });
      assert.deepEqual(seen.at(-1), closed('c'), 'there is nothing that could be stored already');
    });

    it('changes nothing for a turn that was taken over', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e']);
      const old = await claimTurn(store, claimBy('a'));
      await claimTurn(store, claimBy('b', T0 + LEASE_MS));
      const { seen, update } = watched(changeTo(handingOver('c')));
      const terms = { turn: old, claim: undefined, gate: change(update) };
      await assert.rejects(store.stage([newMessage('c', 'e.1')], terms), LeaseLostError);
      assert.deepEqual(seen, []);
      assert.equal(await store.findConversation('c'), undefined);
    });
  });

  describe('stage by a turn that is run again after it has handed over', () => {
    const messages = [newMessage('c', 'e.1'), newMessage('c', 'e.2', { role: 'handover' })];

    it('is not refused, and writes nothing', async () => {
      const store = await open();
      const first = await acceptTurn(store, 'c', 'e');
      const before = { turn: first, claim: undefined };
      await stageSends(store, [newMessage('c', 'e.0')], { ...before, gate: whileBotHasIt });
      await stageSends(store, messages, { ...before, gate: change(handOver) });
      await deliver(store, await claimSend(store));
      await store.settleTurn(first, { kind: 'retry', at: T0, notBefore: T0, cause: 'Error' }, undefined);

      const turn = await claimTurn(store);
      const terms = { turn, claim: undefined };
      const transcript = [transcriptEntry('c', 'e.0', { activityId: undefined })];
      const again = { ...terms, gate: whileBotHasIt, transcript };
      assert.deepEqual(await stageSends(store, [newMessage('c', 'e.0')], again), []);
      const { seen, update } = watched(changeTo(closed('c'), handoffNotice('c', 'n')));
      assert.deepEqual(await stageSends(store, messages, { ...terms, gate: change(update) }), []);
      assert.deepEqual(seen, [], 'the change was asked for again');
      assert.deepEqual(await store.findConversation('c'), handingOver('c'));
      assert.deepEqual(await transcriptOf(store, 'c'), []);
      assert.equal((await store.stats()).waitingMessages, 2);
      assert.equal((await store.stats()).waitingEvents, 1);
    });

    it('writes nothing either when the bot has the conversation', async () => {
      const store = await open();
      const transcript = [transcriptEntry('c', 'nameless', { activityId: undefined })];
      const terms = { claim: undefined, gate: whileBotHasIt, transcript };
      const first = await acceptTurn(store, 'c', 'e');
      await stageSends(store, [newMessage('c', 'e.1')], { ...terms, turn: first });
      await store.settleTurn(first, { kind: 'retry', at: T0, notBefore: T0, cause: 'Error' }, undefined);
      const turn = await claimTurn(store);
      await stageSends(store, [newMessage('c', 'e.1')], { ...terms, turn });
      assert.deepEqual(await transcriptOf(store, 'c'), ['nameless']);
      await stageSends(store, [newMessage('c', 'e.1'), newMessage('c', 'e.2')], { ...terms, turn });
      assert.deepEqual(await transcriptOf(store, 'c'), ['nameless', 'nameless']);
    });

    it('is refused what it did not store before', async () => {
      const store = await open();
      const first = await acceptTurn(store, 'c', 'e');
      await stageSends(store, messages, { turn: first, claim: undefined, gate: change(handOver) });
      await store.settleTurn(first, { kind: 'retry', at: T0, notBefore: T0, cause: 'Error' }, undefined);
      const turn = await claimTurn(store);
      const terms = { turn, claim: undefined };
      const more = [...messages, newMessage('c', 'e.3')];
      assert.deepEqual(await store.stage(more, { ...terms, gate: change(handOver) }), REFUSED);
      assert.deepEqual(
        await store.stage([newMessage('c', 'e.3')], { ...terms, gate: whileBotHasIt }),
        REFUSED,
      );
      assert.equal((await store.stats()).waitingMessages, 2);
    });

    it('is no cover for another turn with the same ids', async () => {
      const store = await open();
      const first = await acceptTurn(store, 'c', 'e');
      await stageSends(store, messages, { turn: first, claim: undefined, gate: change(handOver) });
      const other = await acceptTurn(store, 'd', 'f');
      const terms = { turn: other, claim: undefined, gate: whileBotHasIt };
      assert.deepEqual(await store.stage([newMessage('c', 'f.1')], terms), REFUSED);
      assert.deepEqual(await store.stage([newMessage('c', 'm')], { ...terms, turn: undefined }), REFUSED);
    });
  });
}
