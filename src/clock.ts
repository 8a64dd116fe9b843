/** A timer that has been set and can be called off. */
export interface ClockTimer {
  /** Calls the timer off. Harmless when it has already fired. */
  cancel(): void;
}

/**
 * The source of time and randomness. All that waits, stamps or jitters asks this clock, but for what a store does with
 * its database and other processes, so that a test can move an hour in a millisecond (see `ManualClock` in
 * `botbuilder-adapter-webex-connect/testing`).
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A number in [0, 1), used for jitter only; never for secrets. */
  random(): number;
  /**
   * Calls `callback` once, after `delayMs` milliseconds.
   *
   * @param delayMs Milliseconds; 0 or less fires as soon as possible.
   */
  setTimer(delayMs: number, callback: () => void): ClockTimer;
}

/** Node's timers overflow above this and would fire at once. */
const LONGEST_NODE_TIMER_MS = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimer(delayMs, callback) {
    const timeout = setTimeout(callback, Math.min(Math.max(delayMs, 0), LONGEST_NODE_TIMER_MS));
    return { cancel: () => clearTimeout(timeout) };
  },
};

/**
 * Resolves after `delayMs` milliseconds of `clock`'s time.
 */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(delayMs, resolve);
  });
}
