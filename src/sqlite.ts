export { SqliteStore } from './store/sqlite/sqliteStore';
export type { SqliteStoreOptions } from './store/sqlite/sqliteStoreOptions';
