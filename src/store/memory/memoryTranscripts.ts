import type { Activity, PagedResult, TranscriptInfo } from 'botbuilder';
import { type PageToken, readPageToken, toPage } from '../pageToken';
import { TRANSCRIPT_PAGE_SIZE, type TranscriptTable } from '../transcriptAccess';
import { fromTranscriptJson } from '../transcriptActivities';
import type { TranscriptEntry } from '../transcriptEntry';
import { compareCodePoints } from './codePoints';

interface Line {
  readonly happenedAt: number;
  /** Grows with every line of any transcript. */
  readonly serial: number;
  /** What tells a repeat; `undefined` where nothing does. */
  readonly key: string | undefined;
  readonly json: string;
}

interface Transcript {
  /** In the order of their times, then of their serials. Never empty. */
  lines: Line[];
  readonly keys: Set<string>;
}

/** A place in the order of lines. */
type Place = Pick<Line, 'happenedAt' | 'serial'>;

/** The activities of each conversation, in the order in which they happened. */
export class MemoryTranscripts implements TranscriptTable {
  /** By channel, then by conversation. */
  readonly #channels = new Map<string, Map<string, Transcript>>();
  #serials = 0;

  log({ channelId, conversationId, activityId, type, happenedAt, json }: TranscriptEntry): void {
    const transcript = this.#find(channelId, conversationId);
    const key = activityId === undefined ? undefined : JSON.stringify([activityId, type]);
    if (key !== undefined && transcript?.keys.has(key)) return;
    const line: Line = {
      happenedAt: happenedAt ?? transcript?.lines.at(-1)?.happenedAt ?? 0,
      serial: ++this.#serials,
      key,
      json,
    };
    const { lines, keys } = transcript ?? this.#open(channelId, conversationId);
    lines.splice(placeAfter(lines, line), 0, line);
    if (key !== undefined) keys.add(key);
  }

  activities(
    channelId: string,
    conversationId: string,
    continuationToken: string | undefined,
    startDate: Date | undefined,
  ): PagedResult<Activity> {
    const after = readPageToken(continuationToken);
    const lines = this.#find(channelId, conversationId)?.lines ?? [];
    const start = Math.max(
      after === undefined ? 0 : placeAfter(lines, { happenedAt: after[0], serial: Number(after[1]) }),
      startDate === undefined ? 0 : placeAfter(lines, { happenedAt: startDate.getTime(), serial: 0 }),
    );
    const page = lines.slice(start, start + TRANSCRIPT_PAGE_SIZE + 1);
    return toPage(
      page,
      TRANSCRIPT_PAGE_SIZE,
      ({ json }) => fromTranscriptJson(json),
      ({ happenedAt, serial }) => [happenedAt, String(serial)],
    );
  }

  list(channelId: string, continuationToken: string | undefined): PagedResult<TranscriptInfo> {
    const after = readPageToken(continuationToken);
    const places = [...(this.#channels.get(channelId) ?? [])]
      .map(([conversationId, { lines }]): PageToken => [lines[0]?.happenedAt ?? 0, conversationId])
      .filter((place) => after === undefined || compareTokens(place, after) > 0)
      .sort(compareTokens);
    return toPage(
      places,
      TRANSCRIPT_PAGE_SIZE,
      ([createdAt, id]) => ({ channelId, id, created: new Date(createdAt) }),
      (place) => place,
    );
  }

  /** The latest activities, as JSON texts, in the order of their times. */
  recent(channelId: string, conversationId: string, limit: number): readonly string[] {
    const lines = this.#find(channelId, conversationId)?.lines ?? [];
    return lines.slice(Math.max(lines.length - limit, 0)).map(({ json }) => json);
  }

  delete(channelId: string, conversationId: string): void {
    this.#channels.get(channelId)?.delete(conversationId);
  }

  /** Makes one transcript part of another, but for what is there already. */
  move(channelId: string, from: string, to: string): void {
    const moved = this.#find(channelId, from);
    if (moved === undefined) return;
    this.delete(channelId, from);
    const transcript = this.#find(channelId, to) ?? this.#open(channelId, to);
    const { keys } = transcript;
    const fresh = moved.lines.filter(({ key }) => key === undefined || !keys.has(key));
    for (const { key } of fresh) if (key !== undefined) keys.add(key);
    transcript.lines = [...transcript.lines, ...fresh].sort(comparePlaces);
  }

  #find(channelId: string, conversationId: string): Transcript | undefined {
    return this.#channels.get(channelId)?.get(conversationId);
  }

  #open(channelId: string, conversationId: string): Transcript {
    const transcript: Transcript = { lines: [], keys: new Set() };
    const channel = this.#channels.get(channelId) ?? new Map<string, Transcript>();
    this.#channels.set(channelId, channel.set(conversationId, transcript));
    return transcript;
  }
}

/** The index of the first line that comes after `place`. */
function placeAfter(lines: readonly Line[], place: Place): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const line = lines[middle];
    if (line !== undefined && comparePlaces(line, place) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function comparePlaces(one: Place, other: Place): number {
  return one.happenedAt - other.happenedAt || one.serial - other.serial;
}

function compareTokens(one: PageToken, other: PageToken): number {
  return one[0] - other[0] || compareCodePoints(one[1], other[1]);
}
