import type { DestinationHealth, StoreStats } from '../../store/deliveryStore';

/** `pass`: all is well. `warn`: somebody should look. `fail`: events cannot be stored. */
export type HealthStatus = 'pass' | 'warn' | 'fail';

/** Where the adapter is in its life. */
export type AdapterState =
  /** `lastError`: the name and code of the error that the last `start` rejected with. */
  | { readonly kind: 'notStarted'; readonly lastError: string | undefined }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'stopped' };

/** A place that messages go to: its health, and the number of consecutive failures that makes it inactive. */
export type DestinationReport = DestinationHealth & { readonly limit: number };

/** How Webex Connect sees this bot, as far as it can be told from here. Times are milliseconds since the epoch. */
export interface PlatformReport {
  /** Answers in a row that it counts as failures. */
  readonly consecutiveFailures: number;
  /** Failures in a row after which it makes the webhook inactive. */
  readonly limit: number;
  /** When the first of them was answered; `undefined` when there is none. */
  readonly failingSince: number | undefined;
  /** When it has last called with the right credentials, as far as it is known. */
  readonly lastCallAt: number | undefined;
  /** Since when it has not called, when that is longer than `health.expectTrafficWithinMs`. */
  readonly silentSince: number | undefined;
}

/** Whether the store answers, and takes what is written. Times are milliseconds since the epoch. */
export type StoreReach =
  /** It was not asked yet, or the adapter does not run. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reachable'; readonly at: number }
  | {
      readonly kind: 'unreachable';
      readonly since: number;
      /** The error's name and code, or that it took too long. */
      readonly error: string;
      /** When it last answered; `undefined` when it never did. */
      readonly lastReachedAt: number | undefined;
    };

/** What is known. */
export interface HealthFacts {
  /** When it was known: milliseconds since the epoch. */
  readonly at: number;
  readonly state: AdapterState;
  /** The webhook that the bot's messages go to. */
  readonly webhook: DestinationReport;
  /** The contact centres' own endpoints, by the names of their destinations. */
  readonly bridges: Readonly<Record<string, DestinationReport>>;
  readonly platform: PlatformReport;
  readonly reach: StoreReach;
  /** What waits, and what an operator has to look at; `undefined` when the store does not tell. */
  readonly store: StoreStats | undefined;
  /** The option `inbound.maxBacklog`. */
  readonly maxBacklog: number;
}

/** One thing that was looked at. */
export interface HealthCheck {
  /** What, and what of it: `webhook:consecutiveFailures`. Stable. */
  readonly name: string;
  /** Which one, when there are several of a kind. */
  readonly componentId?: string;
  readonly componentType: 'component' | 'datastore';
  readonly status: HealthStatus;
  readonly observedValue?: number | string;
  readonly observedUnit?: string;
  /** Why it is not `pass`, and what to do, in words. */
  readonly reason?: string;
}

/**
 * How the adapter is. Holds no message text, no token and no address (I9): it may be shown to whoever may know that
 * the bot is ill.
 */
export interface AdapterHealth extends HealthFacts {
  readonly status: HealthStatus;
  /** Why it is not `pass`, in words: what fails first. */
  readonly reasons: readonly string[];
  /** Everything that was looked at. */
  readonly checks: readonly HealthCheck[];
}
