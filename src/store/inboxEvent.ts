/** Who made an inbox event: the platform, or the engine that has something to tell the bot. */
export type InboxSource = 'platform' | 'deliveryFailed' | 'handoffStatus';

/** An event as it enters the inbox. */
export interface NewInboxEvent {
  /** Unique; made by the caller. */
  readonly id: string;
  readonly conversationId: string;
  readonly source: InboxSource;
  /** JSON text. */
  readonly payload: string;
  /** `undefined` for an event that cannot be told from a repeat. */
  readonly dedupeKey: string | undefined;
  readonly receivedAt: number;
  /** What it was caused by: a W3C `traceparent`. Stored as it is and given back with its turn. */
  readonly traceContext?: string | undefined;
}
