import assert from 'node:assert/strict';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import {
  ALL_ENTRIES,
  deadSend,
  failedSend,
  failedTurn,
  follow,
  quarantinedTurn,
  sketch,
} from '../../support/historySteps';
import {
  acceptAt,
  claimBy,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  WEBHOOK,
} from '../../support/storeSamples';
import { claimSend, claimTurn } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

/** One event of a conversation of its own is answered, each step a moment after the one before. */
async function echo(store: DeliveryStore, id: string, at: number): Promise<void> {
  const conversationId = `c-${id}`;
  await store.accept(newEvent(conversationId, id, { receivedAt: at }), acceptAt(at));
  const turn = await claimTurn(store, claimBy('a', at));
  const message = newMessage(conversationId, `${id}.1`, { stagedAt: at + 1 });
  await store.stage([message], { turn, claim: undefined });
  await store.settleTurn(turn, { kind: 'completed' }, claimBy('a', at + 2));
  const delivered = { kind: 'delivered', at: at + 3, platformMessageId: undefined } as const;
  await store.settleSend(await claimSend(store, claimBy('a', at + 2)), delivered, settleTerms());
}

/** What is told of an echo. */
function echoed(id: string, at: number): string[] {
  return [
    `${at - T0} ${id} accepted from platform`,
    `${at - T0 + 1} ${id}.1 staged by ${id} for ${WEBHOOK}`,
    `${at - T0 + 2} ${id} turn 1 completed`,
    `${at - T0 + 3} ${id}.1 send 1 delivered`,
  ];
}

async function start(store: DeliveryStore): Promise<string> {
  return (await store.activity(undefined, 1)).cursor;
}

export function describeActivity(open: OpenStore): void {
  describe('What happens in all conversations', () => {
    it('is nothing at first, and can be followed from there', async () => {
      const store = await open();
      const { entries, cursor } = await store.activity(undefined, 10);
      assert.deepEqual(entries, []);
      assert.deepEqual((await follow(store, cursor, 10)).told, []);
      await echo(store, 'e', T0);
      assert.deepEqual((await follow(store, cursor, 10)).told, echoed('e', T0));
    });

    it('begins with the latest', async () => {
      const store = await open();
      for (const serial of [1, 2, 3]) await echo(store, `e${serial}`, T0 + serial * 10);
      const { entries, cursor } = await store.activity(undefined, 6);
      assert.deepEqual(entries.map(sketch), [...echoed('e2', T0 + 20).slice(2), ...echoed('e3', T0 + 30)]);
      assert.deepEqual((await follow(store, cursor, 10)).told, []);
    });

    for (const limit of [1, 2, 3, 100]) {
      it(`is told once, ${limit} at a time`, async () => {
        const store = await open();
        await echo(store, 'before', T0);
        const cursor = await start(store);
        const ids = Array.from({ length: 7 }, (_, index) => `e${index}`);
        for (const [index, id] of ids.entries()) await echo(store, id, T0 + index * 10);
        const first = await follow(store, cursor, limit);
        assert.deepEqual(first.told.sort(), ids.flatMap((id, index) => echoed(id, T0 + index * 10)).sort());
        await echo(store, 'after', T0);
        assert.deepEqual((await follow(store, first.cursor, limit)).told, echoed('after', T0));
      });
    }

    it('is told together up to about the limit', async () => {
      const store = await open();
      const cursor = await start(store);
      for (const serial of [1, 2, 3, 4, 5]) await echo(store, `e${serial}`, T0 + serial * 10);
      const { entries } = await store.activity(cursor, 8);
      assert.deepEqual(entries.map(sketch), [...echoed('e1', T0 + 10), ...echoed('e2', T0 + 20)]);
    });

    it('tells what fails, and what an operator has to look at', async () => {
      const store = await open();
      const cursor = await start(store);
      await store.accept(newEvent('c', 'e'), acceptAt());
      await store.settleTurn(await claimTurn(store), failedTurn(T0 + 1), undefined);
      const again = await claimTurn(store, claimBy('a', T0 + 1));
      await store.settleTurn(again, quarantinedTurn(T0 + 2), undefined);
      await store.quarantine({ id: 'q', body: '{', reason: 'not JSON', receivedAt: T0 + 3 }, 10);
      await store.stage([newMessage('c', 'm', { stagedAt: T0 + 4 })], { turn: undefined, claim: undefined });
      await store.settleSend(await claimSend(store), failedSend(T0 + 5), settleTerms());
      const send = await claimSend(store, claimBy('a', T0 + 5));
      await store.settleSend(send, deadSend(T0 + 6), settleTerms());
      assert.deepEqual((await follow(store, cursor, 100)).told, [
        '0 e accepted from platform',
        '1 e turn 1 failed: TypeError',
        '2 e turn 2 quarantined: TypeError',
        '3 request q quarantined',
        `4 m staged by nobody for ${WEBHOOK}`,
        '5 m send 1 failed: the webhook answered 503',
        '6 m send 2 dead: the webhook answered 400',
      ]);
    });

    it('tells of what an operator replays only what becomes of it', async () => {
      const store = await open();
      await store.accept(newEvent('c', 'e'), acceptAt());
      await store.settleTurn(await claimTurn(store), quarantinedTurn(T0), undefined);
      await store.stage([newMessage('c', 'm')], { turn: undefined, claim: undefined });
      await store.settleSend(await claimSend(store), deadSend(T0), settleTerms());
      const cursor = await start(store);
      await store.replayQuarantined('e', newEvent('c', 'e'));
      await store.replayDeadLetter('m');
      const replayed = await follow(store, cursor, 100);
      assert.deepEqual(replayed.told, []);
      await store.settleTurn(await claimTurn(store), { kind: 'completed' }, claimBy('a', T0 + 1));
      await store.settleSend(await claimSend(store), deadSend(T0 + 2), settleTerms());
      assert.deepEqual((await follow(store, replayed.cursor, 100)).told, [
        '1 e turn 1 completed',
        '2 m send 1 dead: the webhook answered 400',
      ]);
    });

    it('is the same as the histories of the conversations', async () => {
      const store = await open();
      const cursor = await start(store);
      for (const serial of [1, 2, 3]) await echo(store, `e${serial}`, T0 + serial * 10);
      const told = await store.activity(cursor, 100);
      const histories = await Promise.all(
        ['c-e1', 'c-e2', 'c-e3'].map((id) => store.history(id, { limit: ALL_ENTRIES })),
      );
      const withoutPlace = ({ id: _id, ...entry }: { readonly id: string }) => entry;
      assert.deepEqual(told.entries.map(withoutPlace), histories.flat().map(withoutPlace));
    });

    it('refuses a cursor that is none', async () => {
      const store = await open();
      for (const cursor of ['', 'x', '1.x', '9'.repeat(30)]) {
        await assert.rejects(store.activity(cursor, 1), TypeError, cursor);
      }
    });
  });
}
