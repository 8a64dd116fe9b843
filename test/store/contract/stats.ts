import assert from 'node:assert/strict';
import { newMessage, settleTerms, T0 } from '../../support/storeSamples';
import { acceptAll, bury, claimSend, claimTurn, quarantineEvent, stageAll } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

export function describeStats(open: OpenStore): void {
  describe('stats', () => {
    it('counts nothing in an empty store', async () => {
      const store = await open();
      assert.deepEqual(await store.stats(), {
        waitingEvents: 0,
        waitingMessages: 0,
        deadLetters: 0,
        quarantined: 0,
      });
    });

    it('counts what waits, what is under way, and what an operator has to look at', async () => {
      const store = await open();
      await bury(store, 'dead', 'd1');
      await quarantineEvent(store, 'ill', 'q1');
      await store.quarantine({ id: 'q2', body: '{', reason: 'not JSON', receivedAt: T0 }, 10);
      await acceptAll(store, 'c', ['e1', 'e2', 'e3']);
      await stageAll(store, 'c', ['m1', 'm2']);
      await store.stage([newMessage('c', 'm3', { destination: 'bridge' })], {
        turn: undefined,
        claim: undefined,
      });
      await claimTurn(store);
      const retry = { kind: 'retry', notBefore: T0 + 1, error: '500', isAmbiguous: false } as const;
      await store.settleSend(await claimSend(store), retry, settleTerms());
      assert.deepEqual(await store.stats(), {
        waitingEvents: 3,
        waitingMessages: 3,
        deadLetters: 1,
        quarantined: 2,
      });
    });
  });
}
