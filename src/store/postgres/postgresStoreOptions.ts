import { z } from 'zod';
import type { Clock } from '../../clock';
import { readOptions } from '../../optionSchema';

const SECOND = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND;

/** Every option, its default and its description. */
export const postgresStoreOptionsSchema = z.strictObject({
  connectionString: z
    .string()
    .min(1)
    .describe('The database: `postgres://user:password@host:port/database`.'),
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,47}$/, 'must be 1 to 48 lower-case letters, digits and underscores')
    .default('webex_connect')
    .describe('The schema that holds all tables. It is made when it is missing.'),
  maxConnections: z
    .int()
    .min(1)
    .default(10)
    .describe('Connections at the same time, beside the one that listens for work of other replicas.'),
  connectTimeoutMs: z.int().min(1).default(5000).describe('Milliseconds until a connection must stand.'),
  statementTimeoutMs: z
    .int()
    .min(1)
    .default(10 * SECOND)
    .describe('Milliseconds after which the server gives up a statement, and nothing of it is written.'),
  retentionMs: z
    .int()
    .min(0)
    .default(7 * DAY_MS)
    .describe('Milliseconds for which ended events and delivered messages are kept.'),
  pruneIntervalMs: z
    .int()
    .min(100)
    .default(10 * SECOND)
    .describe('Milliseconds between looks for what has been kept long enough.'),
});

/** Options of `PostgresStore`. Only `connectionString` has no default. */
export type PostgresStoreOptions = z.input<typeof postgresStoreOptionsSchema>;

/** {@link PostgresStoreOptions} with every default filled in. */
export type PostgresStoreSettings = z.output<typeof postgresStoreOptionsSchema>;

/** What only the tests of this package replace. @internal */
export interface PostgresStoreInternals {
  /**
   * Judge leases, due times and dedupe windows by the `now` of each call rather than by the server's clock, and
   * prune only on demand: for tests on a manual clock.
   */
  readonly trustCaller?: boolean;
  readonly clock?: Clock;
  /** Leave the schema as it is, and drop nothing: for who looks at the store of others. */
  readonly onlooks?: boolean;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {WebexConnectConfigurationError} naming the first wrong option's path, and never its value.
 */
export function readPostgresStoreOptions(options: string | PostgresStoreOptions): PostgresStoreSettings {
  const given = typeof options === 'string' ? { connectionString: options } : options;
  return readOptions(postgresStoreOptionsSchema, given, 'PostgresStore');
}
