import { z } from 'zod';
import type { DeadLetter, Page, ReplayOutcome } from '../deliveryStore';
import type { Database } from './database';
import type { StoreTime } from './storeTime';

const letterShape = z.object({
  id: z.string(),
  activityId: z.string(),
  conversationId: z.string(),
  destination: z.string(),
  body: z.string(),
  stagedAt: z.number(),
  role: z.enum(['message', 'handover', 'handoverCopy']),
  reportsFailure: z.boolean(),
  traceContext: z
    .string()
    .nullable()
    .transform((text) => text ?? undefined),
  eventReceivedAt: z
    .number()
    .nullable()
    .transform((time) => time ?? undefined),
  ambiguousAttempts: z.number(),
  lastError: z.string(),
  attempts: z.number(),
  reason: z.string(),
  diedAt: z.number(),
});

const replayShape: z.ZodType<ReplayOutcome> = z.enum(['replayed', 'unknown', 'isHandover', 'gated']);

/** Messages that were given up. */
export class DeadLetters {
  readonly #database: Database;
  readonly #time: StoreTime;
  readonly #onWorkLeft: () => void;
  readonly #select: string;

  constructor(database: Database, time: StoreTime, onWorkLeft: () => void) {
    this.#database = database;
    this.#time = time;
    this.#onWorkLeft = onWorkLeft;
    this.#select = `
      SELECT o.id, o.activity_id AS "activityId", o.conversation_id AS "conversationId", o.destination,
        o.body, o.staged_at AS "stagedAt", o.role, o.reports_failure AS "reportsFailure",
        o.trace_context AS "traceContext", o.event_received_at AS "eventReceivedAt",
        d.ambiguous_attempts AS "ambiguousAttempts", d.reason AS "lastError", d.attempts, d.reason,
        d.died_at AS "diedAt"
      FROM ${database.schema}.dead_letters d JOIN ${database.schema}.outbox o USING (lane, seq)`;
  }

  async list({ limit, after }: Page): Promise<readonly DeadLetter[]> {
    const { schema } = this.#database;
    const rows = await this.#database.query(
      {
        name: 'list-dead-letters',
        text: `${this.#select}
          WHERE d.position > coalesce((SELECT a.position FROM ${schema}.dead_letters a WHERE a.id = $2), 0)
          ORDER BY d.position LIMIT $1`,
      },
      [limit, after ?? null],
    );
    return z.array(letterShape).parse(rows);
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const [row] = await this.#database.query(
      { name: 'find-dead-letter', text: `${this.#select} WHERE d.id = $1` },
      [id],
    );
    return row === undefined ? undefined : letterShape.parse(row);
  }

  async replay(id: string): Promise<ReplayOutcome> {
    const [row] = await this.#database.query(
      {
        name: 'replay-dead-letter',
        text: `SELECT ${this.#database.schema}.replay_dead_letter($1, $2) AS answer`,
      },
      [id, this.#time.clockOf(undefined)],
    );
    const answer = replayShape.parse(row?.answer);
    if (answer === 'replayed') this.#onWorkLeft();
    return answer;
  }

  async discard(id: string): Promise<boolean> {
    const rows = await this.#database.query(
      {
        name: 'discard-dead-letter',
        text: `DELETE FROM ${this.#database.schema}.dead_letters WHERE id = $1 RETURNING id`,
      },
      [id],
    );
    return rows.length > 0;
  }
}
