import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { integer } from './driver/row';
import type { OpenDriver, SqliteDriver } from './driver/sqliteDriver';
import { type LogSync, openLogSync } from './logSync';
import { migrate, SCHEMA_VERSION, versionOf } from './migrations/migrate';
import { takeOwnership } from './ownership';
import type { SqliteStoreSettings } from './sqliteStoreOptions';

/** Page cache in KiB: the hot pages of the indexes when many rows are kept. */
const CACHE_KIB = 32 * 1024;
/**
 * Pages in the log until they are copied into the database, within a commit. The more there are the fewer are copied, for
 * the same ones come again and again; and the longer that one commit takes.
 */
const CHECKPOINT_PAGES = 2000;
/** The write-ahead log shrinks to this after a burst. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** An open database whose schema is current. */
export interface Connection {
  readonly driver: SqliteDriver;
  readonly path: string;
  /** Grows with every opening, also across processes. */
  readonly opening: number;
  /** By what a commit gets onto the disk; `undefined` where `COMMIT` itself does it, or there is no disk. */
  readonly log: LogSync | undefined;
}

/**
 * Opens the database and brings its schema up to date.
 *
 * @throws {StoreInUseError} when it has an older schema, and another process delivers from it.
 * @throws {StoreSchemaError} when the database was written by a newer version of this package.
 */
export function connect(
  openDriver: OpenDriver,
  { path, busyTimeoutMs }: SqliteStoreSettings,
  openLog: typeof openLogSync = openLogSync,
): Connection {
  makeFolder(path);
  const driver = openDriver(path);
  let log: LogSync | undefined;
  try {
    // Before all others: changing the journal may already have to wait for another process.
    driver.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    driver.exec(
      `PRAGMA journal_mode = WAL;
       PRAGMA synchronous = FULL;
       PRAGMA foreign_keys = OFF;
       PRAGMA cache_size = -${CACHE_KIB};
       PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
       PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`,
    );
    migrateAlone(openDriver, driver, path);
    const opening = countOpening(driver);
    log = openLog(driver);
    // Checkpoints, and a log that begins anew, are forced out by SQLite as before.
    if (log !== undefined) driver.exec('PRAGMA synchronous = NORMAL');
    return { driver, path, opening, log };
  } catch (error) {
    log?.close();
    driver.close();
    throw error;
  }
}

/**
 * An older version may still run: it would be kept from writing for as long as a step takes, and could not start again
 * afterwards. So its database is left as it is until it has gone.
 */
function migrateAlone(openDriver: OpenDriver, driver: SqliteDriver, path: string): void {
  const version = versionOf(driver);
  const isNewOrCurrent = version === 0 || version >= SCHEMA_VERSION;
  const release = isNewOrCurrent ? undefined : takeOwnership(openDriver, path);
  try {
    migrate(driver, path);
  } finally {
    release?.();
  }
}

/** Makes the folder that a file at `path` lies in. */
export function makeFolder(path: string): void {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
}

function countOpening(driver: SqliteDriver): number {
  const [row] = driver.prepare('UPDATE openings SET count = count + 1 RETURNING count').all();
  return row === undefined ? 0 : integer(row, 'count');
}
