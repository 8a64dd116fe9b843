import { randomUUID } from 'node:crypto';
import { PostgresStore, type PostgresStoreOptions } from '../../src/postgres';
import type { PostgresStoreInternals } from '../../src/store/postgres/postgresStoreOptions';
import { postgresServer, query } from './postgresServer';

/** A name for a schema that nobody else uses. */
export function newSchema(): string {
  return `test_${randomUUID().replaceAll('-', '')}`;
}

/** For tests whose time stands still, or is moved by hand. */
export const ON_MANUAL_TIME: PostgresStoreInternals = { trustCaller: true };

/** A store on the test server that nobody has opened yet, by default on a schema of its own. */
export async function makePostgresStore(
  options: Partial<PostgresStoreOptions> = {},
  internals: PostgresStoreInternals = {},
): Promise<PostgresStore> {
  const { url } = await postgresServer();
  return new PostgresStore({ connectionString: url, schema: newSchema(), ...options }, internals);
}

/**
 * Makes empty stores for a suite, one after another. They share a schema, which is emptied each time: that takes a
 * tenth of the time that a new one does.
 */
export function recyclingStores(internals: PostgresStoreInternals = ON_MANUAL_TIME) {
  const schema = newSchema();
  let isMade = false;
  return async (): Promise<PostgresStore> => {
    if (isMade) await emptySchema(schema);
    else await makeSchema(schema);
    isMade = true;
    return makePostgresStore({ schema, maxConnections: 4 }, internals);
  };
}

async function makeSchema(schema: string): Promise<void> {
  const store = await makePostgresStore({ schema });
  await store.open();
  await store.close();
}

async function emptySchema(schema: string): Promise<void> {
  await query(`
    DO $$ DECLARE t text; BEGIN
      FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' AND tablename <> 'migrations' LOOP
        EXECUTE format('DELETE FROM ${schema}.%I', t);
      END LOOP;
    END $$`);
}
