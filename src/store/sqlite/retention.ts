import type { AttemptLog } from './attemptLog';
import type { DedupeKeys } from './dedupeKeys';
import { integer } from './driver/row';
import type { Row, SqliteStatement } from './driver/sqliteDriver';
import { Sweep } from './sweep';
import type { TableContext } from './tableContext';

/**
 * Lets go of what has ended long ago, in steps so small that nobody waits for them: events, messages and their attempts, dedupe keys. A
 * message stays for as long as the turn that sent it may run again (I4), and what an operator has to look at stays.
 */
export class Retention {
  readonly #context: TableContext;
  readonly #retentionMs: number;
  readonly #dedupeKeys: DedupeKeys;
  readonly #attempts: AttemptLog;
  readonly #events: Sweep;
  readonly #messages: Sweep;
  readonly #findLiveEvent: SqliteStatement;
  #dedupeWindowMs = 0;

  constructor(context: TableContext, retentionMs: number, dedupeKeys: DedupeKeys, attempts: AttemptLog) {
    const { driver } = context;
    this.#context = context;
    this.#retentionMs = retentionMs;
    this.#dedupeKeys = dedupeKeys;
    this.#attempts = attempts;
    this.#events = new Sweep(driver, 'inbox');
    this.#messages = new Sweep(driver, 'outbox', ['event_seq'], (row) => !this.#mayBeSentAgain(row));
    this.#findLiveEvent = driver.prepare('SELECT 1 FROM inbox WHERE seq = ? AND keep_until IS NULL');
  }

  /** No row goes while the dedupe key of its event is known. */
  seeDedupeWindow(milliseconds: number): void {
    this.#dedupeWindowMs = Math.max(this.#dedupeWindowMs, milliseconds);
  }

  /** Until when a row is kept that ends now. */
  keepUntil(): number {
    return this.#context.time.now + Math.max(this.#retentionMs, this.#dedupeWindowMs);
  }

  /** Takes one small step. Runs inside of a transaction. */
  prune(): void {
    const { now } = this.#context.time;
    this.#events.step(now, this.keepUntil());
    this.#messages.step(now, this.keepUntil());
    this.#dedupeKeys.prune(now);
    this.#attempts.prune(now);
  }

  /** Whether the turn that sent it has not ended, or is in quarantine, from where it may be run again. */
  #mayBeSentAgain(message: Row): boolean {
    return this.#findLiveEvent.get(integer(message, 'event_seq')) !== undefined;
  }
}
