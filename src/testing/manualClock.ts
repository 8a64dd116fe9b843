import type { Clock, ClockTimer } from '../clock';

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

const DEFAULT_START = Date.UTC(2026, 2, 9, 14, 0, 0);
/** Rounds of the event loop given to what an alarm has set off, before the next alarm. */
const ROUNDS = 10;

/**
 * A clock that stands still until a test moves it. Timers fire in the order of their time; between two of them
 * the event loop turns, so that promises and loopback requests can go on.
 */
export class ManualClock implements Clock {
  #now: number;
  #alarms: Alarm[] = [];
  #order = 0;

  /** @param start Milliseconds since the epoch; by default 2026-03-09 14:00:00 GMT. */
  constructor(start: number = DEFAULT_START) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** The middle: jitter comes to nothing. */
  random(): number {
    return 0.5;
  }

  setTimer(delayMs: number, callback: () => void): ClockTimer {
    const alarm: Alarm = { at: this.#now + Math.max(delayMs, 0), order: this.#order++, callback };
    this.#alarms.push(alarm);
    return {
      cancel: () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm);
      },
    };
  }

  /** Milliseconds until the next timer fires; `undefined` when none is set. */
  get nextTimerIn(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.at - this.#now;
  }

  /** Moves the time on by `milliseconds`, firing every timer on the way. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.#now + milliseconds;
    await letEventLoopTurn();
    for (let alarm = this.#next(); alarm !== undefined && alarm.at <= target; alarm = this.#next()) {
      this.#fire(alarm);
      await letEventLoopTurn();
    }
    this.#now = target;
    await letEventLoopTurn();
  }

  /** Moves the time to the next timer and fires it. Does nothing when none is set. */
  async advanceToNextTimer(): Promise<void> {
    const wait = this.nextTimerIn;
    if (wait !== undefined) await this.advance(wait);
  }

  /** Sets the time, forwards or back, without firing anything: what a wrong or corrected system clock does. */
  jumpTo(time: number): void {
    this.#now = time;
  }

  #next(): Alarm | undefined {
    return this.#alarms.reduce<Alarm | undefined>((first, alarm) => {
      const isEarlier =
        first === undefined || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order);
      return isEarlier ? alarm : first;
    }, undefined);
  }

  #fire(alarm: Alarm): void {
    this.#alarms = this.#alarms.filter((other) => other !== alarm);
    this.#now = Math.max(this.#now, alarm.at);
    alarm.callback();
  }
}

async function letEventLoopTurn(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await new Promise(setImmediate);
}
