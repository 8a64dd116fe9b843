import { z } from 'zod';
import type { Page } from '../deliveryStore';
import type { ActivityEntry, HistoryEntry, RecentActivity } from '../history';
import { comparePlaces, type Place, readPlaceId, toPlaceId } from '../historyPlace';
import { toActivityEntry, toHistoryEntry } from '../historyRow';
import type { Database, SqlValue, Statement } from './database';
import { activitySince, conversationHistory, latestActivity } from './historyQueries';

/** Before every entry. */
const BEGINNING: Place = [Number.MIN_SAFE_INTEGER, 0, 0, 0];

const placeShape = z
  .object({ at: z.number(), rank: z.number(), tieLane: z.number(), tieSeq: z.number() })
  .transform(({ at, rank, tieLane, tieSeq }): Place => [at, rank, tieLane, tieSeq]);

const seenShape = z.object({
  upTo: z.number(),
  underWay: z.array(z.number()),
  entries: z.array(z.looseObject({ xact: z.number() })),
});

type Seen = z.output<typeof seenShape>;

/** Reads what happened. */
export class History {
  readonly #database: Database;
  readonly #ofConversation: Statement;
  readonly #since: Statement;
  readonly #latest: Statement;

  constructor(database: Database) {
    const { schema } = database;
    this.#database = database;
    this.#ofConversation = { name: 'history', text: conversationHistory(schema) };
    this.#since = { name: 'activity-since', text: activitySince(schema) };
    this.#latest = { name: 'latest-activity', text: latestActivity(schema) };
  }

  async ofConversation(conversationId: string, { limit, after }: Page): Promise<readonly HistoryEntry[]> {
    const start = after === undefined ? BEGINNING : readPlaceId(after, BEGINNING.length);
    const rows = await this.#database.query(this.#ofConversation, [conversationId, ...start, limit]);
    return rows.map((row) => toHistoryEntry(row, placeShape.parse(row)));
  }

  async activity(after: string | undefined, limit: number): Promise<RecentActivity> {
    if (after === undefined) {
      const seen = await this.#see(this.#latest, [limit]);
      const entries = byTime(seen.entries);
      return {
        entries: entries.slice(Math.max(entries.length - limit, 0)),
        cursor: cursorOf(seen, seen.upTo),
      };
    }
    const [from = 0, ...awaited] = readPlaceId(after);
    const seen = await this.#see(this.#since, [from, `{${awaited.join(',')}}`, limit]);
    const upTo = Math.max(from, lastWithin(limit, seen));
    return {
      entries: byTime(seen.entries.filter(({ xact }) => xact <= upTo)),
      cursor: cursorOf(seen, upTo),
    };
  }

  async #see(statement: Statement, values: readonly SqlValue[]): Promise<Seen> {
    const [row] = await this.#database.query(statement, values);
    return seenShape.parse(row);
  }
}

/** The transaction up to which there are about `limit` entries: what one has written is not taken apart. */
function lastWithin(limit: number, { entries, upTo }: Seen): number {
  const xacts = entries.map(({ xact }) => xact).sort((one, other) => one - other);
  // With so many, there may be more of what comes after the last.
  return xacts.length >= limit ? (xacts[limit - 1] ?? upTo) : upTo;
}

/** The last transaction that was told, and those before it that were under way and are to be told when they are over. */
function cursorOf({ underWay }: Seen, upTo: number): string {
  return toPlaceId([upTo, ...underWay.filter((xact) => xact <= upTo)]);
}

function byTime(rows: Seen['entries']): ActivityEntry[] {
  return rows
    .map((row) => ({ row, place: placeShape.parse(row) }))
    .sort((one, other) => comparePlaces(one.place, other.place))
    .map(({ row, place }) => toActivityEntry(row, place));
}
