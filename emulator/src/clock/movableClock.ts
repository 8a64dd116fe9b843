import type { Clock } from '../emulatorApi';

/** What is to happen at a time. A jump waits for what it returns before the time goes on. */
export type AlarmCallback = () => void | Promise<void>;

/** An alarm that has been set and can be called off. */
export interface Alarm {
  /** Harmless when it has already gone off. */
  cancel(): void;
}

/** Stamps have four digits for the year. */
const LATEST = Date.UTC(9999, 11, 31);

interface SetAlarm {
  readonly at: number;
  readonly callback: AlarmCallback;
}

interface AdvancingClock extends Clock {
  advance(milliseconds: number): Promise<void> | void;
}

/**
 * The emulator's time: another clock's, which can be paused and moved forward. A base that can be moved itself, as
 * a manual clock of a test, is moved along, so that whoever shares it sees the same time.
 */
export class MovableClock {
  readonly #base: Clock;
  #offset = 0;
  #frozenAt: number | undefined;
  #alarms: SetAlarm[] = [];
  #wakeUp: { cancel(): void } | undefined;
  #jumps: Promise<void> = Promise.resolve();
  #isJumping = false;
  #isStopped = false;

  constructor(base: Clock) {
    this.#base = base;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#frozenAt ?? this.#base.now() + this.#offset;
  }

  /** What the time would be without pauses and jumps. */
  baseNow(): number {
    return this.#base.now();
  }

  get isPaused(): boolean {
    return this.#frozenAt !== undefined;
  }

  /** Whether an alarm is about to go off by itself. */
  get isDue(): boolean {
    const next = this.#next();
    return next !== undefined && !this.isPaused && !this.#isStopped && next.at <= this.now();
  }

  /** Calls `callback` once, when it is `at`; as soon as possible when that has passed. */
  setAlarm(at: number, callback: AlarmCallback): Alarm {
    const alarm = { at, callback };
    this.#alarms.push(alarm);
    this.#arm();
    return {
      cancel: () => {
        this.#remove(alarm);
        this.#arm();
      },
    };
  }

  /** The time stands still; jumps still move it. */
  pause(): void {
    this.#frozenAt ??= this.now();
    this.#arm();
  }

  /** The time goes on from where it stood. */
  resume(): void {
    if (this.#frozenAt === undefined) return;
    this.#offset = this.#frozenAt - this.#base.now();
    this.#frozenAt = undefined;
    this.#arm();
  }

  /**
   * Moves the time forward. What becomes due on the way happens in order, each thing finished before the next.
   * A jump that is asked for during another one follows it.
   */
  jump(milliseconds: number): Promise<void> {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      return Promise.reject(
        new RangeError('The clock can only be moved forward, by milliseconds from 0 up.'),
      );
    }
    if (this.now() + milliseconds > LATEST) {
      return Promise.reject(new RangeError('The clock cannot be moved beyond the year 9999.'));
    }
    const jump = this.#jumps.then(() => this.#jump(milliseconds));
    this.#jumps = jump.catch(() => undefined);
    return jump;
  }

  /** No alarm goes off any more. */
  stop(): void {
    this.#isStopped = true;
    this.#alarms = [];
    this.#arm();
  }

  async #jump(milliseconds: number): Promise<void> {
    const target = this.now() + milliseconds;
    this.#isJumping = true;
    this.#arm();
    try {
      for (let next = this.#next(); next !== undefined && next.at <= target; next = this.#next()) {
        await this.#moveTo(next.at);
        await this.#fireAll(next.at);
      }
      await this.#moveTo(target);
    } finally {
      this.#isJumping = false;
      this.#arm();
    }
  }

  async #moveTo(time: number): Promise<void> {
    const wait = time - this.now();
    if (wait <= 0) return;
    if (this.#frozenAt !== undefined) this.#frozenAt = time;
    if (canAdvance(this.#base)) return this.#base.advance(wait);
    if (this.#frozenAt === undefined) this.#offset += wait;
  }

  /** Several that are due at the same instant go off together: a bot that is down costs one time limit, not many. */
  async #fireAll(at: number): Promise<void> {
    const due = this.#alarms.filter((alarm) => alarm.at <= at);
    for (const alarm of due) this.#remove(alarm);
    await Promise.all(due.map(async (alarm) => alarm.callback()));
  }

  /** One timer of the base for the first alarm. None for what is due: a manual clock would not fire it. */
  #arm(): void {
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
    const next = this.#next();
    if (next === undefined || this.isPaused || this.#isJumping) return;

    const wait = next.at - this.now();
    const wake = () => this.#wake();
    if (wait > 0) {
      this.#wakeUp = this.#base.setTimer(wait, wake);
      return;
    }
    const immediate = setImmediate(wake);
    this.#wakeUp = { cancel: () => clearImmediate(immediate) };
  }

  #wake(): void {
    this.#wakeUp = undefined;
    void this.#fireAll(this.now()).catch(() => undefined);
    this.#arm();
  }

  #next(): SetAlarm | undefined {
    return this.#alarms.reduce<SetAlarm | undefined>(
      (first, alarm) => (first === undefined || alarm.at < first.at ? alarm : first),
      undefined,
    );
  }

  #remove(alarm: SetAlarm): void {
    this.#alarms = this.#alarms.filter((other) => other !== alarm);
  }
}

function canAdvance(clock: Clock): clock is AdvancingClock {
  return 'advance' in clock && typeof clock.advance === 'function';
}
