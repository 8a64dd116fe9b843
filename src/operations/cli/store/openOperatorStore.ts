import type { Clock } from '../../../clock';
import { PostgresStore } from '../../../store/postgres/postgresStore';
import { readPostgresStoreOptions } from '../../../store/postgres/postgresStoreOptions';
import type { OperatorStore } from './operatorStore';
import { SharedOperatorStore } from './sharedOperatorStore';
import { SqliteOperatorStore } from './sqliteOperatorStore';
import { postgresName, type StoreLocation } from './storeLocation';

/**
 * Opens a store for an operator's command. Makes nothing that is not there, and changes no schema.
 *
 * @param schema PostgreSQL's schema; `undefined` for the default one.
 * @throws {StoreUnavailableError} when it cannot be reached.
 * @throws {StoreSchemaError} when it is of another version of this package.
 * @throws {WebexConnectConfigurationError} when PostgreSQL is named and `pg` is not installed.
 */
export async function openOperatorStore(
  location: StoreLocation,
  schema: string | undefined,
  clock: Clock,
): Promise<OperatorStore> {
  if (location.kind === 'sqlite') return new SqliteOperatorStore(location.path, clock);
  const { connectionString } = location;
  const options = { connectionString, ...(schema !== undefined && { schema }) };
  const store = new PostgresStore(options, { onlooks: true });
  await store.open();
  const name = postgresName(connectionString, readPostgresStoreOptions(options).schema);
  return new SharedOperatorStore(name, { store, users: () => store.users() }, clock);
}
