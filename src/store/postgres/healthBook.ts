import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type DestinationHealth, HEALTHY, type HealthUpdate } from '../deliveryStore';
import type { Database } from './database';
import { OneAtATime } from './oneAtATime';

const healthShape = z.discriminatedUnion('status', [
  z.object({ status: z.literal('active'), consecutiveFailures: z.number() }),
  z.object({
    status: z.literal('inactive'),
    consecutiveFailures: z.number(),
    since: z.number(),
    probeAt: z.number(),
    reason: z.string(),
  }),
]);

interface KnownHealth {
  /** 0 when nothing is stored. */
  readonly version: number;
  readonly health: DestinationHealth;
}

/** From which version the health goes on, and to what; `undefined` when it stays as it is. */
export interface HealthStep {
  readonly version: number;
  readonly next: DestinationHealth | undefined;
}

/**
 * The health of destinations. An update is a function of ours, so it is computed here from what is known, and
 * written only if the database knows nothing newer; otherwise it is computed anew. While all goes well nothing
 * changes, and nothing is locked or written.
 */
export class HealthBook {
  readonly #database: Database;
  readonly #known = new Map<string, KnownHealth>();
  readonly #changes = new OneAtATime();

  constructor(database: Database) {
    this.#database = database;
  }

  forget(): void {
    this.#known.clear();
  }

  async load(destination: string): Promise<DestinationHealth> {
    return (await this.#load(destination)).health;
  }

  /** The destinations of which a health is stored. */
  async names(): Promise<readonly string[]> {
    const rows = await this.#database.query<{ destination: string }>(
      {
        name: 'list-destinations',
        text: `SELECT destination FROM ${this.#database.schema}.destinations ORDER BY destination`,
      },
      [],
    );
    return rows.map(({ destination }) => destination);
  }

  async update(destination: string, update: HealthUpdate): Promise<DestinationHealth> {
    await this.#load(destination);
    const { health } = await this.follow(destination, update, (step) => this.#write(destination, step));
    return health;
  }

  /**
   * Updates the health together with what `write` writes.
   *
   * @param write Writes both in one commit; `'stale'` when the health is no longer that of the step's version.
   */
  async follow<Result>(
    destination: string,
    update: HealthUpdate,
    write: (step: HealthStep) => Promise<Result | 'stale'>,
  ): Promise<{ readonly health: DestinationHealth; readonly result: Result }> {
    const known = this.#known.get(destination) ?? (await this.#load(destination));
    if (isDeepStrictEqual(update(known.health), known.health)) {
      const result = await write({ version: known.version, next: undefined });
      if (result !== 'stale') return { health: known.health, result };
    }
    return this.#changes.run(destination, () => this.#change(destination, update, write));
  }

  async #change<Result>(
    destination: string,
    update: HealthUpdate,
    write: (step: HealthStep) => Promise<Result | 'stale'>,
  ): Promise<{ readonly health: DestinationHealth; readonly result: Result }> {
    for (;;) {
      const known = await this.#load(destination);
      const health = update(known.health);
      const changes = !isDeepStrictEqual(health, known.health);
      const result = await write({ version: known.version, next: changes ? health : undefined });
      if (result === 'stale') continue;
      if (changes) this.#known.set(destination, { version: known.version + 1, health });
      return { health, result };
    }
  }

  async #load(destination: string): Promise<KnownHealth> {
    const [row] = await this.#database.query<{ version: number; health: string }>(
      {
        name: 'load-health',
        text: `SELECT version, health FROM ${this.#database.schema}.destinations WHERE destination = $1`,
      },
      [destination],
    );
    const known: KnownHealth =
      row === undefined
        ? { version: 0, health: HEALTHY }
        : { version: row.version, health: healthShape.parse(JSON.parse(row.health)) };
    this.#known.set(destination, known);
    return known;
  }

  async #write(destination: string, { version, next }: HealthStep): Promise<'written' | 'stale'> {
    const [row] = await this.#database.query<{ written: boolean }>(
      {
        name: 'follow-health',
        text: `SELECT ${this.#database.schema}.follow_health($1, $2, $3) AS written`,
      },
      [destination, version, next === undefined ? null : JSON.stringify(next)],
    );
    return row?.written === true ? 'written' : 'stale';
  }
}
