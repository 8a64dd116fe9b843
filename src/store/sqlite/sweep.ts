import { integer, optionalInteger } from './driver/row';
import type { Row, SqliteDriver, SqliteStatement } from './driver/sqliteDriver';

/** Rows that one step looks at. */
const STEP = 64;
/** How long after a lap began the next may begin. */
const LAP_MS = 60 * 60 * 1000;

/**
 * Walks along a table in the order of its rows, which is about the order in which they end, and deletes those that are
 * kept no longer. It waits at the first row that is still kept, passes by rows that have no end yet or were stamped by
 * a clock that was wrong, and comes back for them with the next lap.
 */
export class Sweep {
  readonly #next: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #mayDelete: (row: Row) => boolean;
  #position = 0;
  #nextLapAt = 0;
  /** Nothing needs to be looked at before. */
  #awaitedUntil = 0;

  /**
   * @param columns What `mayDelete` needs to see of a row.
   * @param mayDelete A last look at a row whose time has come.
   */
  constructor(
    driver: SqliteDriver,
    table: 'inbox' | 'outbox',
    columns: readonly string[] = [],
    mayDelete: (row: Row) => boolean = () => true,
  ) {
    const selected = ['seq', 'keep_until', ...columns].join(', ');
    this.#next = driver.prepare(`SELECT ${selected} FROM ${table} WHERE seq > ? ORDER BY seq LIMIT ?`);
    this.#delete = driver.prepare(`DELETE FROM ${table} WHERE seq = ?`);
    this.#mayDelete = mayDelete;
  }

  /**
   * Takes one step.
   *
   * @param horizon The latest time until which anything may have to be kept.
   */
  step(now: number, horizon: number): void {
    if (this.#isWaiting(now, horizon) || this.#isAtEnd(now, horizon)) {
      this.#startLap(now);
      return;
    }
    for (const row of this.#next.all(this.#position, STEP)) {
      if (isAwaited(row, now, horizon)) return;
      const seq = integer(row, 'seq');
      if (isOver(row, now) && this.#mayDelete(row)) this.#delete.run(seq);
      this.#position = seq;
    }
  }

  /** A clock that is put back makes that what was waited for lie beyond all that is kept. */
  #isWaiting(now: number, horizon: number): boolean {
    return now < this.#awaitedUntil && this.#awaitedUntil <= horizon;
  }

  /** Whether no row is left, or the next is still kept: then until when. */
  #isAtEnd(now: number, horizon: number): boolean {
    const next = this.#next.get(this.#position, 1);
    if (next === undefined) return true;
    if (!isAwaited(next, now, horizon)) return false;
    this.#awaitedUntil = integer(next, 'keep_until');
    return true;
  }

  #startLap(now: number): void {
    const isClockPutBack = this.#nextLapAt > now + LAP_MS;
    if (now < this.#nextLapAt && !isClockPutBack) return;
    this.#nextLapAt = now + LAP_MS;
    this.#position = 0;
    this.#awaitedUntil = 0;
  }
}

function isOver(row: Row, now: number): boolean {
  const keepUntil = optionalInteger(row, 'keep_until');
  return keepUntil !== undefined && keepUntil <= now;
}

function isAwaited(row: Row, now: number, horizon: number): boolean {
  const keepUntil = optionalInteger(row, 'keep_until');
  return keepUntil !== undefined && keepUntil > now && keepUntil <= horizon;
}
