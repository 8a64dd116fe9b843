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
  #alarm: { readonly at: number; readonly timer: ClockTimer } | undefined;
  #isLooking = false;
  #lookAgain = false;
  #isStopped = false;

  /**
   * @param look Starts what is due; resolves with the time, in milliseconds since the epoch, at which to look
   * again.
   * @param onError Told when `look` failed; it is tried again after a pause.
   */
  constructor(
    clock: Clock,
    inFlight: InFlight,
    look: () => Promise<number | undefined>,
    onError: (error: unknown) => void,
  ) {
    this.#clock = clock;
    this.#inFlight = inFlight;
    this.#look = look;
    this.#onError = onError;
  }

  wake(): void {
    if (this.#isStopped) return;
    if (this.#isLooking) {
      this.#lookAgain = true;
      return;
    }
    this.#isLooking = true;
    void this.#inFlight.track(() => this.#run());
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
        this.#setAlarm(await this.#look());
      } catch (error) {
        this.#onError(error);
        this.#setAlarm(this.#clock.now() + RETRY_AFTER_FAILURE_MS);
      }
    } while (this.#lookAgain && !this.#isStopped);
    this.#isLooking = false;
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
