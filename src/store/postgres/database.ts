import type { Pool, QueryResultRow } from 'pg';
import { StoreClosedError } from '../../errors';
import { connectionSettings, queryTimeoutMs } from './connection';
import { mayRunAgain, toStoreError } from './databaseErrors';
import { loadPg } from './loadPg';
import type { PostgresStoreSettings } from './postgresStoreOptions';
import { encodeText } from './textCodec';

/** Tries of a transaction that loses against others, which ordered locks make all but impossible. */
const MAX_TRIES = 5;

/** A parameter of a statement; texts are encoded on the way. */
export type SqlValue = string | number | boolean | null;

/** Runs statements, each a transaction of its own, on a pool of connections that heals by itself. */
export class Database {
  readonly #settings: PostgresStoreSettings;
  #pool: Pool | undefined;

  constructor(settings: PostgresStoreSettings) {
    this.#settings = settings;
  }

  get isOpen(): boolean {
    return this.#pool !== undefined;
  }

  /** The schema's name as it stands in a statement. */
  get schema(): string {
    return `"${this.#settings.schema}"`;
  }

  open(): void {
    if (this.#pool !== undefined) return;
    const { Pool } = loadPg();
    this.#pool = new Pool({
      ...connectionSettings(this.#settings),
      query_timeout: queryTimeoutMs(this.#settings),
      max: this.#settings.maxConnections,
      idleTimeoutMillis: 60_000,
    });
    // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.end();
  }

  /**
   * Runs one statement. It is prepared once per connection, under its own text's name.
   *
   * @throws {StoreUnavailableError} when the server cannot be reached or does not do it.
   */
  async query<Row extends QueryResultRow>(statement: Statement, values: readonly SqlValue[]): Promise<Row[]> {
    try {
      return await this.attempt<Row>(statement, values);
    } catch (error) {
      if (error instanceof StoreClosedError) throw error;
      throw toStoreError(error);
    }
  }

  /** Like {@link query}, but rejects with what the server said. */
  async attempt<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly SqlValue[],
  ): Promise<Row[]> {
    const encoded = values.map((value) => (typeof value === 'string' ? encodeText(value) : value));
    for (let tries = 1; ; tries++) {
      const pool = this.#pool;
      if (pool === undefined) throw new StoreClosedError();
      try {
        const { rows } = await pool.query<Row>({ values: encoded, ...statement });
        return rows;
      } catch (error) {
        if (!mayRunAgain(error) || tries >= MAX_TRIES) throw error;
      }
    }
  }
}

/** A statement with a name under which connections remember its plan. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}
