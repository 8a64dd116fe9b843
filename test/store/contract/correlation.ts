import assert from 'node:assert/strict';
import { HOUR, newMessage, settleTerms, T0 } from '../../support/storeSamples';
import { claimSend, deliver, stageAll } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

export function describeCorrelation(open: OpenStore): void {
  describe('findActivityId', () => {
    it('finds the activity that the platform took in under another id', async () => {
      const store = await open();
      const message = newMessage('c', 'm-2', { activityId: 'activity' });
      await store.stage([message], { turn: undefined, claim: undefined });
      await deliver(store, await claimSend(store), 'platform');
      assert.equal(await store.findActivityId('c', 'platform'), 'activity');
    });

    it('finds nothing in another conversation (I8)', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m']);
      await deliver(store, await claimSend(store), 'platform');
      assert.equal(await store.findActivityId('other', 'platform'), undefined);
    });

    it('finds nothing that was not delivered', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m']);
      assert.equal(await store.findActivityId('c', 'platform'), undefined);
    });

    it('still knows the activity an hour later, when more was delivered', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m', 'n']);
      await deliver(store, await claimSend(store), 'first');
      const later = { kind: 'delivered', at: T0 + HOUR, platformMessageId: 'second' } as const;
      await store.settleSend(await claimSend(store), later, settleTerms());
      assert.equal(await store.findActivityId('c', 'first'), 'm');
      assert.equal(await store.findActivityId('c', 'second'), 'n');
    });
  });
}
