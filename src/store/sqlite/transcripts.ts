import type { Activity, PagedResult, TranscriptInfo } from 'botbuilder';
import { type PageToken, readPageToken, toPage } from '../pageToken';
import { integer, text } from './driver/row';
import type { Row, SqliteDriver, SqliteStatement } from './driver/sqliteDriver';

/** As in botbuilder's own transcript stores. */
export const PAGE_SIZE = 20;

/** Where a page begins before anything was given. */
const START: PageToken = [Number.MIN_SAFE_INTEGER, ''];

/** An activity, as it is logged. */
export interface LoggedActivity {
  readonly channelId: string;
  readonly conversationId: string;
  /** Without one, an activity cannot be told from a repeat. */
  readonly activityId: string | undefined;
  readonly type: string;
  /** Milliseconds since the epoch; without, it happened after all that is known of the conversation. */
  readonly happenedAt: number | undefined;
  readonly json: string;
}

/** The activities of each conversation, in the order in which they happened. */
export class Transcripts {
  readonly #log: SqliteStatement;
  readonly #findLatest: SqliteStatement;
  readonly #note: SqliteStatement;
  readonly #activities: SqliteStatement;
  readonly #list: SqliteStatement;
  readonly #deleteActivities: SqliteStatement;
  readonly #deleteTranscript: SqliteStatement;

  constructor(driver: SqliteDriver) {
    this.#log = driver.prepare(
      `INSERT INTO transcript_activities
          (channel_id, conversation_id, activity_id, activity_type, happened_at, activity)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (channel_id, conversation_id, activity_id, activity_type) DO NOTHING`,
    );
    this.#findLatest = driver.prepare(
      'SELECT latest_at FROM transcripts WHERE channel_id = ? AND conversation_id = ?',
    );
    this.#note = driver.prepare(
      `INSERT INTO transcripts (channel_id, conversation_id, created_at, latest_at) VALUES (?1, ?2, ?3, ?3)
        ON CONFLICT (channel_id, conversation_id) DO UPDATE
        SET created_at = min(created_at, excluded.created_at), latest_at = max(latest_at, excluded.latest_at)`,
    );
    this.#activities = driver.prepare(
      `SELECT seq, happened_at, activity FROM transcript_activities
        WHERE channel_id = ? AND conversation_id = ? AND happened_at >= ? AND (happened_at, seq) > (?, ?)
        ORDER BY happened_at, seq LIMIT ?`,
    );
    this.#list = driver.prepare(
      `SELECT conversation_id, created_at FROM transcripts
        WHERE channel_id = ? AND (created_at, conversation_id) > (?, ?)
        ORDER BY created_at, conversation_id LIMIT ?`,
    );
    this.#deleteActivities = driver.prepare(
      'DELETE FROM transcript_activities WHERE channel_id = ? AND conversation_id = ?',
    );
    this.#deleteTranscript = driver.prepare(
      'DELETE FROM transcripts WHERE channel_id = ? AND conversation_id = ?',
    );
  }

  /** Logs an activity, unless it is there already. */
  log({ channelId, conversationId, activityId, type, happenedAt, json }: LoggedActivity): void {
    const at = happenedAt ?? this.#latest(channelId, conversationId);
    const logged = this.#log.run(channelId, conversationId, activityId ?? null, type, at, json);
    if (logged > 0) this.#note.run(channelId, conversationId, at);
  }

  activities(
    channelId: string,
    conversationId: string,
    continuationToken: string | undefined,
    startDate: Date | undefined,
  ): PagedResult<Activity> {
    const [afterTime, afterSeq] = readPageToken(continuationToken) ?? START;
    const from = startDate?.getTime() ?? Number.MIN_SAFE_INTEGER;
    const seq = afterSeq === '' ? Number.MIN_SAFE_INTEGER : Number(afterSeq);
    const rows = this.#activities.all(channelId, conversationId, from, afterTime, seq, PAGE_SIZE + 1);
    return toPage(rows, PAGE_SIZE, toActivity, (row) => [
      integer(row, 'happened_at'),
      String(integer(row, 'seq')),
    ]);
  }

  list(channelId: string, continuationToken: string | undefined): PagedResult<TranscriptInfo> {
    const after = readPageToken(continuationToken) ?? START;
    const rows = this.#list.all(channelId, ...after, PAGE_SIZE + 1);
    const toInfo = (row: Row): TranscriptInfo => ({
      channelId,
      id: text(row, 'conversation_id'),
      created: new Date(integer(row, 'created_at')),
    });
    return toPage(rows, PAGE_SIZE, toInfo, (row) => [
      integer(row, 'created_at'),
      text(row, 'conversation_id'),
    ]);
  }

  delete(channelId: string, conversationId: string): void {
    this.#deleteActivities.run(channelId, conversationId);
    this.#deleteTranscript.run(channelId, conversationId);
  }

  #latest(channelId: string, conversationId: string): number {
    const row = this.#findLatest.get(channelId, conversationId);
    return row === undefined ? 0 : integer(row, 'latest_at');
  }
}

/** The fields of an activity that are dates; JSON has made texts of them. */
const DATES = ['timestamp', 'localTimestamp', 'expiration'];

function toActivity(row: Row): Activity {
  const activity: unknown = JSON.parse(text(row, 'activity'));
  if (!isActivity(activity)) throw new TypeError('The transcript holds what is no activity.');
  for (const field of DATES) {
    const value: unknown = Reflect.get(activity, field);
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) continue;
    Reflect.set(activity, field, new Date(value));
  }
  return activity;
}

function isActivity(value: unknown): value is Activity {
  return typeof value === 'object' && value !== null && 'type' in value;
}
