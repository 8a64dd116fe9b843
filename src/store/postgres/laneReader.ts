import type { ClaimTerms } from '../deliveryStore';
import type { Database, SqlValue } from './database';
import type { StoreTime } from './storeTime';

/** Claims what is due, and knows what will be. */
export class LaneReader {
  readonly #database: Database;
  readonly #time: StoreTime;

  constructor(database: Database, time: StoreTime) {
    this.#database = database;
    this.#time = time;
  }

  /**
   * @param claimFunction The function of the database that claims.
   * @param first Its parameters before those that every such function takes.
   * @returns The claims as JSON.
   */
  async claim(
    claimFunction: 'claim_turns' | 'claim_sends',
    first: readonly SqlValue[],
    limit: number,
    terms: ClaimTerms,
  ): Promise<readonly unknown[]> {
    const values = [...first, limit, terms.worker, terms.leaseMs, this.#time.clockOf(terms)];
    const places = values.map((_, index) => `$${index + 1}`).join(', ');
    const rows = await this.#database.query<{ claim: unknown }>(
      {
        name: claimFunction,
        text: `SELECT claim FROM ${this.#database.schema}.${claimFunction}(${places}) AS claim`,
      },
      values,
    );
    return rows.map(({ claim }) => claim);
  }

  /** When the next lane of `destination` becomes due that was not due at `now`. */
  async nextDueAt(destination: string, now: number): Promise<number | undefined> {
    const [row] = await this.#database.query<{ due_in: number | null }>(
      { name: 'next-due', text: `SELECT ${this.#database.schema}.next_due_in($1, $2, $3) AS due_in` },
      [destination, this.#time.ageOf(now), this.#time.clockOf({ now })],
    );
    const dueIn = row?.due_in ?? undefined;
    return dueIn === undefined ? undefined : now + dueIn;
  }
}
