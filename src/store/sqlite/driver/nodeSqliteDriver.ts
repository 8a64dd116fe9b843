import {
  type SqliteDriver,
  type SqliteStatement,
  type SqliteValue,
  toRow,
  toRowId,
  toRows,
} from './sqliteDriver';

/** The part of `node:sqlite` that is used here; its types are not in those of Node 20. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => NodeDatabase;
}

interface NodeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NodeStatement;
  close(): void;
}

interface NodeStatement {
  run(...values: SqliteValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
}

/** Whether this Node has `node:sqlite`: from 22.13 on. */
export function hasNodeSqlite(): boolean {
  return loadNodeSqlite() !== undefined;
}

/** SQLite as Node itself brings it. */
export function openNodeSqlite(path: string): SqliteDriver {
  const nodeSqlite = loadNodeSqlite();
  if (nodeSqlite === undefined) throw new Error(`Node ${process.version} has no node:sqlite.`);
  const database = new nodeSqlite.DatabaseSync(path);
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => statementOf(database.prepare(sql)),
    close: () => database.close(),
  };
}

function statementOf(statement: NodeStatement): SqliteStatement {
  return {
    run: (...values) => Number(statement.run(...values).changes),
    insert: (...values) => toRowId(statement.run(...values)),
    get: (...values) => toRow(statement.get(...values)),
    all: (...values) => toRows(statement.all(...values)),
  };
}

function loadNodeSqlite(): NodeSqlite | undefined {
  const loaded = process.getBuiltinModule('node:sqlite');
  return loaded !== undefined && isNodeSqlite(loaded) ? loaded : undefined;
}

function isNodeSqlite(loaded: object): loaded is NodeSqlite {
  return 'DatabaseSync' in loaded && typeof loaded.DatabaseSync === 'function';
}
