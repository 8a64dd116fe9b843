import assert from 'node:assert/strict';
import type { DeliveryStore, Page } from '../../../src/store/deliveryStore';
import { givenBack, handingOver, know, untied, withAgent } from '../../support/conversationSamples';
import { claimBy, settleTerms, T0 } from '../../support/storeSamples';
import { bury, claimSend, deliver, dueSends, stageAll } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

async function ids(store: DeliveryStore, page: Page = { limit: 100 }): Promise<string[]> {
  return (await store.listDeadLetters(page)).map(({ id }) => id);
}

export function describeDeadLetters(open: OpenStore): void {
  describe('Dead letters', () => {
    it('are listed page by page, oldest first', async () => {
      const store = await open();
      for (const id of ['b', 'a', 'd', 'c']) await bury(store, 'c', id);
      assert.deepEqual(await ids(store, { limit: 3 }), ['b', 'a', 'd']);
      assert.deepEqual(await ids(store, { limit: 3, after: 'd' }), ['c']);
      assert.deepEqual(await ids(store, { limit: 3, after: 'c' }), []);
    });

    it('are found by their id', async () => {
      const store = await open();
      for (const id of ['a', 'b']) await bury(store, 'c', id);
      const [, second] = await store.listDeadLetters({ limit: 2 });
      assert.deepEqual(await store.findDeadLetter('b'), second);
      assert.equal(await store.findDeadLetter('x'), undefined);
      await store.discardDeadLetter('b');
      assert.equal(await store.findDeadLetter('b'), undefined);
      await stageAll(store, 'c', ['alive']);
      assert.equal(await store.findDeadLetter('alive'), undefined);
    });

    it('go back to the end of their lane, with their attempts reset', async () => {
      const store = await open();
      await bury(store, 'c', 'dead');
      await stageAll(store, 'c', ['waiting']);
      assert.equal(await store.replayDeadLetter('dead'), 'replayed');
      assert.deepEqual(await ids(store), []);
      const waiting = await claimSend(store);
      assert.equal(waiting.message.id, 'waiting');
      await deliver(store, waiting);
      const replayed = await claimSend(store);
      assert.equal(replayed.message.id, 'dead');
      assert.equal(replayed.attempt, 1);
    });

    it('are replayed at once when nothing waits before them', async () => {
      const store = await open();
      await stageAll(store, 'c', ['m']);
      const retry = { kind: 'retry', at: T0, notBefore: T0 + 9000, error: '500', isAmbiguous: true } as const;
      await store.settleSend(await claimSend(store), retry, settleTerms());
      const death = { kind: 'dead', at: T0, reason: 'enough', isAmbiguous: true, notice: undefined } as const;
      await store.settleSend(await claimSend(store, claimBy('a', T0 + 9000)), death, settleTerms());
      await store.replayDeadLetter('m');
      const replayed = await claimSend(store);
      assert.equal(replayed.attempt, 1);
      assert.equal(replayed.message.ambiguousAttempts, 2, 'what may have arrived is not forgotten');
    });

    it('stay where they are while an agent has the conversation, and are replayed when the bot has it again', async () => {
      const store = await open();
      for (const id of ['c', 'other']) await bury(store, id, `${id}'s`);
      for (const record of [handingOver('c'), withAgent('c'), untied('c')]) {
        await know(store, record);
        assert.equal(await store.replayDeadLetter("c's"), 'gated');
      }
      assert.deepEqual(await ids(store), ["c's", "other's"]);
      assert.deepEqual(await dueSends(store, claimBy('a')), []);
      assert.equal(await store.replayDeadLetter("other's"), 'replayed');
      await know(store, givenBack('c'));
      assert.equal(await store.replayDeadLetter("c's"), 'replayed');
    });

    for (const role of ['handover', 'handoverCopy'] as const) {
      it(`that are a ${role} stay where they are: the conversation went on without it`, async () => {
        const store = await open();
        await bury(store, 'c', 'h', role);
        const before = await store.listDeadLetters({ limit: 10 });
        assert.equal(before[0]?.role, role);
        assert.equal(await store.replayDeadLetter('h'), 'isHandover');
        assert.deepEqual(await store.listDeadLetters({ limit: 10 }), before);
        assert.deepEqual(await dueSends(store, claimBy('a')), []);
        assert.equal((await store.stats()).deadLetters, 1);
        assert.equal(await store.discardDeadLetter('h'), true);
        assert.equal(await store.replayDeadLetter('h'), 'unknown');
      });
    }

    it('may die again', async () => {
      const store = await open();
      await bury(store, 'c', 'm');
      await store.replayDeadLetter('m');
      const death = {
        kind: 'dead',
        at: T0 + 1,
        reason: 'again',
        isAmbiguous: false,
        notice: undefined,
      } as const;
      await store.settleSend(await claimSend(store), death, settleTerms());
      const letters = await store.listDeadLetters({ limit: 10 });
      assert.deepEqual(
        letters.map(({ id, reason }) => ({ id, reason })),
        [{ id: 'm', reason: 'again' }],
      );
    });

    it('are forgotten when they are discarded', async () => {
      const store = await open();
      await bury(store, 'c', 'm');
      assert.equal(await store.discardDeadLetter('m'), true);
      assert.deepEqual(await ids(store), []);
      assert.deepEqual(await dueSends(store, claimBy('a')), []);
    });

    it('are replayed or discarded once', async () => {
      const store = await open();
      await bury(store, 'c', 'replayed');
      await bury(store, 'c', 'discarded');
      await store.replayDeadLetter('replayed');
      await store.discardDeadLetter('discarded');
      for (const id of ['replayed', 'discarded', 'unknown']) {
        assert.equal(await store.replayDeadLetter(id), 'unknown');
        assert.equal(await store.discardDeadLetter(id), false);
      }
      assert.equal((await store.stats()).waitingMessages, 1);
    });
  });
}
