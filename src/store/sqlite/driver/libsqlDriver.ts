import type Libsql from 'libsql';
import { type SqliteDriver, type SqliteStatement, toRow, toRowId, toRows } from './sqliteDriver';

/** SQLite as `libsql` brings it, prebuilt: for Node 20. Loaded only where it is needed. */
export function openLibsql(path: string): SqliteDriver {
  const Database: typeof Libsql = require('libsql');
  const database = new Database(path);
  return {
    exec: (sql) => {
      database.exec(sql);
    },
    prepare: (sql) => statementOf(() => database.prepare(sql)),
    close: () => {
      database.close();
    },
  };
}

type LibsqlStatement = ReturnType<Libsql.Database['prepare']>;

function statementOf(prepare: () => LibsqlStatement): SqliteStatement {
  let statement = prepare();
  /** After an error, libsql's `get` fails once more, and then does nothing and says so to nobody. */
  const orAnew = <Result>(execute: () => Result): Result => {
    try {
      return execute();
    } catch (error) {
      statement = prepare();
      throw error;
    }
  };
  return {
    // As one array: libsql flattens its arguments at every call otherwise.
    run: (...values) => orAnew(() => statement.run(values).changes),
    insert: (...values) => orAnew(() => toRowId(statement.run(values))),
    get: (...values) => orAnew(() => toRow(statement.get(values))),
    all: (...values) => orAnew(() => toRows(statement.all(values))),
  };
}
