import type {
  ClaimedSend,
  ClaimedTurn,
  NewInboxEvent,
  OutboxMessage,
  SendSettlement,
  TurnSettlement,
} from '../deliveryStore';
import type { LaneClaim, LaneSettlement } from '../laneQueue';

export function turnClaim(turn: ClaimedTurn): LaneClaim<NewInboxEvent> {
  return { lane: turn.event.conversationId, item: turn.event, attempt: turn.attempt, fence: turn.fence };
}

export function toSend(claim: LaneClaim<OutboxMessage>): ClaimedSend {
  return { message: claim.item, attempt: claim.attempt, fence: claim.fence };
}

export function sendClaim(send: ClaimedSend): LaneClaim<OutboxMessage> {
  return { lane: send.message.conversationId, item: send.message, attempt: send.attempt, fence: send.fence };
}

export function turnLaneSettlement(
  item: NewInboxEvent,
  settlement: TurnSettlement,
): LaneSettlement<NewInboxEvent> {
  switch (settlement.kind) {
    case 'completed':
    case 'quarantined':
      return { kind: 'remove' };
    case 'released':
      return { kind: 'release', item };
    case 'held':
      return { kind: 'hold', notBefore: settlement.notBefore, item };
    case 'retry':
      return { kind: 'retry', notBefore: settlement.notBefore, item };
  }
}

export function sendLaneSettlement(
  item: OutboxMessage,
  settlement: SendSettlement,
): LaneSettlement<OutboxMessage> {
  switch (settlement.kind) {
    case 'delivered':
    case 'dead':
      return { kind: 'remove' };
    case 'held':
    case 'released':
      return { kind: 'release', item };
    case 'retry':
      return { kind: 'retry', notBefore: settlement.notBefore, item };
  }
}

/** The message as its attempt leaves it. */
export function afterAttempt(message: OutboxMessage, settlement: SendSettlement): OutboxMessage {
  if (settlement.kind === 'delivered' || settlement.kind === 'released') return message;
  const lastError = settlement.kind === 'dead' ? settlement.reason : settlement.error;
  const attempted = { ...message, lastError };
  return settlement.isAmbiguous ? countAmbiguous(attempted) : attempted;
}

/** The message after an attempt whose outcome is unknown (I7). */
export function countAmbiguous(message: OutboxMessage): OutboxMessage {
  return { ...message, ambiguousAttempts: message.ambiguousAttempts + 1 };
}
