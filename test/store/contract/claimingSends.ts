import assert from 'node:assert/strict';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import { claimBy, LEASE_MS, newMessage, settleTerms, T0, WEBHOOK } from '../../support/storeSamples';
import { claimSend, deliver, dueSends, stageAll } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

async function failUntil(store: DeliveryStore, conversationId: string, notBefore: number): Promise<void> {
  await stageAll(store, conversationId, [`${conversationId}-1`, `${conversationId}-2`]);
  const send = await claimSend(store);
  await store.settleSend(
    send,
    { kind: 'retry', at: T0, notBefore, error: '500', isAmbiguous: false },
    settleTerms(),
  );
}

export function describeClaimingSends(open: OpenStore): void {
  describe('claimSends', () => {
    it('gives nothing when nothing waits', async () => {
      const store = await open();
      assert.deepEqual(await store.claimSends(WEBHOOK, 10, claimBy('a')), []);
    });

    it('gives the heads of all lanes that are due', async () => {
      const store = await open();
      await stageAll(store, 'c1', ['c1-1', 'c1-2']);
      await stageAll(store, 'c2', ['c2-1', 'c2-2']);
      assert.deepEqual(await dueSends(store, claimBy('a')), ['c1-1', 'c2-1']);
    });

    it('gives no more than the limit', async () => {
      const store = await open();
      for (const conversation of ['c1', 'c2', 'c3']) await stageAll(store, conversation, [conversation]);
      assert.equal((await store.claimSends(WEBHOOK, 2, claimBy('a'))).length, 2);
      assert.equal((await store.claimSends(WEBHOOK, 2, claimBy('a'))).length, 1);
    });

    it('gives messages of one destination only', async () => {
      const store = await open();
      await stageAll(store, 'c', ['here']);
      const there = newMessage('c', 'there', { destination: 'bridge' });
      await store.stage([there], { turn: undefined, claim: undefined });
      assert.deepEqual(await dueSends(store, claimBy('a'), 'bridge'), ['there']);
      assert.deepEqual(await dueSends(store, claimBy('a')), ['here']);
      assert.deepEqual(await dueSends(store, claimBy('a'), 'nowhere'), []);
    });

    it('keeps each lane in the order of staging', async () => {
      const store = await open();
      const ids = Array.from({ length: 12 }, (_, index) => `m${index}`);
      await stageAll(store, 'c', ids);
      const sent: string[] = [];
      for (const _ of ids) {
        const send = await claimSend(store);
        sent.push(send.message.id);
        await deliver(store, send);
      }
      assert.deepEqual(sent, ids);
    });

    it('lets one worker hold a lane', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1', '2']);
      await claimSend(store, claimBy('a'));
      assert.deepEqual(await dueSends(store, claimBy('b')), []);
      assert.deepEqual(await dueSends(store, claimBy('a')), []);
    });

    it('gives each lane to one of several workers who ask at once', async () => {
      const store = await open();
      const conversations = Array.from({ length: 20 }, (_, index) => `c${index}`);
      for (const conversation of conversations) await stageAll(store, conversation, [conversation]);
      const claims = await Promise.all(['a', 'b', 'c'].map((worker) => dueSends(store, claimBy(worker))));
      assert.deepEqual(claims.flat().sort(), conversations.sort());
    });

    it('lets nothing overtake a message that waits for its retry, and holds up no other lane', async () => {
      const store = await open();
      await failUntil(store, 'c', T0 + 5000);
      await stageAll(store, 'other', ['other']);
      assert.deepEqual(await dueSends(store, claimBy('a', T0 + 4999)), ['other']);
      assert.deepEqual(await dueSends(store, claimBy('a', T0 + 5000)), ['c-1']);
    });
  });

  describe('nextSendAt', () => {
    it('knows nothing when nothing waits, or all of it is due', async () => {
      const store = await open();
      assert.equal(await store.nextSendAt(WEBHOOK, T0), undefined);
      await stageAll(store, 'c', ['1']);
      assert.equal(await store.nextSendAt(WEBHOOK, T0), undefined);
    });

    it('knows when the first retry is due', async () => {
      const store = await open();
      await failUntil(store, 'c1', T0 + 5000);
      await failUntil(store, 'c2', T0 + 3000);
      assert.equal(await store.nextSendAt(WEBHOOK, T0), T0 + 3000);
      assert.equal(await store.nextSendAt(WEBHOOK, T0 + 3000), T0 + 5000);
      assert.equal(await store.nextSendAt('bridge', T0), undefined);
    });

    it('knows when a lease ends', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      await claimSend(store);
      assert.equal(await store.nextSendAt(WEBHOOK, T0), T0 + LEASE_MS);
    });
  });

  describe('expedite', () => {
    it('makes every message that waits for a retry due at once', async () => {
      const store = await open();
      await failUntil(store, 'c1', T0 + 5000);
      await failUntil(store, 'c2', T0 + 9000);
      await store.expedite(WEBHOOK);
      assert.deepEqual(await dueSends(store, claimBy('a')), ['c1-1', 'c2-1']);
    });

    it('keeps the attempts and the order', async () => {
      const store = await open();
      await failUntil(store, 'c', T0 + 5000);
      await store.expedite(WEBHOOK);
      const send = await claimSend(store);
      assert.equal(send.attempt, 2);
      await deliver(store, send);
      assert.deepEqual(await dueSends(store, claimBy('a')), ['c-2']);
    });

    it('makes those of one conversation due, where it is named', async () => {
      const store = await open();
      await failUntil(store, 'c1', T0 + 5000);
      await failUntil(store, 'c2', T0 + 9000);
      await store.expedite(WEBHOOK, 'c2');
      assert.deepEqual(await dueSends(store, claimBy('a')), ['c2-1']);
    });

    it('leaves another destination alone', async () => {
      const store = await open();
      await failUntil(store, 'c', T0 + 5000);
      await store.expedite('bridge');
      assert.deepEqual(await dueSends(store, claimBy('a')), []);
    });

    it('gives nobody a lane that is held', async () => {
      const store = await open();
      await stageAll(store, 'c', ['1']);
      await claimSend(store, claimBy('a'));
      await store.expedite(WEBHOOK);
      assert.deepEqual(await dueSends(store, claimBy('b')), []);
    });
  });
}
