import type { Client } from 'pg';
import { StoreSchemaError } from '../../errors';
import { connectionSettings } from './connection';
import { toStoreError } from './databaseErrors';
import { loadPg } from './loadPg';
import { MIGRATIONS } from './migrations';
import type { PostgresStoreSettings } from './postgresStoreOptions';

const NEWEST = MIGRATIONS.length;

/**
 * Makes the schema current. Replicas that start together do it one after the other, and all but the first find
 * nothing to do.
 *
 * @throws {StoreSchemaError} when a newer version of this package has written the schema.
 */
export async function migrate(settings: PostgresStoreSettings): Promise<void> {
  await withClient(settings, (client) => bringUpToDate(client, settings.schema));
}

/**
 * Looks whether the schema is current, and leaves it as it is: other versions of this package may be at work.
 *
 * @throws {StoreSchemaError} when it is of another version, or not there.
 */
export async function checkSchema(settings: PostgresStoreSettings): Promise<void> {
  const { schema } = settings;
  await withClient(settings, async (client) => {
    const version = await versionOf(client, schema);
    if (isCurrent(version, schema)) return;
    if (version === 0) {
      throw new StoreSchemaError(
        `The database has no schema '${schema}'. A bot makes it when it first starts.`,
      );
    }
    throw new StoreSchemaError(
      `The schema '${schema}' is of version ${version}, and this version of botbuilder-adapter-webex-connect knows ` +
        `${NEWEST}. Use the version that the bot runs on; a bot of this one brings the schema up to date.`,
    );
  });
}

async function withClient(
  settings: PostgresStoreSettings,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const { Client } = loadPg();
  let client: Client | undefined;
  try {
    // A migration may take its time.
    client = new Client({ ...connectionSettings(settings), statement_timeout: 0 });
    client.on('error', () => {});
    await client.connect();
    await work(client);
  } catch (error) {
    throw error instanceof StoreSchemaError ? error : toStoreError(error);
  } finally {
    await client?.end().catch(() => {});
  }
}

async function bringUpToDate(client: Client, schema: string): Promise<void> {
  await mustHoldAnyText(client);
  // Without a lock first, and without a right to create: the usual start finds all in order.
  if (isCurrent(await versionOf(client, schema), schema)) return;
  // Ends with the connection, also when the process dies. Taken before the transaction begins, for only then does
  // the server look anew at which tables there are.
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`webex-connect:${schema}`]);
  await client.query('BEGIN');
  const version = await versionOf(client, schema);
  if (!isCurrent(version, schema)) await applyFrom(client, schema, version);
  await client.query('COMMIT');
}

async function applyFrom(client: Client, schema: string, version: number): Promise<void> {
  const quoted = `"${schema}"`;
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoted}`);
  await client.query(`
    CREATE TABLE IF NOT EXISTS ${quoted}.migrations (
      version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  for (const migration of MIGRATIONS.slice(version)) {
    await client.query(migration.sql(quoted));
    await client.query(`INSERT INTO ${quoted}.migrations (version, name) VALUES ($1, $2)`, [
      migration.version,
      migration.name,
    ]);
  }
}

/** The last migration that was applied; 0 when none was. */
async function versionOf(client: Client, schema: string): Promise<number> {
  const found = await client.query<{ oid: string | null }>('SELECT to_regclass($1) AS oid', [
    `"${schema}".migrations`,
  ]);
  if (found.rows[0]?.oid == null) return 0;
  const { rows } = await client.query<{ version: number | null }>(
    `SELECT max(version) AS version FROM "${schema}".migrations`,
  );
  return rows[0]?.version ?? 0;
}

function isCurrent(version: number, schema: string): boolean {
  if (version <= NEWEST) return version === NEWEST;
  throw new StoreSchemaError(
    `The schema '${schema}' is of version ${version}, and this version of botbuilder-adapter-webex-connect ` +
      `knows only ${NEWEST}. Install the newer version again, or use another schema.`,
  );
}

/** Customers write in every script. */
async function mustHoldAnyText(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding');
  const encoding = rows[0]?.server_encoding;
  if (encoding === 'UTF8') return;
  throw new StoreSchemaError(
    `The database has the encoding ${encoding}, which cannot hold every text. Create it with ENCODING 'UTF8'.`,
  );
}
