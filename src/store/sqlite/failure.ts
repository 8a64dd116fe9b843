import { errorMessage, errorName, StoreUnavailableError, WebexConnectError } from '../../errors';

/**
 * SQLite's primary result codes that speak of one statement, not of the database: an error in it, a constraint,
 * text that is too big, a wrong type, a wrong use.
 */
const STATEMENT_CODES: ReadonlySet<number> = new Set([1, 18, 19, 20, 21, 25]);

/** SQLite's primary result code of an error that a driver threw; `undefined` when it came from elsewhere. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'rawCode') ?? Reflect.get(error, 'errcode');
  // The upper bits tell more of it.
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Whether the database itself cannot be used: no room, read-only, broken, locked. */
export function isDatabaseFailure(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && !STATEMENT_CODES.has(code);
}

/** Of what neither SQLite nor the file system says it is not known whom it quotes: its name alone is told (I9). */
function isOfTheSystem(error: unknown): boolean {
  return (
    resultCode(error) !== undefined ||
    (error instanceof Error && typeof Reflect.get(error, 'code') === 'string')
  );
}

/** What may be told of it (I9): SQLite's messages hold no values. */
export function causeOf(error: unknown): string {
  return isOfTheSystem(error) ? errorMessage(error) : errorName(error);
}

/** What a caller gets when a transaction or a read failed as a whole. */
export function unavailable(path: string, error: unknown): Error {
  if (error instanceof WebexConnectError) return error;
  return new StoreUnavailableError(
    `The database '${path}' cannot be used now: ${causeOf(error)}. Nothing of this call was stored; look at ` +
      'the free space, the permissions and the health of the disk.',
    isOfTheSystem(error) ? { cause: error } : {},
  );
}

/** What a caller gets when a transaction was committed, and the disk has failed to keep it. */
export function notKept(path: string, error: unknown): Error {
  return new StoreUnavailableError(
    `The disk has failed to keep what was written to the database '${path}': ${causeOf(error)}. What was stored last ` +
      'may be there or not, so nothing more is stored. Look at the health of the disk, then start the bot again.',
    isOfTheSystem(error) ? { cause: error } : {},
  );
}

/** Runs what reads the database. @throws {StoreUnavailableError} when it cannot be read. */
export function reading<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw isDatabaseFailure(error) ? unavailable(path, error) : error;
  }
}
