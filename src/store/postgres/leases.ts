import type { ClaimTerms } from '../deliveryStore';
import type { Database } from './database';
import type { HeldLeases } from './heldLeases';
import type { StoreTime } from './storeTime';
import { encodeJson } from './textCodec';

/** Prolongs leases and gives them up. */
export class Leases {
  readonly #database: Database;
  readonly #time: StoreTime;
  readonly #held: HeldLeases;
  readonly #onWorkLeft: () => void;

  constructor(database: Database, time: StoreTime, held: HeldLeases, onWorkLeft: () => void) {
    this.#database = database;
    this.#time = time;
    this.#held = held;
    this.#onWorkLeft = onWorkLeft;
  }

  async renew(terms: ClaimTerms): Promise<void> {
    await this.#database.query(
      { name: 'renew', text: `SELECT ${this.#database.schema}.renew_leases($1, $2, $3)` },
      [encodeJson(this.#held.of(terms.worker)), terms.leaseMs, this.#time.clockOf(terms)],
    );
  }

  async release(worker: string): Promise<void> {
    const [row] = await this.#database.query<{ released: number }>(
      { name: 'release', text: `SELECT ${this.#database.schema}.release_leases($1, $2) AS released` },
      [worker, this.#time.clockOf(undefined)],
    );
    this.#held.dropAllOf(worker);
    if (row !== undefined && row.released > 0) this.#onWorkLeft();
  }
}
