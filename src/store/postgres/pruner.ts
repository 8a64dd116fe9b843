import type { Database } from './database';
import type { StoreTime } from './storeTime';

/** Rows looked at in one step: a few milliseconds. */
const STEP = 500;
/** Steps after which others come first. */
const MAX_STEPS = 40;
/** Receipts may come late; the platform names no limit (assumption). */
const CORRELATION_WINDOW_MS = 24 * 60 * 60 * 1000;

/** Drops what has been kept long enough, in small steps, so that it holds up nobody. */
export class Pruner {
  readonly #database: Database;
  readonly #time: StoreTime;
  readonly #retentionMs: number;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** Where to go on: what waits longer than everything is kept must not be looked at again and again. */
  readonly #positions = { inbox: 0, outbox: 0 };

  constructor(
    database: Database,
    time: StoreTime,
    settings: { readonly retentionMs: number; readonly pruneIntervalMs: number },
  ) {
    this.#database = database;
    this.#time = time;
    this.#retentionMs = settings.retentionMs;
    this.#intervalMs = settings.pruneIntervalMs;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => void this.#runAndGoOn(), this.#intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Looks at everything once, or at as much of it as `MAX_STEPS` allow. */
  async run(): Promise<void> {
    const before = this.#time.before(this.#retentionMs);
    await this.#prune('outbox', before);
    await this.#prune('inbox', before);
    await this.#repeat(() => this.#dropKeys());
    const receiptsBefore = this.#time.before(Math.max(this.#retentionMs, CORRELATION_WINDOW_MS));
    await this.#repeat(() => this.#dropDeliveries(receiptsBefore));
  }

  async #runAndGoOn(): Promise<void> {
    const timer = this.#timer;
    try {
      await this.run();
    } catch {
      // The server is away, or the store was closed: there is time.
    }
    if (this.#timer === timer) this.start();
  }

  async #prune(table: 'inbox' | 'outbox', before: number): Promise<void> {
    for (let step = 0; step < MAX_STEPS; step++) {
      const from = this.#positions[table];
      const [row] = await this.#database.query<{ last: number | null }>(
        {
          name: `prune-${table}`,
          text: `SELECT last FROM ${this.#database.schema}.prune_${table}($1, $2, $3) AS last`,
        },
        [before, from, STEP],
      );
      const last = row?.last ?? undefined;
      // More rows of one millisecond than fit into a step must not stop it.
      this.#positions[table] = last === undefined ? 0 : Math.max(last, from + 1);
      if (last === undefined) return;
    }
  }

  async #repeat(step: () => Promise<number>): Promise<void> {
    for (let steps = 0; steps < MAX_STEPS; steps++) if ((await step()) < STEP) return;
  }

  async #dropKeys(): Promise<number> {
    const clock = this.#time.trustsCaller ? this.#time.before(0) : null;
    const [row] = await this.#database.query<{ gone: number }>(
      { name: 'prune-keys', text: `SELECT ${this.#database.schema}.prune_dedupe_keys($1, $2) AS gone` },
      [clock, STEP],
    );
    return row?.gone ?? 0;
  }

  async #dropDeliveries(before: number): Promise<number> {
    const [row] = await this.#database.query<{ gone: number }>(
      { name: 'prune-deliveries', text: `SELECT ${this.#database.schema}.prune_deliveries($1, $2) AS gone` },
      [before, STEP],
    );
    return row?.gone ?? 0;
  }
}
