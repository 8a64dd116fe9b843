import type { Row } from './sqliteDriver';

/** Reads a TEXT column that is never NULL. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : unexpected(column, 'text');
}

/** Reads an INTEGER column that is never NULL. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : unexpected(column, 'a number');
}

/** Reads a TEXT column that may be NULL. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** Reads an INTEGER column that may be NULL. */
export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

function unexpected(column: string, wanted: string): never {
  throw new TypeError(`The column '${column}' does not hold ${wanted}.`);
}
