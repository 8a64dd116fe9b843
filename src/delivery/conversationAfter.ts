import { randomUUID } from 'node:crypto';
import type { ClaimedSend, ConversationUpdate, SendSettlement } from '../store/deliveryStore';
import { handoverDelivered, handoverDied } from './conversationLife';

/** What the end of a handover's journey does to its conversation. */
export function conversationAfter(
  { message }: ClaimedSend,
  settlement: SendSettlement,
): ConversationUpdate | undefined {
  if (message.role !== 'handover') return undefined;
  if (settlement.kind === 'delivered') return handoverDelivered(message.activityId, settlement.at);
  if (settlement.kind !== 'dead') return undefined;
  const { at, reason } = settlement;
  return handoverDied(message.activityId, at, reason, {
    id: randomUUID(),
    at,
    traceContext: message.traceContext,
  });
}
