import type { Clock, ClockTimer } from '../clock';
import type { InFlight } from './inFlight';

/** Milliseconds until a pump that failed, because the store did, looks again. */
const RETRY_AFTER_FAILURE_MS = 1000;

/**
 * Looks for work whenever it is woken, one look at a time, and sets an alarm for what becomes due later.
 */
export class Pump {
  readonly #clock: Clock;
  readonly #inFlight: InFlight;
  readonly #look: () => Promise<number | undefined>;
  readonly #onError: (error: unknown) => void;
  readonly #pollMs: number | undefined;
  #alarm: { readonly at: number; readonly timer: ClockTimer } | undefined;
  #isLooking = false;
  #lookAgain = false;
  #isStopped = false;

  /**
   * @param look Starts what is due; resolves with the time, in milliseconds since the epoch, at which to look
   * again.
   * @param onError Told when `look` failed; it is tried again after a pause.
   * @param pollMs Looks again after this many milliseconds at the latest; `undefined` where only this process can
   * bring work.
   */
  constructor(
    clock: Clock,
    inFlight: InFlight,
    look: () => Promise<number | undefined>,
    onError: (error: unknown) => void,
    pollMs?: number,
  ) {
    this.#clock = clock;
    this.#inFlight = inFlight;
    this.#look = look;
    this.#onError = onError;
    this.#pollMs = pollMs;
  }

  wake(): void {
    if (this.#isStopped) return;
    if (this.#isLooking) {
      this.#lookAgain = true;
      return;
    }
    this.#isLooking = true;
    void this.#inFlight.detach(() => this.#inFlight.track(() => this.#run()));
  }

  /** Looks no more. */
  stop(): void {
    this.#isStopped = true;
    this.#alarm?.timer.cancel();
  }

  async #run(): Promise<void> {
    do {
      this.#lookAgain = false;
      try {
        this.#setAlarm(this.#nextLook(await this.#look()));
      } catch (error) {
        this.#onError(error);
        this.#setAlarm(this.#clock.now() + RETRY_AFTER_FAILURE_MS);
      }
    } while (this.#lookAgain && !this.#isStopped);
    this.#isLooking = false;
  }

  #nextLook(dueAt: number | undefined): number | undefined {
    if (this.#pollMs === undefined) return dueAt;
    return Math.min(dueAt ?? Number.POSITIVE_INFINITY, this.#clock.now() + this.#pollMs);
  }

  #setAlarm(at: number | undefined): void {
    if (at === undefined || this.#isStopped) return;
    if (this.#alarm !== undefined && this.#alarm.at <= at) return;
    this.#alarm?.timer.cancel();
    const timer = this.#clock.setTimer(at - this.#clock.now(), () => {
      this.#alarm = undefined;
      this.wake();
    });
    this.#alarm = { at, timer };
  }
}
