import type { SqliteDriver } from './driver/sqliteDriver';

/**
 * Frees what a former process had claimed when it ended. One process owns the database, so none of its claims can be
 * alive: turns may run at once, their attempt used up, and of each send nobody knows whether it arrived (I7).
 */
export function voidClaims(driver: SqliteDriver): void {
  const isClaimed = 'ended_at IS NULL AND due_at IS NULL AND attempts > 0';
  // Named, for without statistics SQLite might walk through everything that has ended.
  driver.exec(
    `BEGIN IMMEDIATE;
     UPDATE inbox INDEXED BY inbox_lanes SET due_at = 0 WHERE ${isClaimed};
     UPDATE outbox INDEXED BY outbox_lanes SET due_at = 0, ambiguous_attempts = ambiguous_attempts + 1
       WHERE ${isClaimed};
     COMMIT`,
  );
}
