import { StoreSchemaError } from '../../../errors';
import { integer } from '../driver/row';
import type { SqliteDriver } from '../driver/sqliteDriver';
import { type Migration, migrations } from './migrations';

/**
 * Brings the schema up to date. Two processes may try at once: each step looks again inside of its transaction.
 *
 * @param steps All steps there are, in order.
 * @throws {StoreSchemaError} when the database was written by a newer version of this package.
 */
export function migrate(driver: SqliteDriver, path: string, steps: readonly Migration[] = migrations): void {
  const latest = steps.at(-1)?.version ?? 0;
  const current = versionOf(driver);
  if (current > latest) {
    throw new StoreSchemaError(
      `The database '${path}' has schema version ${current}; this version of botbuilder-adapter-webex-connect ` +
        `knows versions up to ${latest}. Run the newer version that wrote it, or name another file.`,
    );
  }
  for (const step of steps) if (step.version > current) apply(driver, step);
}

function apply(driver: SqliteDriver, { version, sql }: Migration): void {
  driver.exec('BEGIN IMMEDIATE');
  try {
    if (versionOf(driver) < version) driver.exec(`${sql}; PRAGMA user_version = ${version}`);
    driver.exec('COMMIT');
  } catch (error) {
    driver.exec('ROLLBACK');
    throw error;
  }
}

/** The schema's version that this package writes. */
export const SCHEMA_VERSION = migrations.at(-1)?.version ?? 0;

/** The schema's version that a database has; 0 when it is empty. */
export function versionOf(driver: SqliteDriver): number {
  const row = driver.prepare('PRAGMA user_version').get();
  return row === undefined ? 0 : integer(row, 'user_version');
}
