import type { RetryPolicy } from './retryPolicy';
import type { HealthPolicy } from './webhookHealth';

/** How events become turns. */
export interface TurnSettings {
  /** Runs of one turn, the first included, before its event is quarantined. */
  readonly maxAttempts: number;
  /** Milliseconds before a failed turn is run again. */
  readonly retryDelayMs: number;
  /** Turns that run at the same time, each of another conversation. */
  readonly maxConcurrent: number;
}

/** How events are taken in. */
export interface InboxSettings {
  readonly maxBacklog: number;
  readonly dedupeWindowMs: number;
}

/** How messages are sent. */
export interface SenderSettings extends RetryPolicy, HealthPolicy {
  /** Messages on the wire at the same time, each of another conversation. */
  readonly maxConcurrent: number;
}
