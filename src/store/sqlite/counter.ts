import { integer } from './driver/row';
import type { SqliteDriver } from './driver/sqliteDriver';
import type { UndoLog } from './undoLog';

/** How many rows there are of a kind, kept in memory so that nobody has to count them. */
export class Counter {
  readonly #undo: UndoLog;
  #value: number;

  private constructor(undo: UndoLog, value: number) {
    this.#undo = undo;
    this.#value = value;
  }

  /** Counts rows once; from then on whoever changes them tells. */
  static ofRows(driver: SqliteDriver, undo: UndoLog, table: string, condition = 'true'): Counter {
    const row = driver.prepare(`SELECT COUNT(*) AS n FROM ${table} WHERE ${condition}`).get();
    return new Counter(undo, row === undefined ? 0 : integer(row, 'n'));
  }

  get value(): number {
    return this.#value;
  }

  add(difference: number): void {
    if (difference === 0) return;
    this.#value += difference;
    this.#undo.note(() => {
      this.#value -= difference;
    });
  }
}
