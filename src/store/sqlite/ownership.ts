import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreInUseError } from '../../errors';
import type { OpenDriver, SqliteDriver } from './driver/sqliteDriver';
import { resultCode } from './failure';

/** SQLITE_BUSY. */
const BUSY = 5;
/** Milliseconds between two tries. */
const RETRY_MS = 50;

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
  const lock = openDriver(lockOf(path));
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

/**
 * Tries to own a database until its owner has gone, or for `patienceMs` milliseconds.
 *
 * @throws {StoreInUseError} when it is still there.
 */
export async function patiently(own: () => void, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      own();
      return;
    } catch (error) {
      if (!(error instanceof StoreInUseError) || performance.now() >= deadline) throw error;
    }
    await sleep(RETRY_MS);
  }
}

/** Whether somebody owns the database now. Who asks has it for a moment, and so owners are patient. */
export function isOwned(openDriver: OpenDriver, path: string): boolean {
  // An onlooker leaves no lock file behind, which might be another user's.
  if (!existsSync(lockOf(path))) return false;
  try {
    takeOwnership(openDriver, path)();
    return false;
  } catch (error) {
    if (error instanceof StoreInUseError) return true;
    throw error;
  }
}

function lockOf(path: string): string {
  return `${path}-lock`;
}
