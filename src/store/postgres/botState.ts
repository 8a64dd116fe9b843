import type { StoreItems } from 'botbuilder';
import { z } from 'zod';
import { StoreClosedError } from '../../errors';
import type { Database } from './database';
import { codeOf, toStoreError } from './databaseErrors';
import { decodeText, encodeJson } from './textCodec';

const documentShape = z.record(z.string(), z.unknown());
/** Raised by the function `write_bot_state`, with the key as its message. */
const ETAG_CONFLICT = 'WXETG';

/** The documents of botbuilder's `Storage`: user, conversation and dialog state. */
export class BotState {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What is stored under `keys`; a key under which there is nothing is absent. */
  async read(keys: readonly string[]): Promise<StoreItems> {
    const rows = await this.#database.query<{ key: string; item: string; etag: number }>(
      {
        name: 'read-state',
        text: `
          SELECT b.key, b.item, b.etag
          FROM json_array_elements_text($1) WITH ORDINALITY AS wanted (key, place)
          JOIN ${this.#database.schema}.bot_state b ON b.key = wanted.key
          ORDER BY wanted.place`,
      },
      [encodeJson(keys)],
    );
    // Made of entries, so that a key such as `__proto__` is a key like any other.
    return Object.fromEntries(
      rows.map(({ key, item, etag }) => [
        key,
        { ...documentShape.parse(JSON.parse(item)), eTag: String(etag) },
      ]),
    );
  }

  /**
   * Reads what a bot wants to store as it is now, whatever the bot does to it until it is written.
   *
   * @returns What writes all of it or none, and throws at an eTag conflict, naming the key.
   */
  prepare(changes: StoreItems): () => Promise<void> {
    const documents = encodeJson(Object.entries(changes).map(([key, item]) => toRow(key, item)));
    return () => this.#write(documents);
  }

  async #write(documents: string): Promise<void> {
    try {
      await this.#database.attempt(
        { name: 'write-state', text: `SELECT ${this.#database.schema}.write_bot_state($1)` },
        [documents],
      );
    } catch (error) {
      if (error instanceof StoreClosedError) throw error;
      if (codeOf(error) !== ETAG_CONFLICT || !(error instanceof Error)) throw toStoreError(error);
      throw new Error(`Storage: error writing "${decodeText(error.message)}" due to eTag conflict.`);
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.#database.query(
      {
        name: 'delete-state',
        text: `
          DELETE FROM ${this.#database.schema}.bot_state
          WHERE key IN (SELECT json_array_elements_text($1))`,
      },
      [encodeJson(keys)],
    );
  }
}

function toRow(key: string, item: unknown): object {
  const { eTag, ...document } = documentShape.parse(item);
  const mustMatch = typeof eTag === 'string' && eTag !== '' && eTag !== '*';
  return { key, item: JSON.stringify(document), etag: mustMatch ? eTag : null };
}
