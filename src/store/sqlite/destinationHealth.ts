import { z } from 'zod';
import { type DestinationHealth, HEALTHY, type HealthUpdate } from '../deliveryStore';
import { text } from './driver/row';
import type { SqliteStatement } from './driver/sqliteDriver';
import type { TableContext } from './tableContext';

const healthSchema: z.ZodType<DestinationHealth> = z.discriminatedUnion('status', [
  z.object({ status: z.literal('active'), consecutiveFailures: z.number() }),
  z.object({
    status: z.literal('inactive'),
    consecutiveFailures: z.number(),
    since: z.number(),
    probeAt: z.number(),
    reason: z.string(),
  }),
]);

/** The health of each destination, kept in memory beside the table: it is asked for at every send. */
export class DestinationHealths {
  readonly #context: TableContext;
  readonly #find: SqliteStatement;
  readonly #names: SqliteStatement;
  readonly #save: SqliteStatement;
  readonly #known = new Map<string, DestinationHealth>();

  constructor(context: TableContext) {
    const { driver } = context;
    this.#context = context;
    this.#find = driver.prepare('SELECT health FROM destination_health WHERE destination = ?');
    this.#names = driver.prepare('SELECT destination FROM destination_health ORDER BY destination');
    this.#save = driver.prepare(
      `INSERT INTO destination_health (destination, health) VALUES (?, ?)
        ON CONFLICT (destination) DO UPDATE SET health = excluded.health`,
    );
  }

  /** The destinations of which a health is stored. */
  names(): string[] {
    return this.#names.all().map((row) => text(row, 'destination'));
  }

  load(destination: string): DestinationHealth {
    const known = this.#known.get(destination);
    if (known !== undefined) return known;
    const row = this.#find.get(destination);
    const health = row === undefined ? HEALTHY : healthSchema.parse(JSON.parse(text(row, 'health')));
    this.#known.set(destination, health);
    return health;
  }

  /** Takes a step from what is stored. Writes only what changes: a delivery to a healthy destination does not. */
  update(destination: string, step: HealthUpdate): DestinationHealth {
    const before = this.load(destination);
    const health = step(before);
    const json = JSON.stringify(health);
    if (json === JSON.stringify(before)) return health;
    this.#save.run(destination, json);
    this.#known.set(destination, health);
    this.#context.undo.note(() => this.#known.set(destination, before));
    return health;
  }
}
