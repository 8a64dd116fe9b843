export { PostgresStore } from './store/postgres/postgresStore';
export type { PostgresStoreOptions } from './store/postgres/postgresStoreOptions';
