/** What may be bound to a statement. Nothing else: libsql ends the process on a boolean. */
export type SqliteValue = string | number | null;

/** One row of a result. Its columns are read with the functions of `row.ts`. */
export type Row = Readonly<Record<string, unknown>>;

/** A prepared statement; each call binds `values` to its parameters, in order. */
export interface SqliteStatement {
  /** @returns How many rows were changed. */
  run(...values: SqliteValue[]): number;
  /** For an `INSERT` of one row. @returns Its row ID; `undefined` when it was left out because of a conflict. */
  insert(...values: SqliteValue[]): number | undefined;
  /** The first row. */
  get(...values: SqliteValue[]): Row | undefined;
  all(...values: SqliteValue[]): Row[];
}

/** The little of SQLite's synchronous API that the store needs, whichever library provides it. */
export interface SqliteDriver {
  /** Runs statements that are separated by semicolons. */
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** Opens a database file, or `:memory:`; makes the file when there is none. */
export type OpenDriver = (path: string) => SqliteDriver;

/** The row that an `INSERT` has made. SQLite names the last one of all also when this one made none. */
export function toRowId(result: {
  readonly changes: number | bigint;
  readonly lastInsertRowid: number | bigint;
}): number | undefined {
  return Number(result.changes) === 0 ? undefined : Number(result.lastInsertRowid);
}

/** Reads a row from what a library gives, which has no type for it. */
export function toRow(value: unknown): Row | undefined {
  return isRow(value) ? value : undefined;
}

export function toRows(values: readonly unknown[]): Row[] {
  return values.filter(isRow);
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}
