import type Libsql from 'libsql';
import { type SqliteDriver, type SqliteStatement, toRow, toRows } from './sqliteDriver';

/** SQLite as `libsql` brings it, prebuilt: for Node 20. Loaded only where it is needed. */
export function openLibsql(path: string): SqliteDriver {
  const Database: typeof Libsql = require('libsql');
  const database = new Database(path);
  return {
    exec: (sql) => {
      database.exec(sql);
    },
    prepare: (sql) => statementOf(database.prepare(sql)),
    close: () => {
      database.close();
    },
  };
}

function statementOf(statement: ReturnType<Libsql.Database['prepare']>): SqliteStatement {
  return {
    // As one array: libsql flattens its arguments at every call otherwise.
    run: (...values) => statement.run(values).changes,
    get: (...values) => toRow(statement.get(values)),
    all: (...values) => toRows(statement.all(values)),
  };
}
