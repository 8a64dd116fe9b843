import { z } from 'zod';
import { readOptions } from '../../optionSchema';
import type { OpenDriver } from './driver/sqliteDriver';
import type { CommitListener } from './groupCommit';
import type { openLogSync } from './logSync';
import type { OwnerRole } from './owner';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Every option, its default and its description. */
export const sqliteStoreOptionsSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe(
      'The database file; its folder is made. `:memory:` keeps everything in this process, for tests.',
    ),
  retentionMs: z
    .int()
    .min(0)
    .default(7 * DAY_MS)
    .describe(
      'Milliseconds for which ended events and delivered messages are kept, for an operator to look at and for ' +
        'delivery receipts to be tied to their message. Never shorter than the dedupe window.',
    ),
  busyTimeoutMs: z
    .int()
    .min(0)
    .default(1000)
    .describe('Milliseconds for which a write waits for another process that writes, such as a backup.'),
});

/** Options of `SqliteStore`. Only `path` has no default. */
export type SqliteStoreOptions = z.input<typeof sqliteStoreOptionsSchema>;

/** {@link SqliteStoreOptions} with every default filled in. */
export type SqliteStoreSettings = z.output<typeof sqliteStoreOptionsSchema>;

/** What only the tests of this package replace. @internal */
export interface SqliteStoreInternals {
  readonly openDriver?: OpenDriver;
  readonly onCommitBoundary?: CommitListener;
  readonly openLog?: typeof openLogSync;
  /** Who asks to own the database; by default a bot. */
  readonly role?: OwnerRole;
  /** Milliseconds for which `open` waits for an owner that is about to go. */
  readonly patienceMs?: number;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {WebexConnectConfigurationError} naming the first wrong option's path.
 */
export function readSqliteStoreOptions(options: string | SqliteStoreOptions): SqliteStoreSettings {
  const given = typeof options === 'string' ? { path: options } : options;
  return readOptions(sqliteStoreOptionsSchema, given, 'SqliteStore');
}
