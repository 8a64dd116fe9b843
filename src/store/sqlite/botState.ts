import type { StoreItems } from 'botbuilder';
import { z } from 'zod';
import { text } from './driver/row';
import type { SqliteDriver, SqliteStatement } from './driver/sqliteDriver';
import type { SerialNumbers } from './serialNumbers';

const documentSchema = z.record(z.string(), z.unknown());

/** The documents of botbuilder's `Storage`: user, conversation and dialog state. */
export class BotState {
  readonly #eTags: SerialNumbers;
  readonly #find: SqliteStatement;
  readonly #save: SqliteStatement;
  readonly #delete: SqliteStatement;

  constructor(driver: SqliteDriver, eTags: SerialNumbers) {
    this.#eTags = eTags;
    this.#find = driver.prepare('SELECT e_tag, document FROM bot_state WHERE key = ?');
    this.#save = driver.prepare(
      `INSERT INTO bot_state (key, e_tag, document) VALUES (?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET e_tag = excluded.e_tag, document = excluded.document`,
    );
    this.#delete = driver.prepare('DELETE FROM bot_state WHERE key = ?');
  }

  /** What is stored under `keys`; a key under which there is nothing is absent. */
  read(keys: readonly string[]): StoreItems {
    // Made of entries, so that a key such as `__proto__` is a key like any other.
    return Object.fromEntries(
      keys.flatMap((key) => {
        const row = this.#find.get(key);
        if (row === undefined) return [];
        return [[key, { ...parse(text(row, 'document')), eTag: text(row, 'e_tag') }]];
      }),
    );
  }

  /**
   * Stores all of `documents` or none. A document with an eTag other than `*` must have the one that is stored.
   *
   * @throws {Error} at the first conflict, naming its key.
   */
  write(documents: readonly PreparedDocument[]): void {
    for (const { key, eTag, json } of documents) {
      if (eTag !== undefined && eTag !== '' && eTag !== '*') this.#mustMatch(key, eTag);
      this.#save.run(key, String(this.#eTags.next()), json);
    }
  }

  delete(keys: readonly string[]): void {
    for (const key of keys) this.#delete.run(key);
  }

  /** As in botbuilder's own stores, a document that is not there (any more) is in nobody's way. */
  #mustMatch(key: string, eTag: string): void {
    const row = this.#find.get(key);
    if (row === undefined || text(row, 'e_tag') === eTag) return;
    throw new Error(`Storage: error writing "${key}" due to eTag conflict.`);
  }
}

/** A document as it is at the moment of the call, whatever the bot does to it until it is written. */
export interface PreparedDocument {
  readonly key: string;
  readonly eTag: string | undefined;
  readonly json: string;
}

/** Reads what a bot wants to store. */
export function prepareDocuments(changes: StoreItems): PreparedDocument[] {
  return Object.entries(changes).map(([key, item]) => {
    const { eTag, ...document } = documentSchema.parse(item);
    return { key, eTag: typeof eTag === 'string' ? eTag : undefined, json: JSON.stringify(document) };
  });
}

function parse(json: string): Record<string, unknown> {
  return documentSchema.parse(JSON.parse(json));
}
