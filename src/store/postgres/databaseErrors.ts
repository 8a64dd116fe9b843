import { StoreUnavailableError } from '../../errors';

/** SQLSTATEs of a transaction that lost against another one, and may simply be run again. */
const LOST_AGAINST_ANOTHER = new Set(['40001', '40P01']);

const REASONS: readonly [code: RegExp, reason: string][] = [
  [/^28/, 'refuses the login: check user, password and pg_hba.conf'],
  [/^3D000$/, 'does not know the database of the connection string'],
  [/^42501$/, 'refuses access: the user lacks a right on the schema or its tables'],
  [/^57014$|^55P03$/, 'did not answer within the statement time-out'],
  [/^57P0|^08/, 'is shutting down or starting up'],
  [/^53100$/, 'has no disk space left'],
  [/^53300$/, 'has no connection left: raise max_connections or lower maxConnections'],
  [/^53/, 'has run out of resources'],
  [/^25006$/, 'is read-only: it may be a standby'],
  [/^ECONNREFUSED$|^ENOENT$/, 'cannot be reached: nobody listens at its address'],
  [/^ENOTFOUND$|^EAI_AGAIN$/, "cannot be reached: its host's name is unknown"],
  [/^ETIMEDOUT$|^EHOSTUNREACH$|^ENETUNREACH$/, 'cannot be reached'],
  [/^ERR_INVALID_URL$/, 'cannot be used: check the connection string'],
  [/^ECONNRESET$|^EPIPE$|^ECONNABORTED$/, 'has closed the connection'],
];

/** What the server or the socket says is wrong, such as `57014` or `ECONNREFUSED`. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

export function mayRunAgain(error: unknown): boolean {
  return LOST_AGAINST_ANOTHER.has(codeOf(error) ?? '');
}

/**
 * The fault lies with what was to be written rather than with the server: one operation of a batch must not take the
 * others down with it.
 */
export class ContentRefusedError extends StoreUnavailableError {}

/**
 * An error to hand on. What `pg` says may hold values, the connection string among them, so none of it is kept
 * but the code (I9).
 */
export function toStoreError(error: unknown): StoreUnavailableError {
  const code = codeOf(error);
  const message = messageOf(code, error);
  const blamesContent = code !== undefined && /^(22|23|54)/.test(code);
  return blamesContent ? new ContentRefusedError(message) : new StoreUnavailableError(message);
}

/** What is to be said of an error of which only the code may be known. */
export function messageOf(code: string | undefined, error?: unknown): string {
  const known = REASONS.find(([pattern]) => code !== undefined && pattern.test(code))?.[1];
  const reason = known ?? (code === undefined ? connectionReason(error) : refusal(code, error));
  return `PostgreSQL ${reason}${code === undefined ? '' : ` (${code})`}.`;
}

/** Faults of the schema or of our statements: what is said of them names tables and functions, and no values. */
function refusal(code: string, error: unknown): string {
  const namesObjects = /^(0A|42|55|XX)/.test(code);
  return namesObjects && error instanceof Error ? `refused: ${error.message}` : 'refused the operation';
}

/** `pg` gives no codes to its own errors. */
function connectionReason(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/timeout/i.test(message)) return 'did not answer in time';
  if (/terminated|not queryable|closed/i.test(message)) return 'has closed the connection';
  return 'cannot be used: check the connection string';
}
