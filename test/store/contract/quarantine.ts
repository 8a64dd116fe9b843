import assert from 'node:assert/strict';
import type { DeliveryStore, Page } from '../../../src/store/deliveryStore';
import { acceptAt, claimBy, newEvent, T0 } from '../../support/storeSamples';
import { acceptAll, claimTurn, dueTurns, quarantineEvent } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

async function ids(store: DeliveryStore, page: Page = { limit: 100 }): Promise<string[]> {
  return (await store.listQuarantine(page)).map(({ id }) => id);
}

async function quarantineRequest(store: DeliveryStore, id: string, limit = 10): Promise<void> {
  await store.quarantine({ id, body: 'not {JSON', reason: 'not JSON', receivedAt: T0 }, limit);
}

export function describeQuarantine(open: OpenStore): void {
  describe('Quarantine', () => {
    it('keeps a request as it is', async () => {
      const store = await open();
      const request = { id: 'q', body: '\u{1F600} \\ "{', reason: 'not JSON', receivedAt: T0 + 5 };
      await store.quarantine(request, 10);
      assert.deepEqual(await store.findQuarantined('q'), { kind: 'request', ...request });
      const withDetails = { ...request, id: 'r', details: 'it said \u0000 "' };
      await store.quarantine(withDetails, 10);
      assert.deepEqual(await store.findQuarantined('r'), { kind: 'request', ...withDetails });
    });

    it('finds an event whose turn failed, and nothing that is not there', async () => {
      const store = await open();
      const why = { reason: 'failed 3 times', details: 'cannot find "\ud83d\u0000"' };
      await quarantineEvent(store, 'c', 'e', why);
      assert.deepEqual(await store.findQuarantined('e'), {
        kind: 'event',
        id: 'e',
        event: newEvent('c', 'e'),
        ...why,
        attempts: 1,
        quarantinedAt: T0,
      });
      assert.equal(await store.findQuarantined('unknown'), undefined);
    });

    it('keeps what the engine has to tell the bot, as it is', async () => {
      const store = await open();
      for (const source of ['deliveryFailed', 'handoffStatus'] as const) {
        const notice = newEvent('c', source, { source });
        await store.accept(notice, acceptAt());
        const turn = await claimTurn(store);
        assert.deepEqual(turn.event, notice);
        await store.settleTurn(
          turn,
          { kind: 'quarantined', at: T0, reason: 'failed', cause: 'Error' },
          undefined,
        );
        const item = await store.findQuarantined(source);
        assert.deepEqual(item?.kind === 'event' && item.event, notice);
      }
    });

    it('is listed page by page, oldest first', async () => {
      const store = await open();
      for (const id of ['b', 'a', 'd', 'c']) await quarantineRequest(store, id);
      assert.deepEqual(await ids(store, { limit: 3 }), ['b', 'a', 'd']);
      assert.deepEqual(await ids(store, { limit: 3, after: 'd' }), ['c']);
      assert.deepEqual(await ids(store, { limit: 3, after: 'c' }), []);
    });

    it('lets the oldest request go when there are too many', async () => {
      const store = await open();
      for (const id of ['1', '2', '3', '4']) await quarantineRequest(store, id, 2);
      assert.deepEqual(await ids(store), ['3', '4']);
    });

    it('never lets an event go for a request', async () => {
      const store = await open();
      await quarantineEvent(store, 'c', 'e');
      for (const id of ['1', '2', '3']) await quarantineRequest(store, id, 1);
      assert.deepEqual(await ids(store), ['e', '3']);
    });

    it('gives an event back to the end of its conversation, with its attempts reset', async () => {
      const store = await open();
      await quarantineEvent(store, 'c', 'e');
      await acceptAll(store, 'c', ['waiting']);
      assert.equal(await store.replayQuarantined('e', newEvent('c', 'e')), true);
      assert.deepEqual(await ids(store), []);
      const waiting = await claimTurn(store);
      assert.equal(waiting.event.id, 'waiting');
      const next = await store.settleTurn(waiting, { kind: 'completed' }, claimBy('a'));
      assert.equal(next?.event.id, 'e');
      assert.equal(next.attempt, 1);
    });

    it('gives a request back as the event that it was read as', async () => {
      const store = await open();
      await quarantineRequest(store, 'q');
      const event = newEvent('c', 'e', { dedupeKey: 'k' });
      assert.equal(await store.replayQuarantined('q', event), true);
      assert.deepEqual((await claimTurn(store)).event, event);
    });

    it('may take an event back that failed again', async () => {
      const store = await open();
      await quarantineEvent(store, 'c', 'e');
      await store.replayQuarantined('e', newEvent('c', 'e'));
      const turn = await claimTurn(store);
      await store.settleTurn(
        turn,
        { kind: 'quarantined', at: T0, reason: 'again', cause: 'Error' },
        undefined,
      );
      assert.equal((await store.findQuarantined('e'))?.reason, 'again');
    });

    it('forgets what is discarded', async () => {
      const store = await open();
      await quarantineRequest(store, 'q');
      await quarantineEvent(store, 'c', 'e');
      assert.equal(await store.discardQuarantined('q'), true);
      assert.equal(await store.discardQuarantined('e'), true);
      assert.deepEqual(await ids(store), []);
      assert.deepEqual(await dueTurns(store, claimBy('a')), []);
    });

    it('replays and discards an item once', async () => {
      const store = await open();
      await quarantineRequest(store, 'replayed');
      await quarantineRequest(store, 'discarded');
      await store.replayQuarantined('replayed', newEvent('c', 'e'));
      await store.discardQuarantined('discarded');
      for (const id of ['replayed', 'discarded', 'unknown']) {
        assert.equal(await store.replayQuarantined(id, newEvent('c', `${id}-again`)), false);
        assert.equal(await store.discardQuarantined(id), false);
      }
      assert.deepEqual(await dueTurns(store, claimBy('a')), ['e']);
    });
  });
}
