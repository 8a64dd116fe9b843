import type { Clock } from '../../clock';

const MOST_AT_ONCE = 10;
const ONE_MORE_AFTER_MS = 100;

/**
 * How often the store is asked in a storm of questions: ten at once, then ten a second. A few looks at one moment each
 * see the truth, as a test on a clock that stands still expects.
 */
export class LookLimit {
  readonly #clock: Clock;
  #left = MOST_AT_ONCE;
  #countedAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedAt = clock.now();
  }

  /** Whether one more look is in order; counts it. */
  take(): boolean {
    const now = this.#clock.now();
    const passed = now - this.#countedAt;
    // A clock that was set back says nothing of how much time has passed.
    const earned = passed < 0 ? MOST_AT_ONCE : passed / ONE_MORE_AFTER_MS;
    this.#left = Math.min(this.#left + earned, MOST_AT_ONCE);
    this.#countedAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
