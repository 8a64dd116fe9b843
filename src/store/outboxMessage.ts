/**
 * What a message is to its conversation: something that the bot says; the handover itself, whose fate decides who has
 * the conversation; or what another contact centre is told of the handover.
 */
export type MessageRole = 'message' | 'handover' | 'handoverCopy';

/** A message as it enters the outbox. */
export interface NewOutboxMessage {
  /** Unique and stable when the turn is run again (I4); goes out as `Idempotency-Key` (I7). */
  readonly id: string;
  readonly activityId: string;
  readonly conversationId: string;
  readonly destination: string;
  /** The request body, JSON text. */
  readonly body: string;
  readonly stagedAt: number;
  readonly role: MessageRole;
  /** False for what the bot says about a failed delivery, so that failures cannot breed failures. */
  readonly reportsFailure: boolean;
  /** What it was caused by: a W3C `traceparent`. Stored as it is and given back with each attempt to send. */
  readonly traceContext?: string | undefined;
  /**
   * When the event was received that it answers, in milliseconds since the epoch; `undefined` when it answers none. Stored
   * so that the way from event to reply can be timed by whichever process delivers it.
   */
  readonly eventReceivedAt?: number | undefined;
}

/** A message in the outbox. */
export interface OutboxMessage extends NewOutboxMessage {
  /** Attempts whose outcome is unknown: the bytes may have arrived (I7). */
  readonly ambiguousAttempts: number;
  readonly lastError: string | undefined;
}
