import type { AlertPercent } from './alertLevels';

/** What every event of health has. */
export interface EveryHealthEvent {
  /** `warning` at 50 and 70 percent of the limit, `critical` at 90 and 100, `recovered` when all is well again. */
  readonly level: 'warning' | 'critical' | 'recovered';
  /** The threshold that was reached, in percent of the limit; 0 for a recovery. */
  readonly percent: AlertPercent | 0;
  /** What is the matter, in words. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
  /** Milliseconds since the epoch: since when not all is well, or was not, as far as it is known here. */
  readonly since: number;
  /** Milliseconds since the epoch: when this was noticed. */
  readonly at: number;
}

/** What fails in a row: the webhook, a bridge by the name of its destination, our answers to Webex Connect. */
export type FailingSubject = 'webhook' | `bridge:${string}` | 'platform';

/** Failures in a row of one thing. */
export interface FailureEvent extends EveryHealthEvent {
  readonly subject: FailingSubject;
  /** Consecutive failures. */
  readonly failures: number;
  /** The number of them that makes it inactive. */
  readonly limit: number;
}

/** Much, or too much, waits. */
export interface BacklogEvent extends EveryHealthEvent {
  readonly subject: 'waitingEvents' | 'waitingMessages';
  readonly waiting: number;
  /** The option `inbound.maxBacklog`. */
  readonly limit: number;
}

/** The store does not answer, or does again: 100 percent at once. */
export interface StoreEvent extends EveryHealthEvent {
  readonly subject: 'store';
  /** The name and code of the last error; never its message. */
  readonly error: string;
}

/** Webex Connect has not called for longer than `health.expectTrafficWithinMs`, or has again: 100 percent at once. */
export interface TrafficEvent extends EveryHealthEvent {
  readonly subject: 'traffic';
  /** The option `health.expectTrafficWithinMs`. */
  readonly expectedWithinMs: number;
}

/** What listeners of `adapter.on('health', …)` are told. Holds no text of anybody, no token and no address (I9). */
export type HealthEvent = FailureEvent | BacklogEvent | StoreEvent | TrafficEvent;

/** What a {@link HealthEvent} is about. */
export type HealthSubject = HealthEvent['subject'];

/** The events of an adapter, by name. */
export interface AdapterEvents {
  readonly health: HealthEvent;
}
