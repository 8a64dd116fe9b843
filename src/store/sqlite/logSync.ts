import { close, closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { SqliteDriver } from './driver/sqliteDriver';

/**
 * Forces SQLite's write-ahead log onto the disk. SQLite itself would do so within `COMMIT` (`synchronous = FULL`) and keep
 * the whole process waiting for the disk; this is the same call, made beside it.
 */
export interface LogSync {
  /** Calls `done` when all that was committed before is on the disk, or with why it may not be. One at a time. */
  begin(done: (error: Error | null) => void): void;
  /** The same, at once. @throws {Error} when it may not be on the disk. */
  now(): void;
  /** Lets the log go; what is under way is still done. */
  close(): void;
}

/**
 * Opens the log of a database to which something was written, so that it is there and its folder knows of it.
 *
 * @returns `undefined` for a database without a log, as in memory, or one that cannot be opened from here.
 */
export function openLogSync(driver: SqliteDriver): LogSync | undefined {
  const file = fileOf(driver);
  if (file === undefined) return undefined;
  try {
    // For writing: Windows forces nothing out through a handle that only reads.
    return new FileSync(openSync(`${file}-wal`, 'r+'));
  } catch {
    return undefined;
  }
}

/** As SQLite has resolved it: that is where the log lies. */
function fileOf(driver: SqliteDriver): string | undefined {
  const [main] = driver.prepare('PRAGMA database_list').all();
  return typeof main?.file === 'string' && main.file !== '' ? main.file : undefined;
}

class FileSync implements LogSync {
  readonly #fd: number;
  #isUnderWay = false;
  #isClosed = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  begin(done: (error: Error | null) => void): void {
    this.#isUnderWay = true;
    fdatasync(this.#fd, (error) => {
      this.#isUnderWay = false;
      // Of the handle nobody is left to be told.
      if (this.#isClosed) close(this.#fd, () => undefined);
      done(error);
    });
  }

  now(): void {
    fdatasyncSync(this.#fd);
  }

  /** A number that is free again may be another file's before a call that is under way has used it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isUnderWay) closeSync(this.#fd);
  }
}
