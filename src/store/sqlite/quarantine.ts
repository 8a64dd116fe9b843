import { z } from 'zod';
import type { NewQuarantinedRequest, Page, QuarantinedItem } from '../deliveryStore';
import { Counter } from './counter';
import { optionalInteger, text } from './driver/row';
import type { Row, SqliteStatement } from './driver/sqliteDriver';
import type { TableContext } from './tableContext';

const optionalText = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);

/** As JSON, an item may hold what a TEXT column would not give back as it was, such as NUL in a request's body. */
const itemSchema: z.ZodType<QuarantinedItem> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('request'),
    id: z.string(),
    body: z.string(),
    reason: z.string(),
    details: z.string().optional(),
    receivedAt: z.number(),
  }),
  z.object({
    kind: z.literal('event'),
    id: z.string(),
    event: z.object({
      id: z.string(),
      conversationId: z.string(),
      source: z.enum(['platform', 'deliveryFailed', 'handoffStatus']),
      payload: z.string(),
      dedupeKey: optionalText,
      receivedAt: z.number(),
      traceContext: optionalText,
    }),
    reason: z.string(),
    details: z.string().optional(),
    attempts: z.number(),
    quarantinedAt: z.number(),
  }),
]);

/** An item that was taken out. */
export interface TakenItem {
  /** The row of an event in the inbox. */
  readonly eventSeq: number | undefined;
}

/** What an operator has to look at: requests that are no event, and events whose turn failed every time. */
export class Quarantine {
  readonly #size: Counter;
  readonly #put: SqliteStatement;
  readonly #take: SqliteStatement;
  readonly #trim: SqliteStatement;
  readonly #find: SqliteStatement;
  readonly #list: SqliteStatement;

  constructor({ driver, undo }: TableContext) {
    this.#size = Counter.ofRows(driver, undo, 'quarantine');
    this.#put = driver.prepare('INSERT INTO quarantine (id, kind, event_seq, item) VALUES (?, ?, ?, ?)');
    this.#take = driver.prepare('DELETE FROM quarantine WHERE id = ? RETURNING event_seq');
    this.#trim = driver.prepare(
      `DELETE FROM quarantine WHERE kind = ?1 AND seq <=
        (SELECT seq FROM quarantine WHERE kind = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)`,
    );
    this.#find = driver.prepare('SELECT item FROM quarantine WHERE id = ?');
    // The last item of the page before may be gone by now: then the list begins anew.
    this.#list = driver.prepare(
      `SELECT item FROM quarantine
        WHERE seq > coalesce((SELECT seq FROM quarantine WHERE id = ?), 0) ORDER BY seq LIMIT ?`,
    );
  }

  get size(): number {
    return this.#size.value;
  }

  /** @param eventSeq The row of an event in the inbox. */
  put(item: QuarantinedItem, eventSeq?: number): void {
    this.take(item.id);
    this.#put.run(item.id, item.kind, eventSeq ?? null, toJson(item));
    this.#size.add(1);
  }

  /** Keeps a request; the oldest of them goes when there are more than `limit`. */
  putRequest(request: NewQuarantinedRequest, limit: number): void {
    this.put({ kind: 'request', ...request });
    this.#size.add(-this.#trim.run('request', limit));
  }

  /** Takes an item out. @returns What it was; `undefined` when it is not there. */
  take(id: string): TakenItem | undefined {
    const row = this.#take.get(id);
    if (row === undefined) return undefined;
    this.#size.add(-1);
    return { eventSeq: optionalInteger(row, 'event_seq') };
  }

  find(id: string): QuarantinedItem | undefined {
    const row = this.#find.get(id);
    return row && toItem(row);
  }

  list({ limit, after }: Page): QuarantinedItem[] {
    return this.#list.all(after ?? null, limit).map(toItem);
  }
}

function toJson(item: QuarantinedItem): string {
  if (item.kind === 'request') return JSON.stringify(item);
  const { dedupeKey = null, traceContext = null } = item.event;
  return JSON.stringify({ ...item, event: { ...item.event, dedupeKey, traceContext } });
}

function toItem(row: Row): QuarantinedItem {
  return itemSchema.parse(JSON.parse(text(row, 'item')));
}
