import type {
  ClaimedSend,
  ClaimedTurn,
  ClaimTerms,
  DeliveryStore,
  SendSettlement,
  TurnSettlement,
} from '../../src/store/deliveryStore';
import type { ModelClaim, ModelSettlement } from './laneModel';
import { acceptAt, newEvent, newMessage, settleTerms, WEBHOOK } from './storeSamples';

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
    if (settlement === 'remove') return { kind: 'completed' };
    return settlement === 'release' ? { kind: 'released' } : { kind: 'retry', notBefore };
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
    if (settlement === 'remove') return { kind: 'delivered', at: 0, platformMessageId: undefined };
    const failure = { error: 'failed', isAmbiguous: false };
    return settlement === 'release' ? { kind: 'held', ...failure } : { kind: 'retry', notBefore, ...failure };
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
      const [send] = await store.stage([newMessage(lane, id)], { turn: undefined, claim });
      return send && ofSend(store, send);
    },
    claim: async (limit, terms) =>
      (await store.claimSends(WEBHOOK, limit, terms)).map((send) => ofSend(store, send)),
  };
}
