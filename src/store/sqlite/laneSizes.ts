import { integer, text } from './driver/row';
import type { SqliteDriver, SqliteValue } from './driver/sqliteDriver';
import type { UndoLog } from './undoLog';

/** How many rows wait in each lane, kept in memory so that no query is needed to know whether there is another. */
export class LaneSizes {
  readonly #undo: UndoLog;
  readonly #byLane = new Map<string, number>();
  #total = 0;

  /** Counts rows once; from then on whoever changes them tells. */
  constructor(driver: SqliteDriver, undo: UndoLog, table: string, lane: readonly string[]) {
    this.#undo = undo;
    const columns = lane.join(', ');
    const rows = driver
      .prepare(
        `SELECT ${columns}, COUNT(*) AS n FROM ${table} INDEXED BY ${table}_lanes
          WHERE ended_at IS NULL GROUP BY ${columns}`,
      )
      .all();
    for (const row of rows) {
      this.#change(keyOf(lane.map((column) => text(row, column))), integer(row, 'n'));
    }
  }

  /** How many wait in all lanes together. */
  get total(): number {
    return this.#total;
  }

  of(lane: readonly SqliteValue[]): number {
    return this.#byLane.get(keyOf(lane)) ?? 0;
  }

  add(lane: readonly SqliteValue[], difference: 1 | -1): void {
    const key = keyOf(lane);
    this.#change(key, difference);
    this.#undo.note(() => this.#change(key, -difference));
  }

  #change(key: string, difference: number): void {
    this.#total += difference;
    const size = (this.#byLane.get(key) ?? 0) + difference;
    if (size === 0) this.#byLane.delete(key);
    else this.#byLane.set(key, size);
  }
}

/** With its length before each but the last, so that no two lanes are called the same. */
function keyOf(lane: readonly SqliteValue[]): string {
  const [first = '', second] = lane;
  return second === undefined ? String(first) : `${String(first).length} ${first} ${second}`;
}
