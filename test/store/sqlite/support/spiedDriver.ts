import { openDriver } from '../../../../src/store/sqlite/driver/openDriver';
import type {
  OpenDriver,
  SqliteDriver,
  SqliteStatement,
} from '../../../../src/store/sqlite/driver/sqliteDriver';
import { present } from '../../../support/present';

/** A driver whose database a test can reach beside the store, look at, and make fail. */
export class SpiedDriver {
  /** Every statement that the store has prepared. */
  readonly statements: string[] = [];
  /** Every prepared statement that the store has run, in order. */
  readonly ran: string[] = [];
  #driver: SqliteDriver | undefined;
  #failure: { readonly sql: string; readonly error: Error } | undefined;

  /** What the store opens its database with. */
  readonly open: OpenDriver = (path) => {
    const driver = openDriver(path);
    if (path.endsWith('-lock')) return driver;
    this.#driver = driver;
    return { ...driver, prepare: (sql) => this.#prepare(driver, sql) };
  };

  /** The database's own driver. */
  get driver(): SqliteDriver {
    return present(this.#driver, 'the open database');
  }

  /** From now on, statements that begin with `sql` fail with an error of SQLite's that has this code. */
  failOn(sql: string, errcode: number): void {
    this.#failure = { sql, error: Object.assign(new Error('made up'), { errcode }) };
  }

  failNoMore(): void {
    this.#failure = undefined;
  }

  #prepare(driver: SqliteDriver, sql: string): SqliteStatement {
    this.statements.push(sql);
    const statement = driver.prepare(sql);
    const check = () => {
      this.ran.push(sql);
      if (this.#failure !== undefined && sql.startsWith(this.#failure.sql)) throw this.#failure.error;
    };
    return {
      run: (...values) => {
        check();
        return statement.run(...values);
      },
      insert: (...values) => {
        check();
        return statement.insert(...values);
      },
      get: (...values) => {
        check();
        return statement.get(...values);
      },
      all: (...values) => {
        check();
        return statement.all(...values);
      },
    };
  }
}
