import assert from 'node:assert/strict';
import { changeTo, withAgent } from '../../support/conversationSamples';
import { present } from '../../support/present';
import { acceptAt, claimBy, newEvent, newMessage, settleTerms, T0, TRACE } from '../../support/storeSamples';
import { acceptAll, claimSend, claimTurn, stageAll, stageSends } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const retry = { kind: 'retry', at: T0, notBefore: T0, cause: 'Error' } as const;

export function describeTraceContext(open: OpenStore): void {
  describe('What an event or message was caused by', () => {
    const traced = newEvent('c', 'e', { traceContext: TRACE });
    const tracedMessage = newMessage('c', 'm', { traceContext: TRACE });

    it('comes back with the turn that is claimed at once, and with each later one', async () => {
      const store = await open();
      const outcome = await store.accept(traced, acceptAt(T0, { claim: claimBy('a') }));
      const first = present(outcome.status === 'stored' ? outcome.turn : undefined);
      assert.deepEqual(first.event, traced);
      await store.settleTurn(first, retry, undefined);
      assert.deepEqual((await claimTurn(store)).event, traced);
    });

    it('comes back with the turn that follows another', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['before']);
      await store.accept(traced, acceptAt());
      const next = await store.settleTurn(await claimTurn(store), { kind: 'completed' }, claimBy('a'));
      assert.deepEqual(next?.event, traced);
    });

    it('comes back with an event that comes out of quarantine', async () => {
      const store = await open();
      await store.accept(traced, acceptAt());
      await store.settleTurn(
        await claimTurn(store),
        { kind: 'quarantined', at: T0, reason: 'failed', cause: 'Error' },
        undefined,
      );
      const item = present(await store.findQuarantined('e'));
      assert.ok(item.kind === 'event');
      assert.deepEqual(item.event, traced);
      await store.replayQuarantined('e', item.event);
      assert.deepEqual((await claimTurn(store)).event, traced);
    });

    it('comes back with what the bot is told of a conversation or of a message that was given up', async () => {
      const store = await open();
      const told = newEvent('c', 'told', { source: 'handoffStatus', traceContext: TRACE });
      await store.updateConversation('c', changeTo(withAgent('c'), told));
      assert.deepEqual((await claimTurn(store)).event, told);
      await stageAll(store, 'd', ['m']);
      const notice = newEvent('d', 'notice', { source: 'deliveryFailed', traceContext: TRACE });
      const dead = { kind: 'dead', at: T0, reason: 'refused', isAmbiguous: false, notice } as const;
      await store.settleSend(await claimSend(store), dead, settleTerms());
      assert.deepEqual((await claimTurn(store)).event, notice);
    });

    it('comes back with the send that is claimed at once, and with each later one', async () => {
      const store = await open();
      const staging = { turn: undefined, claim: claimBy('a') };
      const [first] = await stageSends(store, [tracedMessage], staging);
      assert.equal(first?.message.traceContext, TRACE);
      const error = { ...retry, error: '500', isAmbiguous: false };
      await store.settleSend(first, error, settleTerms());
      assert.equal((await claimSend(store)).message.traceContext, TRACE);
    });

    it('comes back with the send that follows another', async () => {
      const store = await open();
      await stageAll(store, 'c', ['before']);
      await store.stage([tracedMessage], { turn: undefined, claim: undefined });
      const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
      const { next } = await store.settleSend(await claimSend(store), delivered, settleTerms(claimBy('a')));
      assert.equal(next?.message.traceContext, TRACE);
    });

    it('comes back with a dead letter, and when it is replayed', async () => {
      const store = await open();
      await store.stage([tracedMessage], { turn: undefined, claim: undefined });
      const dead = {
        kind: 'dead',
        at: T0,
        reason: 'refused',
        isAmbiguous: false,
        notice: undefined,
      } as const;
      await store.settleSend(await claimSend(store), dead, settleTerms());
      assert.equal((await store.listDeadLetters({ limit: 1 }))[0]?.traceContext, TRACE);
      await store.replayDeadLetter('m');
      assert.equal((await claimSend(store)).message.traceContext, TRACE);
    });
  });
}
