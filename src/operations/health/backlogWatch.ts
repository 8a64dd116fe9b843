import type { Clock } from '../../clock';

/** The store is asked this often how much waits, while events come or leave. */
const LOOK_EVERY_MS = 5000;

/** Has the backlog looked at while it may change, whether or not anybody asks for the adapter's health. */
export class BacklogWatch {
  readonly #clock: Clock;
  readonly #look: () => void;
  #lookedAt: number;

  constructor(clock: Clock, look: () => void) {
    this.#clock = clock;
    this.#look = look;
    this.#lookedAt = clock.now();
  }

  /** An event came in, or has left while too many waited. */
  changed(): void {
    const now = this.#clock.now();
    const passed = now - this.#lookedAt;
    // A clock that was set back must not stop this for hours.
    if (passed >= 0 && passed < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    this.#look();
  }
}
