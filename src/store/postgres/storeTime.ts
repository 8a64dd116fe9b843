import { type Clock, systemClock } from '../../clock';
import type { PostgresStoreInternals } from './postgresStoreOptions';

/**
 * Turns the caller's times into the server's. Replicas' clocks differ, so leases, due times and dedupe windows are
 * judged by the server's clock: a time of the caller becomes a distance from now, and back.
 */
export class StoreTime {
  readonly trustsCaller: boolean;
  readonly #clock: Clock;

  constructor({ trustCaller = false, clock = systemClock }: PostgresStoreInternals) {
    this.trustsCaller = trustCaller;
    this.#clock = clock;
  }

  /** The `clock` of an operation: `null` for the server's own. */
  clockOf(terms: { readonly now: number } | undefined): number | null {
    return this.trustsCaller ? Math.floor(terms?.now ?? 0) : null;
  }

  /** The caller's present. */
  callersNow(terms: { readonly now: number } | undefined): number {
    return Math.floor(this.trustsCaller ? (terms?.now ?? 0) : this.#clock.now());
  }

  /** When something is due: a time where the caller is trusted, otherwise a distance. */
  due(notBefore: number): { readonly dueAt?: number; readonly delayMs?: number } {
    // Never too early: jitter makes fractions.
    if (this.trustsCaller) return { dueAt: Math.ceil(notBefore) };
    return { delayMs: Math.ceil(notBefore - this.#clock.now()) };
  }

  /** How long ago the caller's `now` was, by the caller's own clock. */
  ageOf(now: number): number {
    return this.trustsCaller ? 0 : Math.max(0, Math.ceil(this.#clock.now() - now));
  }

  /** For what is kept for so long. */
  before(keptMs: number): number {
    return Math.floor(this.#clock.now() - keptMs);
  }
}
