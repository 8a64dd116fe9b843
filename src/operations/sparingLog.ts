import type { Clock } from '../clock';
import type { LogFields, Logger } from '../logger';

/** Milliseconds for which the same line is not written again. */
const QUIET_MS = 60_000;

/**
 * Writes each line once a minute at most, with how often it was left out. What is logged here is caused by callers,
 * and a stranger must not be able to fill the disk.
 */
export class SparingLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #lines = new Map<string, { readonly quietUntil: number; leftOut: number }>();

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** @param message One of few: it is what lines are told apart by, so nothing of a request may stand in it. */
  write(level: 'warn' | 'error', message: string, fields: LogFields = {}): void {
    const now = this.#clock.now();
    const line = this.#lines.get(message);
    if (line !== undefined && now < line.quietUntil) {
      line.leftOut++;
      return;
    }
    this.#lines.set(message, { quietUntil: now + QUIET_MS, leftOut: 0 });
    const leftOut = line?.leftOut ?? 0;
    this.#logger[level](message, leftOut === 0 ? fields : { ...fields, leftOut });
  }
}
