import type {
  ClaimedSend,
  ClaimedTurn,
  ClaimTerms,
  DeliveryStore,
  SendSettlement,
  TurnSettlement,
} from '../../src/store/deliveryStore';
import type { ModelClaim, ModelSettlement } from './laneModel';
import { acceptAt, newEvent, newMessage, settleTerms, T0, WEBHOOK } from './storeSamples';
import { stageSends } from './storeSteps';

/** A claim that knows how to be settled. */
export interface QueueClaim extends ModelClaim {
  settle(
    settlement: ModelSettlement,
    notBefore: number,
    claimNext: ClaimTerms | undefined,
  ): Promise<QueueClaim | undefined>;
}

/** Inbox and outbox of a store, seen as the same kind of queue. */
export interface QueueUnderTest {
  /** @returns What was claimed in the same commit. */
  push(lane: string, id: string, now: number, claim: ClaimTerms | undefined): Promise<QueueClaim | undefined>;
  claim(limit: number, terms: ClaimTerms): Promise<QueueClaim[]>;
}

function ofTurn(store: DeliveryStore, turn: ClaimedTurn): QueueClaim {
  const toSettlement = (settlement: ModelSettlement, notBefore: number): TurnSettlement => {
    switch (settlement) {
      case 'remove':
        return { kind: 'completed' };
      case 'retry':
        return { kind: 'retry', at: T0, notBefore, cause: 'Error' };
      case 'release':
        return { kind: 'released' };
      case 'hold':
        return { kind: 'held', notBefore };
    }
  };
  return {
    lane: turn.event.conversationId,
    id: turn.event.id,
    attempt: turn.attempt,
    fence: turn.fence,
    async settle(settlement, notBefore, claimNext) {
      const next = await store.settleTurn(turn, toSettlement(settlement, notBefore), claimNext);
      return next && ofTurn(store, next);
    },
  };
}

function ofSend(store: DeliveryStore, send: ClaimedSend): QueueClaim {
  const toSettlement = (settlement: ModelSettlement, notBefore: number): SendSettlement => {
    const failure = { error: 'failed', isAmbiguous: false };
    switch (settlement) {
      case 'remove':
        return { kind: 'delivered', at: 0, platformMessageId: undefined };
      case 'retry':
        return { kind: 'retry', at: T0, notBefore, ...failure };
      case 'release':
        return { kind: 'held', at: T0, ...failure };
      case 'hold':
        throw new Error('A message cannot be held until a time.');
    }
  };
  return {
    lane: send.message.conversationId,
    id: send.message.id,
    attempt: send.attempt,
    fence: send.fence,
    async settle(settlement, notBefore, claimNext) {
      const { next } = await store.settleSend(
        send,
        toSettlement(settlement, notBefore),
        settleTerms(claimNext),
      );
      return next && ofSend(store, next);
    },
  };
}

export function inboxOf(store: DeliveryStore): QueueUnderTest {
  return {
    async push(lane, id, now, claim) {
      const outcome = await store.accept(newEvent(lane, id), acceptAt(now, { claim }));
      return outcome.status === 'stored' && outcome.turn ? ofTurn(store, outcome.turn) : undefined;
    },
    claim: async (limit, terms) => (await store.claimTurns(limit, terms)).map((turn) => ofTurn(store, turn)),
  };
}

export function outboxOf(store: DeliveryStore): QueueUnderTest {
  return {
    async push(lane, id, _now, claim) {
      const [send] = await stageSends(store, [newMessage(lane, id)], { turn: undefined, claim });
      return send && ofSend(store, send);
    },
    claim: async (limit, terms) =>
      (await store.claimSends(WEBHOOK, limit, terms)).map((send) => ofSend(store, send)),
  };
}
