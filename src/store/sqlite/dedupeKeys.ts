import { text } from './driver/row';
import type { SqliteDriver, SqliteStatement } from './driver/sqliteDriver';

/** Keys that one step of pruning looks at. */
const STEP = 64;

/** The events that a repeat is told by, each for its window. */
export class DedupeKeys {
  readonly #add: SqliteStatement;
  readonly #find: SqliteStatement;
  readonly #forget: SqliteStatement;
  readonly #endOfStep: SqliteStatement;
  readonly #deleteExpired: SqliteStatement;
  readonly #deleteExpiredToEnd: SqliteStatement;
  /** Pruning goes round and round through all keys, so that no index by time has to be kept. */
  #position = '';

  constructor(driver: SqliteDriver) {
    this.#add = driver.prepare(
      `INSERT INTO dedupe_keys (dedupe_key, expires_at) VALUES (?, ?)
        ON CONFLICT (dedupe_key) DO UPDATE SET expires_at = excluded.expires_at WHERE expires_at <= ?`,
    );
    this.#find = driver.prepare('SELECT 1 FROM dedupe_keys WHERE dedupe_key = ? AND expires_at > ?');
    this.#forget = driver.prepare('DELETE FROM dedupe_keys WHERE dedupe_key = ?');
    this.#endOfStep = driver.prepare(
      `SELECT dedupe_key FROM dedupe_keys WHERE dedupe_key > ? ORDER BY dedupe_key LIMIT 1 OFFSET ${STEP - 1}`,
    );
    const deleteExpired = 'DELETE FROM dedupe_keys WHERE dedupe_key > ? AND expires_at <= ?';
    this.#deleteExpired = driver.prepare(`${deleteExpired} AND dedupe_key <= ?`);
    this.#deleteExpiredToEnd = driver.prepare(deleteExpired);
  }

  /** @returns false when the key is known already; then nothing changes. */
  add(key: string, now: number, expiresAt: number): boolean {
    return this.#add.run(key, expiresAt, now) > 0;
  }

  isKnown(key: string, now: number): boolean {
    return this.#find.get(key, now) !== undefined;
  }

  /** Takes back what was added for an event that is not stored after all. */
  forget(key: string): void {
    this.#forget.run(key);
  }

  /** Takes one small step. */
  prune(now: number): void {
    const end = this.#endOfStep.get(this.#position);
    if (end === undefined) {
      this.#deleteExpiredToEnd.run(this.#position, now);
      this.#position = '';
      return;
    }
    const last = text(end, 'dedupe_key');
    this.#deleteExpired.run(this.#position, now, last);
    this.#position = last;
  }
}
