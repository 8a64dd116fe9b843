import type { Activity, PagedResult, TranscriptInfo } from 'botbuilder';
import { type PageToken, readPageToken, toPage } from '../pageToken';
import { TRANSCRIPT_PAGE_SIZE, type TranscriptTable } from '../transcriptAccess';
import { fromTranscriptJson } from '../transcriptActivities';
import type { TranscriptEntry } from '../transcriptEntry';
import { integer, text } from './driver/row';
import type { Row, SqliteDriver, SqliteStatement } from './driver/sqliteDriver';
import { causeOf, isDatabaseFailure } from './failure';

/** Where a page begins before anything was given. */
const START: PageToken = [Number.MIN_SAFE_INTEGER, ''];

/** The activities of each conversation, in the order in which they happened. */
export class Transcripts implements TranscriptTable {
  readonly #log: SqliteStatement;
  readonly #takeBack: SqliteStatement;
  readonly #note: SqliteStatement;
  readonly #activities: SqliteStatement;
  readonly #recent: SqliteStatement;
  readonly #list: SqliteStatement;
  readonly #findTranscript: SqliteStatement;
  readonly #move: SqliteStatement;
  readonly #deleteActivities: SqliteStatement;
  readonly #deleteTranscript: SqliteStatement;

  constructor(driver: SqliteDriver) {
    this.#log = driver.prepare(
      `INSERT INTO transcript_activities
          (channel_id, conversation_id, activity_id, activity_type, happened_at, activity)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (channel_id, conversation_id, activity_id, activity_type) DO NOTHING RETURNING seq`,
    );
    this.#takeBack = driver.prepare('DELETE FROM transcript_activities WHERE seq = ?');
    this.#note = driver.prepare(
      `INSERT INTO transcripts (channel_id, conversation_id, created_at, latest_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (channel_id, conversation_id) DO UPDATE
        SET created_at = min(created_at, excluded.created_at), latest_at = max(latest_at, excluded.latest_at)`,
    );
    this.#activities = driver.prepare(
      `SELECT seq, happened_at, activity FROM transcript_activities
        WHERE channel_id = ? AND conversation_id = ? AND happened_at >= ? AND (happened_at, seq) > (?, ?)
        ORDER BY happened_at, seq LIMIT ?`,
    );
    this.#recent = driver.prepare(
      `SELECT activity FROM transcript_activities WHERE channel_id = ? AND conversation_id = ?
        ORDER BY happened_at DESC, seq DESC LIMIT ?`,
    );
    this.#findTranscript = driver.prepare(
      'SELECT created_at, latest_at FROM transcripts WHERE channel_id = ? AND conversation_id = ?',
    );
    this.#move = driver.prepare(
      `UPDATE OR IGNORE transcript_activities SET conversation_id = ?3
        WHERE channel_id = ?1 AND conversation_id = ?2`,
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

  log({ channelId, conversationId, activityId, type, happenedAt, json }: TranscriptEntry): void {
    const at = happenedAt ?? this.#latest(channelId, conversationId);
    const row = this.#log.get(channelId, conversationId, activityId ?? null, type, at, json);
    if (row === undefined) return;
    try {
      this.#note.run(channelId, conversationId, at, at);
    } catch (error) {
      this.#takeBack.run(integer(row, 'seq'));
      throw error;
    }
  }

  /**
   * Logs activities beside something that matters more: one that cannot be written is left out, and all else goes on.
   * When the database itself has failed, nothing can.
   *
   * @returns What went wrong first.
   */
  tryLog(entries: readonly TranscriptEntry[]): { readonly transcriptError?: string } {
    let failure: unknown;
    for (const entry of entries) {
      try {
        this.log(entry);
      } catch (error) {
        if (isDatabaseFailure(error)) throw error;
        failure ??= error;
      }
    }
    return failure === undefined ? {} : { transcriptError: causeOf(failure) };
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
    const rows = this.#activities.all(
      channelId,
      conversationId,
      from,
      afterTime,
      seq,
      TRANSCRIPT_PAGE_SIZE + 1,
    );
    return toPage(
      rows,
      TRANSCRIPT_PAGE_SIZE,
      (row) => fromTranscriptJson(text(row, 'activity')),
      (row) => [integer(row, 'happened_at'), String(integer(row, 'seq'))],
    );
  }

  list(channelId: string, continuationToken: string | undefined): PagedResult<TranscriptInfo> {
    const after = readPageToken(continuationToken) ?? START;
    const rows = this.#list.all(channelId, ...after, TRANSCRIPT_PAGE_SIZE + 1);
    const toInfo = (row: Row): TranscriptInfo => ({
      channelId,
      id: text(row, 'conversation_id'),
      created: new Date(integer(row, 'created_at')),
    });
    return toPage(rows, TRANSCRIPT_PAGE_SIZE, toInfo, (row) => [
      integer(row, 'created_at'),
      text(row, 'conversation_id'),
    ]);
  }

  /** The latest activities, as JSON texts, in the order of their times. */
  recent(channelId: string, conversationId: string, limit: number): string[] {
    const rows = this.#recent.all(channelId, conversationId, limit);
    return rows.map((row) => text(row, 'activity')).reverse();
  }

  /** Makes one transcript part of another, but for what is there already. */
  move(channelId: string, from: string, to: string): void {
    const moved = this.#findTranscript.get(channelId, from);
    if (moved === undefined || from === to) return;
    this.#move.run(channelId, from, to);
    this.delete(channelId, from);
    this.#note.run(channelId, to, integer(moved, 'created_at'), integer(moved, 'latest_at'));
  }

  delete(channelId: string, conversationId: string): void {
    this.#deleteActivities.run(channelId, conversationId);
    this.#deleteTranscript.run(channelId, conversationId);
  }

  #latest(channelId: string, conversationId: string): number {
    const row = this.#findTranscript.get(channelId, conversationId);
    return row === undefined ? 0 : integer(row, 'latest_at');
  }
}
