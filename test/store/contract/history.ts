import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import type { DeliveryStore, HistoryEntry, SendSettlement } from '../../../src/store/deliveryStore';
import {
  ALL_ENTRIES,
  deadSend,
  failedSend,
  failedTurn,
  heldSend,
  historyOf,
  quarantinedTurn,
} from '../../support/historySteps';
import { present } from '../../support/present';
import {
  acceptAt,
  claimBy,
  LEASE_MS,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  WEBHOOK,
} from '../../support/storeSamples';
import { claimSend, claimTurn, stageSends } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

/** How many failed attempts a store keeps of one message. */
const KEPT = 50;

async function receive(store: DeliveryStore, id: string, at = T0, conversationId = 'c') {
  await store.accept(newEvent(conversationId, id, { receivedAt: at }), acceptAt(at));
}

async function stage(store: DeliveryStore, id: string, at = T0) {
  await store.stage([newMessage('c', id, { stagedAt: at })], { turn: undefined, claim: undefined });
}

async function settle(store: DeliveryStore, settlement: SendSettlement, now: number) {
  await store.settleSend(await claimSend(store, claimBy('a', now)), settlement, settleTerms());
}

function delivered(at: number): SendSettlement {
  return { kind: 'delivered', at, platformMessageId: undefined };
}

async function readByPages(store: DeliveryStore, limit: number): Promise<HistoryEntry[]> {
  const read: HistoryEntry[] = [];
  for (;;) {
    const page = await store.history('c', { limit, after: read.at(-1)?.id });
    if (page.length === 0) return read;
    assert.ok(page.length <= limit);
    read.push(...page);
  }
}

export function describeHistory(open: OpenStore): void {
  describe('The history of a conversation', () => {
    it('is empty when nothing happened in it', async () => {
      const store = await open();
      await receive(store, 'e', T0, 'other');
      assert.deepEqual(await historyOf(store, 'c'), []);
    });

    it('tells an event, its turn, and the way of what the turn sends', async () => {
      const store = await open();
      await receive(store, 'e');
      const turn = await claimTurn(store, claimBy('a', T0 + 1));
      const message = newMessage('c', 'm', { stagedAt: T0 + 2, activityId: 'activity', role: 'handover' });
      const [send] = await stageSends(store, [message], { turn, claim: claimBy('a', T0 + 2) });
      await store.settleTurn(turn, { kind: 'completed' }, claimBy('a', T0 + 3));
      await store.settleSend(present(send), delivered(T0 + 4), settleTerms());
      const entries = await store.history('c', { limit: ALL_ENTRIES });
      const conversationId = 'c';
      const about = { conversationId, messageId: 'm', destination: WEBHOOK };
      assert.deepEqual(
        entries.map(({ id: _id, ...entry }) => entry),
        [
          { kind: 'eventAccepted', at: T0, conversationId, eventId: 'e', source: 'platform' },
          {
            kind: 'messageStaged',
            at: T0 + 2,
            ...about,
            activityId: 'activity',
            role: 'handover',
            eventId: 'e',
          },
          { kind: 'turnAttempt', at: T0 + 3, conversationId, eventId: 'e', attempt: 1, outcome: 'completed' },
          { kind: 'sendAttempt', at: T0 + 4, ...about, attempt: 1, outcome: 'delivered' },
        ],
      );
    });

    it('tells what waits, and what nobody has asked for', async () => {
      const store = await open();
      const notice = newEvent('c', 'n', { source: 'handoffStatus', receivedAt: T0 + 1 });
      await receive(store, 'e');
      await store.accept(notice, acceptAt());
      await stage(store, 'm', T0 + 2);
      assert.deepEqual(await historyOf(store, 'c'), [
        '0 e accepted from platform',
        '1 n accepted from handoffStatus',
        `2 m staged by nobody for ${WEBHOOK}`,
      ]);
    });

    it('tells each run of a turn that fails, and not what the bot said of it (I9)', async () => {
      const store = await open();
      await receive(store, 'e');
      await store.settleTurn(await claimTurn(store), failedTurn(T0 + 1), undefined);
      const second = await claimTurn(store, claimBy('a', T0 + 1));
      await store.settleTurn(second, failedTurn(T0 + 2), undefined);
      const third = await claimTurn(store, claimBy('a', T0 + 2));
      await store.settleTurn(third, quarantinedTurn(T0 + 3), undefined);
      assert.deepEqual(await historyOf(store, 'c'), [
        '0 e accepted from platform',
        '1 e turn 1 failed: TypeError',
        '2 e turn 2 failed: TypeError',
        '3 e turn 3 quarantined: TypeError',
      ]);
    });

    it('tells the run that was the good one', async () => {
      const store = await open();
      await receive(store, 'e');
      await store.settleTurn(await claimTurn(store), failedTurn(T0 + 1), undefined);
      const second = await claimTurn(store, claimBy('a', T0 + 1));
      await store.settleTurn(second, { kind: 'completed' }, claimBy('a', T0 + 2));
      assert.deepEqual((await historyOf(store, 'c')).slice(1), [
        '1 e turn 1 failed: TypeError',
        '2 e turn 2 completed',
      ]);
    });

    it('tells nothing of turns and sends that are given back unused', async () => {
      const store = await open();
      await receive(store, 'e');
      await store.settleTurn(await claimTurn(store), { kind: 'released' }, undefined);
      await store.settleTurn(await claimTurn(store), { kind: 'held', notBefore: T0 + 1 }, undefined);
      await stage(store, 'm');
      await settle(store, { kind: 'released' }, T0);
      assert.equal((await historyOf(store, 'c')).length, 2);
      assert.equal((await claimSend(store)).attempt, 1);
    });

    it('tells each attempt to send, why it failed, and whether the message may have arrived', async () => {
      const store = await open();
      await stage(store, 'm');
      await settle(store, failedSend(T0 + 1), T0);
      await settle(store, heldSend(T0 + 2), T0 + 1);
      await settle(store, failedSend(T0 + 3, true), T0 + 2);
      await settle(store, deadSend(T0 + 4), T0 + 3);
      assert.deepEqual((await historyOf(store, 'c')).slice(1), [
        '1 m send 1 failed: the webhook answered 503',
        '2 m send 2 held: network error ECONNREFUSED',
        '3 m send 2 failed: the webhook answered 503, may have arrived',
        '4 m send 3 dead: the webhook answered 400',
      ]);
    });

    it('tells what was never settled, when the lease has run out', async () => {
      const store = await open();
      await receive(store, 'e');
      await stage(store, 'm');
      await claimTurn(store);
      await claimSend(store);
      const late = claimBy('b', T0 + LEASE_MS);
      const turn = await claimTurn(store, late);
      const send = await claimSend(store, late);
      await store.settleTurn(turn, { kind: 'completed' }, late);
      await store.settleSend(send, delivered(T0 + LEASE_MS), settleTerms());
      assert.deepEqual((await historyOf(store, 'c')).slice(2).sort(), [
        `${LEASE_MS} e turn 1 abandoned`,
        `${LEASE_MS} e turn 2 completed`,
        `${LEASE_MS} m send 1 abandoned`,
        `${LEASE_MS} m send 2 delivered`,
      ]);
    });

    it('tells what was never settled, when the worker gives up', async () => {
      const store = await open();
      await receive(store, 'e');
      await stage(store, 'm');
      await claimTurn(store);
      await claimSend(store);
      await store.releaseLeases('a');
      const told = (await historyOf(store, 'c')).map((entry) => entry.replace(/^\S+ /, ''));
      assert.ok(told.includes('e turn 1 abandoned'), told.join());
      assert.ok(told.includes('m send 1 abandoned'), told.join());
    });

    it('tells nothing of a settlement that came too late', async () => {
      const store = await open();
      await receive(store, 'e');
      await stage(store, 'm');
      const [turn, send] = [await claimTurn(store), await claimSend(store)];
      await claimTurn(store, claimBy('b', T0 + LEASE_MS));
      await claimSend(store, claimBy('b', T0 + LEASE_MS));
      await assert.rejects(store.settleTurn(turn, failedTurn(T0 + 7), undefined), LeaseLostError);
      await assert.rejects(store.settleSend(send, failedSend(T0 + 7), settleTerms()), LeaseLostError);
      const told = await historyOf(store, 'c');
      assert.deepEqual(
        told.filter((entry) => entry.startsWith('7 ')),
        [],
      );
    });

    it('goes on, when an operator has replayed, with the first attempt', async () => {
      const store = await open();
      await receive(store, 'e');
      await store.settleTurn(await claimTurn(store), quarantinedTurn(T0 + 1), undefined);
      await store.replayQuarantined('e', newEvent('c', 'e'));
      const turn = await claimTurn(store, claimBy('a', T0 + 2));
      await store.settleTurn(turn, { kind: 'completed' }, claimBy('a', T0 + 3));
      await stage(store, 'm', T0 + 4);
      await settle(store, deadSend(T0 + 5), T0 + 4);
      await store.replayDeadLetter('m');
      await settle(store, failedSend(T0 + 6), T0 + 5);
      await settle(store, delivered(T0 + 7), T0 + 6);
      assert.deepEqual(await historyOf(store, 'c'), [
        '0 e accepted from platform',
        '1 e turn 1 quarantined: TypeError',
        '3 e turn 1 completed',
        `4 m staged by nobody for ${WEBHOOK}`,
        '5 m send 1 dead: the webhook answered 400',
        '6 m send 1 failed: the webhook answered 503',
        '7 m send 2 delivered',
      ]);
    });

    it('tells a request that an operator made an event of, as an event', async () => {
      const store = await open();
      await store.quarantine({ id: 'q', body: '{', reason: 'not JSON', receivedAt: T0 }, 10);
      await store.replayQuarantined('q', newEvent('c', 'e'));
      assert.deepEqual(await historyOf(store, 'c'), ['0 e accepted from platform']);
    });

    it('still tells a dead letter that an operator has discarded', async () => {
      const store = await open();
      await stage(store, 'm');
      await settle(store, deadSend(T0 + 1), T0);
      await store.discardDeadLetter('m');
      assert.equal((await historyOf(store, 'c')).length, 2);
    });

    it('keeps the latest attempts of what fails over and over', async () => {
      const store = await open();
      await stage(store, 'm');
      await stage(store, 'n');
      for (let probe = 1; probe <= KEPT + 10; probe++) await settle(store, heldSend(T0 + probe), T0 + probe);
      await settle(store, delivered(T0 + 100), T0 + 100);
      await settle(store, failedSend(T0 + 101), T0 + 101);
      const told = await historyOf(store, 'c');
      assert.equal(told.length, 2 + KEPT + 2);
      assert.match(told[2] ?? '', /^11 m send 1 held/);
      assert.match(told.at(-1) ?? '', /^101 n send 1 failed/);
    });

    it('is in the order of its times, also where one destination waits longer than another', async () => {
      const store = await open();
      const toBridge = newMessage('c', 'b', { destination: 'bridge', stagedAt: T0 });
      await store.stage([toBridge], { turn: undefined, claim: undefined });
      const [bridged] = await store.claimSends('bridge', 1, claimBy('a'));
      await stage(store, 'm', T0 + 1);
      await settle(store, delivered(T0 + 2), T0 + 1);
      await stage(store, 'n', T0 + 3);
      await settle(store, delivered(T0 + 4), T0 + 3);
      await store.settleSend(present(bridged), delivered(T0 + 9), settleTerms());
      assert.deepEqual(
        (await historyOf(store, 'c')).map((entry) => entry.split(' ').slice(0, 3).join(' ')),
        ['0 b staged', '1 m staged', '2 m send', '3 n staged', '4 n send', '9 b send'],
      );
    });

    it('is read page by page, without a gap or a repeat', async () => {
      const store = await open();
      for (const serial of [1, 2, 3, 4]) {
        await receive(store, `e${serial}`);
        await receive(store, `other${serial}`, T0, 'other');
        await stage(store, `m${serial}`);
        await settle(store, failedSend(T0), T0);
        await settle(store, serial % 2 === 0 ? deadSend(T0) : delivered(T0), T0);
      }
      const all = await store.history('c', { limit: ALL_ENTRIES });
      assert.equal(all.length, 16);
      for (const limit of [1, 3, 5, 16]) assert.deepEqual(await readByPages(store, limit), all);
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    });

    it('refuses a place that is none', async () => {
      const store = await open();
      for (const after of ['', 'x', '1', '1.2.3.4.5.6', `1.${'9'.repeat(30)}`]) {
        await assert.rejects(store.history('c', { limit: 1, after }), TypeError, after);
      }
    });
  });
}
