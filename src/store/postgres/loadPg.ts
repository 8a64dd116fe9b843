import type * as pg from 'pg';
import { WebexConnectConfigurationError } from '../../errors';

/**
 * `pg`, an optional peer: who keeps everything in SQLite need not install it.
 *
 * @throws {WebexConnectConfigurationError} when it is not installed, with the command that installs it.
 */
export function loadPg(): typeof pg {
  try {
    return require('pg');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new WebexConnectConfigurationError(
      'connectionString',
      "needs the package 'pg'. Install it: npm install pg",
      'PostgresStore',
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'MODULE_NOT_FOUND';
}
