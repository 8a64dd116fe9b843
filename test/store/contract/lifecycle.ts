import assert from 'node:assert/strict';
import { StoreClosedError } from '../../../src/errors';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import { HEALTHY } from '../../../src/store/deliveryStore';
import { leaveAsIs } from '../../support/conversationSamples';
import {
  acceptAt,
  claimBy,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  WEBHOOK,
} from '../../support/storeSamples';

const turn = { event: newEvent('c'), attempt: 1, fence: 1, conversation: undefined };
const send = {
  message: { ...newMessage('c'), ambiguousAttempts: 0, lastError: undefined },
  attempt: 1,
  fence: 1,
};
const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
const tieIds = { channelId: 'webexconnect', agentConversationId: 'a', botConversationId: 'c' };
const request = { id: 'q', body: '{', reason: 'not JSON', receivedAt: T0 };

const calls: Record<string, (store: DeliveryStore) => Promise<unknown>> = {
  accept: (store) => store.accept(newEvent('c'), acceptAt()),
  claimTurns: (store) => store.claimTurns(1, claimBy('a')),
  settleTurn: (store) => store.settleTurn(turn, { kind: 'completed' }, undefined),
  nextTurnAt: (store) => store.nextTurnAt(T0),
  stage: (store) => store.stage([newMessage('c')], { turn: undefined, claim: undefined }),
  claimSends: (store) => store.claimSends(WEBHOOK, 1, claimBy('a')),
  settleSend: (store) => store.settleSend(send, delivered, settleTerms()),
  nextSendAt: (store) => store.nextSendAt(WEBHOOK, T0),
  expedite: (store) => store.expedite(WEBHOOK),
  findActivityId: (store) => store.findActivityId('c', 'm'),
  loadHealth: (store) => store.loadHealth(WEBHOOK),
  updateHealth: (store) => store.updateHealth(WEBHOOK, () => HEALTHY),
  renewLeases: (store) => store.renewLeases(claimBy('a')),
  releaseLeases: (store) => store.releaseLeases('a'),
  listDestinations: (store) => store.listDestinations(),
  findDeadLetter: (store) => store.findDeadLetter('d'),
  submitCommands: (store) => store.operatorCommands.submit([], { now: T0, expiresAfterMs: 1 }),
  takeCommands: (store) => store.operatorCommands.take(1, T0),
  answerCommand: (store) => store.operatorCommands.answer('c', { status: 'done' }),
  commandStates: (store) => store.operatorCommands.states(['c']),
  withdrawCommands: (store) => store.operatorCommands.withdraw(['c']),
  forgetCommands: (store) => store.operatorCommands.forget(['c']),
  listDeadLetters: (store) => store.listDeadLetters({ limit: 1 }),
  replayDeadLetter: (store) => store.replayDeadLetter('d'),
  discardDeadLetter: (store) => store.discardDeadLetter('d'),
  quarantine: (store) => store.quarantine(request, 1),
  listQuarantine: (store) => store.listQuarantine({ limit: 1 }),
  findQuarantined: (store) => store.findQuarantined('q'),
  replayQuarantined: (store) => store.replayQuarantined('q', newEvent('c')),
  discardQuarantined: (store) => store.discardQuarantined('q'),
  findConversation: (store) => store.findConversation('c'),
  listConversations: (store) => store.listConversations('bot', { limit: 1 }),
  updateConversation: (store) => store.updateConversation('c', leaveAsIs),
  tieConversation: (store) => store.tieConversation(tieIds, () => ({ kind: 'refused' })),
  recentTranscript: (store) => store.recentTranscript('webexconnect', 'c', 1),
  history: (store) => store.history('c', { limit: 1 }),
  activity: (store) => store.activity(undefined, 1),
  stats: (store) => store.stats(),
};

export function describeLifecycle(make: () => Promise<DeliveryStore>): void {
  describe('open and close', () => {
    for (const [name, call] of Object.entries(calls)) {
      it(`refuses ${name} before it is opened`, async () => {
        const store = await make();
        await assert.rejects(call(store), StoreClosedError);
      });

      it(`refuses ${name} after it is closed`, async () => {
        const store = await make();
        await store.open();
        await store.close();
        await assert.rejects(call(store), StoreClosedError);
      });
    }

    it('may be opened twice', async () => {
      const store = await make();
      await store.open();
      await store.accept(newEvent('c', 'e'), acceptAt());
      await store.open();
      assert.equal((await store.stats()).waitingEvents, 1);
      await store.close();
    });

    it('may be watched, until nobody cares any more', async () => {
      const store = await make();
      await store.open();
      const end = store.watch(() => {});
      end();
      end();
      await store.close();
    });

    it('may be closed twice', async () => {
      const store = await make();
      await store.open();
      await store.close();
      await store.close();
    });
  });
}
