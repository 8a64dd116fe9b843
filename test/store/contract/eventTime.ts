import assert from 'node:assert/strict';
import type { NewOutboxMessage, SendSettlement } from '../../../src/store/deliveryStore';
import { claimBy, newMessage, settleTerms, T0 } from '../../support/storeSamples';
import { claimSend, stageAll, stageSends } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const RECEIVED_AT = T0 - 1234;

export function describeEventTime(open: OpenStore): void {
  describe('When the event was received that a message answers', () => {
    const answer: NewOutboxMessage = newMessage('c', 'm', { eventReceivedAt: RECEIVED_AT });
    const terms = { turn: undefined, claim: undefined };

    it('comes back with the send that is claimed at once, and with each later one', async () => {
      const store = await open();
      const [first] = await stageSends(store, [answer], { turn: undefined, claim: claimBy('a') });
      assert.equal(first?.message.eventReceivedAt, RECEIVED_AT);
      const retry: SendSettlement = {
        kind: 'retry',
        at: T0,
        notBefore: T0,
        error: '500',
        isAmbiguous: false,
      };
      await store.settleSend(first, retry, settleTerms());
      assert.equal((await claimSend(store)).message.eventReceivedAt, RECEIVED_AT);
    });

    it('comes back with the send that follows another', async () => {
      const store = await open();
      await stageAll(store, 'c', ['before']);
      await store.stage([answer], terms);
      const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
      const { next } = await store.settleSend(await claimSend(store), delivered, settleTerms(claimBy('a')));
      assert.equal(next?.message.eventReceivedAt, RECEIVED_AT);
    });

    it('comes back with a dead letter, and when it is replayed', async () => {
      const store = await open();
      await store.stage([answer], terms);
      const why = { reason: 'refused', isAmbiguous: false, notice: undefined };
      await store.settleSend(await claimSend(store), { kind: 'dead', at: T0, ...why }, settleTerms());
      assert.equal((await store.listDeadLetters({ limit: 1 }))[0]?.eventReceivedAt, RECEIVED_AT);
      await store.replayDeadLetter('m');
      assert.equal((await claimSend(store)).message.eventReceivedAt, RECEIVED_AT);
    });

    it('is not known of a message that answers none', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m']);
      assert.equal((await claimSend(store)).message.eventReceivedAt, undefined);
    });
  });
}
