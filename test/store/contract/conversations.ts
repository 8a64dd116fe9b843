import assert from 'node:assert/strict';
import { acceptAt, newEvent, settleTerms, T0 } from '../../support/storeSamples';
import { acceptAll, claimSend, quarantineEvent, stageAll } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

export function describeConversations(open: OpenStore): void {
  describe('The state of a conversation', () => {
    it('is the bot’s as long as nothing is known', async () => {
      const store = await open();
      assert.equal(await store.conversationState('c'), 'bot');
    });

    it('is closed when the bot closes it, and no other with it', async () => {
      const store = await open();
      await store.closeConversation('c', T0);
      assert.equal(await store.conversationState('c'), 'closed');
      assert.equal(await store.conversationState('other'), 'bot');
    });

    it('stays closed when it is closed twice', async () => {
      const store = await open();
      await store.closeConversation('c', T0);
      await store.closeConversation('c', T0 + 1);
      assert.equal(await store.conversationState('c'), 'closed');
    });

    it('is open again with the next event of the platform', async () => {
      const store = await open();
      await store.closeConversation('c', T0);
      await acceptAll(store, 'c', ['e']);
      assert.equal(await store.conversationState('c'), 'bot');
    });

    it('stays closed when a repeat or an event too many comes in', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'first', { dedupeKey: 'k' }), acceptAt());
      await store.closeConversation('c', T0);
      await store.accept(newEvent('c', 'repeat', { dedupeKey: 'k' }), acceptAt());
      await store.accept(newEvent('c', 'refused'), acceptAt(T0, { maxBacklog: 1 }));
      assert.equal(await store.conversationState('c'), 'closed');
    });

    it('stays closed when the engine has something to tell the bot', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m']);
      await store.closeConversation('c', T0);
      const notice = newEvent('c', 'notice', { source: 'deliveryFailed' });
      const death = { kind: 'dead', at: T0, reason: '400', isAmbiguous: false, notice } as const;
      await store.settleSend(await claimSend(store), death, settleTerms());
      assert.equal(await store.conversationState('c'), 'closed');
    });

    it('is open again when an event of the platform is replayed', async () => {
      const store = await open();
      await quarantineEvent(store, 'c', 'e');
      await store.closeConversation('c', T0);
      await store.replayQuarantined('e', newEvent('c', 'e'));
      assert.equal(await store.conversationState('c'), 'bot');
    });
  });
}
