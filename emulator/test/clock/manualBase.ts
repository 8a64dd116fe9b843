import type { Clock } from '../../src/emulatorApi';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that a test moves. */
export class ManualBase implements Clock {
  time: number;
  #timers: Timer[] = [];

  constructor(start = Date.UTC(2026, 2, 9, 14)) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  setTimer(delayMs: number, callback: () => void): { cancel(): void } {
    const timer = { at: this.time + delayMs, callback };
    this.#timers.push(timer);
    return { cancel: () => this.#remove(timer) };
  }

  get timers(): number {
    return this.#timers.length;
  }

  /** Moves the time and fires what is due. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
    for (const timer of this.#timers.filter(({ at }) => at <= this.time)) {
      this.#remove(timer);
      timer.callback();
    }
  }

  #remove(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }
}

/** One that brings its own way to be moved, like the manual clock of a test kit. */
export class AdvancingBase extends ManualBase {
  readonly advances: number[] = [];

  async advance(milliseconds: number): Promise<void> {
    this.advances.push(milliseconds);
    this.pass(milliseconds);
    await new Promise(setImmediate);
  }
}
