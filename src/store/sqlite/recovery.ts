import { integer } from './driver/row';
import type { SqliteDriver } from './driver/sqliteDriver';

/** The rows that a former process had claimed when it ended. */
export interface VoidedClaims {
  readonly inbox: readonly number[];
  readonly outbox: readonly number[];
}

/**
 * Frees what a former process had claimed when it ended. One process owns the database, so none of its claims can be
 * alive: turns may run at once, their attempt used up, and of each send nobody knows whether it arrived (I7).
 */
export function voidClaims(driver: SqliteDriver): VoidedClaims {
  const isClaimed = 'ended_at IS NULL AND due_at IS NULL AND attempts > 0';
  // Named, for without statistics SQLite might walk through everything that has ended.
  const turns = driver.prepare(
    `UPDATE inbox INDEXED BY inbox_lanes SET due_at = 0 WHERE ${isClaimed} RETURNING seq`,
  );
  const sends = driver.prepare(
    `UPDATE outbox INDEXED BY outbox_lanes SET due_at = 0, ambiguous_attempts = ambiguous_attempts + 1
      WHERE ${isClaimed} RETURNING seq`,
  );
  driver.exec('BEGIN IMMEDIATE');
  try {
    const inbox = turns.all().map((row) => integer(row, 'seq'));
    const outbox = sends.all().map((row) => integer(row, 'seq'));
    driver.exec('COMMIT');
    return { inbox, outbox };
  } catch (error) {
    driver.exec('ROLLBACK');
    throw error;
  }
}
