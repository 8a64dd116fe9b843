import { StoreUnavailableError } from '../../../errors';
import { openLibsql } from './libsqlDriver';
import { hasNodeSqlite, openNodeSqlite } from './nodeSqliteDriver';
import type { OpenDriver, SqliteDriver } from './sqliteDriver';

/**
 * Opens a database with what this runtime has: `node:sqlite`, else `libsql`.
 *
 * @throws {StoreUnavailableError} when there is neither, saying what to do.
 */
export const openDriver: OpenDriver = (path) =>
  hasNodeSqlite() ? openNodeSqlite(path) : openWithLibsql(path);

function openWithLibsql(path: string): SqliteDriver {
  try {
    return openLibsql(path);
  } catch (error) {
    if (!isLoadError(error)) throw error;
    throw new StoreUnavailableError(
      `SqliteStore found no SQLite: Node ${process.version} has no node:sqlite, and the package 'libsql' could not ` +
        'be loaded. Run Node 22.13 or later, or install again with optional dependencies (npm ci --include=optional).',
      { cause: error },
    );
  }
}

/** The module, or the prebuilt library of this platform, is not there or does not fit. */
function isLoadError(error: unknown): boolean {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED';
}
