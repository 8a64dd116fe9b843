import { StoreInUseError } from '../../errors';
import type { OpenDriver, SqliteDriver } from './driver/sqliteDriver';
import { resultCode } from './failure';

/** SQLITE_BUSY. */
const BUSY = 5;

/** What gives a database up. */
export type Release = () => void;

/**
 * Makes this store the only one that delivers from the database at `path`, until it is released or the process ends,
 * however it ends: the lock is an open transaction on a small database beside it, `<path>-lock`, and the operating
 * system lifts it with the process. The database itself stays readable for others. The lock file stays where it is
 * and means nothing by itself; nobody has to remove it.
 *
 * @throws {StoreInUseError} when another store has it.
 */
export function takeOwnership(openDriver: OpenDriver, path: string): Release {
  if (path === ':memory:') return () => {};
  const lock = openDriver(`${path}-lock`);
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (resultCode(error) !== BUSY) throw error;
    throw new StoreInUseError(
      `Another process, or another SqliteStore of this one, delivers from '${path}' already. A SQLite database has ` +
        'one owner: stop the other, give this one a file of its own, or use PostgresStore for several replicas.',
      { cause: error },
    );
  }
  return () => release(lock);
}

function release(lock: SqliteDriver): void {
  lock.exec('ROLLBACK');
  lock.close();
}
