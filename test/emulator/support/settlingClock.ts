import type { Clock, ClockTimer } from '../../../src';
import { ManualClock } from '../../../src/testing';

/** Milliseconds of real time; see {@link SettlingClock}. */
const HANGS_AFTER_MS = 10_000;

/**
 * A clock that bot and emulator share, and that stands still until a scenario moves it. Before each timer the bot comes
 * to rest: its limits of five seconds are not to pass because a test has jumped while an answer was on the wire.
 */
export class SettlingClock implements Clock {
  readonly #clock = new ManualClock();
  readonly #hangsAfterMs: number;
  /** Resolves when the bot has nothing to do at the moment. */
  whenSettled: () => Promise<void> = async () => {};

  /** @param hangsAfterMs Real time after which a jump no longer waits: what hangs, hangs until the time goes on. */
  constructor(hangsAfterMs = HANGS_AFTER_MS) {
    this.#hangsAfterMs = hangsAfterMs;
  }

  now(): number {
    return this.#clock.now();
  }

  random(): number {
    return this.#clock.random();
  }

  setTimer(delayMs: number, callback: () => void): ClockTimer {
    return this.#clock.setTimer(delayMs, callback);
  }

  /** Moves the time on. The emulator calls it when it is told to jump. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.now() + milliseconds;
    await this.#settle();
    for (let wait = this.#clock.nextTimerIn; wait !== undefined; wait = this.#clock.nextTimerIn) {
      if (this.now() + wait > target) break;
      await this.#clock.advance(wait);
      await this.#settle();
    }
    await this.#clock.advance(target - this.now());
  }

  async #settle(): Promise<void> {
    let limit: NodeJS.Timeout | undefined;
    const hangs = new Promise<void>((resolve) => {
      limit = setTimeout(resolve, this.#hangsAfterMs);
    });
    await Promise.race([this.whenSettled(), hangs]).finally(() => clearTimeout(limit));
  }
}
