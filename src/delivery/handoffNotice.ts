import type { NewInboxEvent } from '../store/deliveryStore';

/** `payload` of a `handoffStatus` inbox event, as JSON. */
export interface HandoffStatusPayload {
  readonly handoverId: string;
  readonly state: 'accepted' | 'completed' | 'failed';
  /** Why it failed; else empty. */
  readonly message: string;
  /** Where the agent has answered. */
  readonly agentConversationId?: string;
}

/** What a notice is stamped with, made before the step that may need it: the step may be run repeatedly. */
export interface NoticeSlip {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of what causes the notice. */
  readonly traceContext?: string | undefined;
}

/** The event that tells the bot what became of a handover. */
export function toNotice(
  conversationId: string,
  payload: HandoffStatusPayload,
  slip: NoticeSlip,
): NewInboxEvent {
  return {
    id: slip.id,
    conversationId,
    source: 'handoffStatus',
    payload: JSON.stringify(payload),
    dedupeKey: undefined,
    receivedAt: slip.at,
    traceContext: slip.traceContext,
  };
}
