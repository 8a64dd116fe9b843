import type { Clock } from '../../src/emulatorApi';

interface Alarm {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that a test moves. */
export class HandClock implements Clock {
  #now = 0;
  #alarms: Alarm[] = [];

  now(): number {
    return this.#now;
  }

  setTimer(delayMs: number, callback: () => void): { cancel(): void } {
    const alarm = { at: this.#now + delayMs, callback };
    this.#alarms.push(alarm);
    return {
      cancel: () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm);
      },
    };
  }

  get timerCount(): number {
    return this.#alarms.length;
  }

  move(milliseconds: number): void {
    const target = this.#now + milliseconds;
    for (let next = this.#next(target); next !== undefined; next = this.#next(target)) {
      const { at, callback } = next;
      this.#alarms = this.#alarms.filter((other) => other !== next);
      this.#now = at;
      callback();
    }
    this.#now = target;
  }

  #next(target: number): Alarm | undefined {
    const due = this.#alarms.filter(({ at }) => at <= target);
    return due.sort((one, other) => one.at - other.at)[0];
  }
}
