import assert from 'node:assert/strict';
import type { SendSettlement } from '../../../src/store/deliveryStore';
import { HEALTHY } from '../../../src/store/deliveryStore';
import {
  botRecord,
  breakDown,
  changeTo,
  closed,
  givenBack,
  handingOver,
  handoffNotice,
  know,
  refuse,
  tied,
  untied,
  watched,
  withAgent,
} from '../../support/conversationSamples';
import { claimBy, LEASE_MS, newEvent, settleTerms, T0, unchanged } from '../../support/storeSamples';
import { acceptAll, acceptTurn, claimSend, claimTurn, drainTurns, stageAll } from '../../support/storeSteps';
import type { OpenStore } from './openStore';

const completed = { kind: 'completed' } as const;
const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
const retry = { kind: 'retry', at: T0, notBefore: T0 + 5, error: '500', isAmbiguous: false } as const;
const held = { kind: 'held', at: T0, error: '503', isAmbiguous: false } as const;
const report = newEvent('c', 'report', { source: 'deliveryFailed' });
const dead = { kind: 'dead', at: T0, reason: '400', isAmbiguous: false, notice: report } as const;
const settlements: SendSettlement[] = [delivered, retry, held, dead];

export function describeClaimedConversations(open: OpenStore): void {
  describe('A claimed turn', () => {
    const eventful = [
      closed('c'),
      handingOver('c'),
      withAgent('c'),
      givenBack('c'),
      untied('c'),
      tied('c', 'b'),
    ];
    for (const [index, record] of eventful.entries()) {
      it(`brings what is known of an eventful conversation (${index + 1})`, async () => {
        const store = await open();
        await know(store, record, withAgent('other'));
        const first = await acceptTurn(store, 'c', 'e1');
        assert.deepEqual(first.conversation, record, 'of a claim with the event');
        await acceptAll(store, 'c', ['e2', 'e3']);
        const second = await store.settleTurn(first, completed, claimBy('a'));
        assert.deepEqual(second?.conversation, record, 'of a claim with a settlement');
        await store.releaseLeases('a');
        assert.deepEqual((await claimTurn(store)).conversation, record, 'of a claim of what is due');
      });
    }

    for (const [name, record] of [
      ['plain', botRecord('c')],
      ['unknown', undefined],
    ] as const) {
      it(`brings nothing of ${name} conversations, whatever is known of others`, async () => {
        const store = await open();
        await know(store, withAgent('other'), ...(record === undefined ? [] : [record]));
        const first = await acceptTurn(store, 'c', 'e1');
        await acceptAll(store, 'c', ['e2']);
        const second = await store.settleTurn(first, completed, claimBy('a'));
        await store.releaseLeases('a');
        const third = await claimTurn(store);
        assert.deepEqual(
          [first.conversation, second?.conversation, third.conversation],
          [undefined, undefined, undefined],
        );
        assert.ok(second !== undefined, 'the second was not claimed');
      });
    }

    it('brings what was known at its claim, not at that of its event', async () => {
      const store = await open();
      await acceptAll(store, 'c', ['e1', 'e2']);
      await know(store, withAgent('c'));
      const first = await claimTurn(store);
      assert.deepEqual(first.conversation, withAgent('c'));
      await know(store, botRecord('c'));
      assert.equal((await store.settleTurn(first, completed, claimBy('a')))?.conversation, undefined);
    });
  });

  describe('settleSend with an update of the conversation', () => {
    for (const settlement of settlements) {
      it(`changes it in the commit of '${settlement.kind}'`, async () => {
        const store = await open();
        await know(store, handingOver('c'), handingOver('other'));
        await stageAll(store, 'c', ['m']);
        const { seen, update } = watched(changeTo(withAgent('c'), handoffNotice('c', 'n')));
        await store.settleSend(await claimSend(store), settlement, settleTerms(undefined, unchanged, update));
        assert.deepEqual(seen.at(-1), handingOver('c'));
        assert.deepEqual(await store.findConversation('c'), withAgent('c'));
        assert.deepEqual(await store.findConversation('other'), handingOver('other'));
        const told = settlement.kind === 'dead' ? ['n', 'report'] : ['n'];
        assert.deepEqual(await drainTurns(store), told, 'the notices come before the settlement’s own');
      });

      it(`settles '${settlement.kind}' all the same when the update refuses`, async () => {
        const store = await open();
        await know(store, handingOver('c'));
        await stageAll(store, 'c', ['m']);
        await store.settleSend(await claimSend(store), settlement, settleTerms(undefined, unchanged, refuse));
        assert.deepEqual(await store.findConversation('c'), handingOver('c'));
        const isOver = settlement.kind === 'delivered' || settlement.kind === 'dead';
        assert.equal((await store.stats()).waitingMessages, isOver ? 0 : 1);
        assert.deepEqual(await drainTurns(store), settlement.kind === 'dead' ? ['report'] : []);
      });

      it(`writes nothing of '${settlement.kind}' when the update fails`, async () => {
        const store = await open();
        await stageAll(store, 'c', ['m']);
        const send = await claimSend(store);
        const failing = settleTerms(undefined, unchanged, breakDown);
        await assert.rejects(store.settleSend(send, settlement, failing), /the update fails/);
        assert.equal((await store.stats()).waitingMessages, 1);
        assert.deepEqual(await store.listDeadLetters({ limit: 1 }), []);
        await store.settleSend(send, delivered, settleTerms());
        assert.equal((await store.stats()).waitingMessages, 0);
      });
    }

    it('changes nothing for a worker whose lane was taken over', async () => {
      const store = await open();
      await know(store, handingOver('c'));
      await stageAll(store, 'c', ['m']);
      const old = await claimSend(store, claimBy('a'));
      await claimSend(store, claimBy('b', T0 + LEASE_MS));
      const late = settleTerms(undefined, unchanged, changeTo(withAgent('c'), handoffNotice('c', 'n')));
      await assert.rejects(store.settleSend(old, dead, late));
      assert.deepEqual(await store.findConversation('c'), handingOver('c'));
      assert.deepEqual(await drainTurns(store), []);
      assert.deepEqual(await store.loadHealth(old.message.destination), HEALTHY);
    });
  });
}
