import type { Page } from '../deliveryStore';
import type { ActivityEntry, HistoryEntry, RecentActivity } from '../history';
import { type Place, readPlaceId, toPlaceId } from '../historyPlace';
import { toActivityEntry, toHistoryEntry } from '../historyRow';
import { integer } from './driver/row';
import type { Row, SqliteDriver, SqliteStatement } from './driver/sqliteDriver';
import { conversationHistory, historyStreams } from './historyQueries';

/** Before every entry. */
const BEGINNING: Place = [Number.MIN_SAFE_INTEGER, 0, 0];

interface Stream {
  readonly rank: number;
  readonly after: SqliteStatement;
  readonly latest: SqliteStatement;
}

/** An entry, and its place among those of its stream. */
interface Followed {
  readonly stream: number;
  readonly position: number;
  readonly entry: ActivityEntry;
}

/** Reads what happened. It needs nothing but the database, and so does who reads it beside the owner. */
export class History {
  readonly #ofConversation: SqliteStatement;
  readonly #streams: readonly Stream[];

  constructor(driver: SqliteDriver) {
    this.#ofConversation = driver.prepare(conversationHistory);
    this.#streams = historyStreams.map(({ rank, after, latest }) => ({
      rank,
      after: driver.prepare(after),
      latest: driver.prepare(latest),
    }));
  }

  ofConversation(conversationId: string, { limit, after }: Page): readonly HistoryEntry[] {
    const [at = 0, rank = 0, tie = 0] = after === undefined ? BEGINNING : readPlaceId(after, 3);
    return this.#ofConversation
      .all(conversationId, at, rank, tie, limit)
      .map((row) => toHistoryEntry(row, [integer(row, 'at'), integer(row, 'rank'), integer(row, 'tie')]));
  }

  activity(after: string | undefined, limit: number): RecentActivity {
    if (after === undefined) return this.#latest(limit);
    const positions = readPlaceId(after, this.#streams.length);
    const found = this.#read((stream, index) => stream.after.all(positions[index] ?? 0, limit));
    return toActivity(mergeByTime(found, limit), positions);
  }

  #latest(limit: number): RecentActivity {
    const found = this.#read((stream) => stream.latest.all(limit).reverse());
    const newest = found.map((entries) => entries.at(-1)?.position ?? 0);
    const all = mergeByTime(found, Number.POSITIVE_INFINITY);
    return toActivity(all.slice(Math.max(all.length - limit, 0)), newest);
  }

  /** The last stream first: whoever writes meanwhile, an end is not told before its beginning. */
  #read(rowsOf: (stream: Stream, index: number) => readonly Row[]): Followed[][] {
    const found: Followed[][] = [];
    for (const [index, stream] of [...this.#streams.entries()].reverse()) {
      found.unshift(rowsOf(stream, index).map((row) => toFollowed(row, index, stream)));
    }
    return found;
  }
}

function toFollowed(row: Row, stream: number, { rank }: Stream): Followed {
  const position = integer(row, 'position');
  return { stream, position, entry: toActivityEntry(row, [integer(row, 'at'), rank, position]) };
}

/** Takes the earliest of what is first in its stream, again and again: each stream keeps its order. */
function mergeByTime(streams: readonly (readonly Followed[])[], limit: number): Followed[] {
  const merged: Followed[] = [];
  const taken = streams.map(() => 0);
  while (merged.length < limit) {
    let earliest: Followed | undefined;
    for (const [index, stream] of streams.entries()) {
      const first = stream[taken[index] ?? 0];
      if (first !== undefined && first.entry.at < (earliest?.entry.at ?? Number.POSITIVE_INFINITY)) {
        earliest = first;
      }
    }
    if (earliest === undefined) return merged;
    merged.push(earliest);
    taken[earliest.stream] = (taken[earliest.stream] ?? 0) + 1;
  }
  return merged;
}

/** @param positions Where each stream stands of which there is no entry. */
function toActivity(followed: readonly Followed[], positions: Place): RecentActivity {
  const cursor = [...positions];
  for (const { stream, position } of followed) cursor[stream] = position;
  return { entries: followed.map(({ entry }) => entry), cursor: toPlaceId(cursor) };
}
