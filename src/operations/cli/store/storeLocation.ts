import { UsageError } from '../args';

/** Where a store is. */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly connectionString: string };

const FORMS = "'sqlite:<path>' or 'postgres://…'";

/**
 * Reads the place of a store, in the form that the samples have it.
 *
 * @param text `sqlite:<path>` or `postgres://user:password@host/database`.
 * @throws {UsageError} when it is none, or a store that no other process can see. Never shows it: it may hold a password.
 */
export function readStoreLocation(text: string | undefined): StoreLocation {
  if (text === undefined || text === '') {
    throw new UsageError(`Which store? Give --store, or set WEBEX_CONNECT_STORE: ${FORMS}.`);
  }
  if (text === 'memory:' || text === 'sqlite::memory:') {
    throw new UsageError(
      `The store '${text}' lives inside of the bot's process, where no other process can see it: use adapter.deadLetters ` +
        `and its like there, or run the bot on ${FORMS}.`,
    );
  }
  if (text.startsWith('sqlite:') && text !== 'sqlite:')
    return { kind: 'sqlite', path: text.slice('sqlite:'.length) };
  if (/^postgres(ql)?:\/\//.test(text)) return { kind: 'postgres', connectionString: text };
  throw new UsageError(`The store must be ${FORMS}. See --store and WEBEX_CONNECT_STORE.`);
}

/** A connection string for people: where the database is, without the password. */
export function postgresName(connectionString: string, schema: string): string {
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  const place = url === undefined ? '' : ` ${url.host}${url.pathname}`;
  return `PostgreSQL${place}, schema ${schema}`;
}
