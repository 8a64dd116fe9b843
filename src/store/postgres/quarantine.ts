import { z } from 'zod';
import type { NewInboxEvent, NewQuarantinedRequest, Page, QuarantinedItem } from '../deliveryStore';
import type { Database } from './database';
import type { StoreTime } from './storeTime';
import { encodeJson } from './textCodec';

const base = {
  id: z.string(),
  reason: z.string(),
  details: z.string().nullable(),
  body: z.string(),
  receivedAt: z.number(),
};
const itemShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), ...base }),
  z.object({
    kind: z.literal('event'),
    ...base,
    conversationId: z.string(),
    source: z.enum(['platform', 'deliveryFailed', 'handoffStatus']),
    dedupeKey: z.string().nullable(),
    traceContext: z.string().nullable(),
    attempts: z.number(),
    quarantinedAt: z.number(),
  }),
]);

/** What no bot could make sense of. */
export class Quarantine {
  readonly #database: Database;
  readonly #time: StoreTime;
  readonly #onWorkLeft: () => void;
  readonly #select: string;

  constructor(database: Database, time: StoreTime, onWorkLeft: () => void) {
    this.#database = database;
    this.#time = time;
    this.#onWorkLeft = onWorkLeft;
    this.#select = `
      SELECT q.id, q.kind, q.reason, q.details, q.body, q.received_at AS "receivedAt",
        q.conversation_id AS "conversationId", q.source, q.dedupe_key AS "dedupeKey",
        q.trace_context AS "traceContext", q.attempts, q.quarantined_at AS "quarantinedAt"
      FROM ${database.schema}.quarantine q`;
  }

  async add(item: NewQuarantinedRequest, limit: number): Promise<void> {
    await this.#database.query(
      {
        name: 'quarantine',
        text: `SELECT ${this.#database.schema}.quarantine_request($1, $2, $3, $4, $5, $6)`,
      },
      [item.id, item.body, item.reason, item.details ?? null, item.receivedAt, limit],
    );
  }

  async list({ limit, after }: Page): Promise<readonly QuarantinedItem[]> {
    const rows = await this.#database.query(
      {
        name: 'list-quarantine',
        text: `${this.#select}
          WHERE q.position > coalesce(
            (SELECT a.position FROM ${this.#database.schema}.quarantine a WHERE a.id = $2), 0)
          ORDER BY q.position LIMIT $1`,
      },
      [limit, after ?? null],
    );
    return rows.map(toItem);
  }

  async find(id: string): Promise<QuarantinedItem | undefined> {
    const [row] = await this.#database.query(
      { name: 'find-quarantined', text: `${this.#select} WHERE q.id = $1` },
      [id],
    );
    return row === undefined ? undefined : toItem(row);
  }

  async replay(id: string, event: NewInboxEvent): Promise<boolean> {
    const [row] = await this.#database.query<{ done: boolean }>(
      {
        name: 'replay-quarantined',
        text: `SELECT ${this.#database.schema}.replay_quarantined($1, $2, $3) AS done`,
      },
      [id, encodeJson(event), this.#time.clockOf(undefined)],
    );
    if (row?.done === true) this.#onWorkLeft();
    return row?.done === true;
  }

  async discard(id: string): Promise<boolean> {
    const rows = await this.#database.query(
      {
        name: 'discard-quarantined',
        text: `DELETE FROM ${this.#database.schema}.quarantine WHERE id = $1 RETURNING id`,
      },
      [id],
    );
    return rows.length > 0;
  }
}

function toItem(row: unknown): QuarantinedItem {
  const item = itemShape.parse(row);
  const { id, reason, body, receivedAt } = item;
  const why = { reason, ...(item.details !== null && { details: item.details }) };
  if (item.kind === 'request') return { kind: 'request', id, body, ...why, receivedAt };
  const { conversationId, source, attempts, quarantinedAt } = item;
  const dedupeKey = item.dedupeKey ?? undefined;
  const traceContext = item.traceContext ?? undefined;
  return {
    kind: 'event',
    id,
    event: { id, conversationId, source, payload: body, dedupeKey, receivedAt, traceContext },
    ...why,
    attempts,
    quarantinedAt,
  };
}
