import type { Activity, PagedResult, TranscriptInfo, TranscriptStore } from 'botbuilder';
import { readPageToken, toPage } from '../pageToken';
import { fromTranscriptJson, mustBeGiven, toTranscriptEntry } from '../transcriptActivities';
import type { Database } from './database';
import { encodeJson } from './textCodec';

/** As in botbuilder's own transcript stores. */
const PAGE_SIZE = 20;
const LONG_AGO = Number.MIN_SAFE_INTEGER;

interface ActivityRow {
  readonly said_at: number;
  readonly position: number;
  readonly activity: string;
}

interface TranscriptRow {
  readonly conversation_id: string;
  readonly created_at: number;
}

/** botbuilder's `TranscriptStore` on PostgreSQL. Pages hold 20 items, as in botbuilder's own stores. */
export class PostgresTranscriptStore implements TranscriptStore {
  readonly #open: () => Promise<Database>;

  /** @internal */
  constructor(open: () => Promise<Database>) {
    this.#open = open;
  }

  /**
   * Logs an activity. One that is logged twice, by its id and type, is kept once.
   *
   * @throws {TypeError} when the activity has no `channelId` or no `conversation.id`.
   */
  async logActivity(activity: Activity): Promise<void> {
    // Made now: the bot may change the activity while it is being written.
    const entry = encodeJson(toTranscriptEntry(activity));
    const database = await this.#open();
    await database.query({ name: 'log-activity', text: `SELECT ${database.schema}.log_activity($1)` }, [
      entry,
    ]);
  }

  /**
   * A page of a conversation's activities, by their timestamp, then in the order they were logged.
   *
   * @param continuationToken What the page before gave.
   * @param startDate Leaves out what happened before.
   */
  async getTranscriptActivities(
    channelId: string,
    conversationId: string,
    continuationToken?: string,
    startDate?: Date,
  ): Promise<PagedResult<Activity>> {
    mustBeGiven('channelId', channelId);
    mustBeGiven('conversationId', conversationId);
    const [time, position] = readPageToken(continuationToken) ?? [LONG_AGO, '0'];
    const database = await this.#open();
    const rows = await database.query<ActivityRow>(
      {
        name: 'transcript-activities',
        text: `
          SELECT said_at, position, activity FROM ${database.schema}.transcript_activities
          WHERE channel_id = $1 AND conversation_id = $2 AND said_at >= $3 AND (said_at, position) > ($4, $5)
          ORDER BY said_at, position LIMIT $6`,
      },
      [channelId, conversationId, startDate?.getTime() ?? LONG_AGO, time, Number(position), PAGE_SIZE + 1],
    );
    return toPage(rows, PAGE_SIZE, toActivity, (row) => [row.said_at, String(row.position)]);
  }

  /**
   * A page of the conversations of a channel, by the timestamp of their first activity.
   *
   * @param continuationToken What the page before gave.
   */
  async listTranscripts(channelId: string, continuationToken?: string): Promise<PagedResult<TranscriptInfo>> {
    mustBeGiven('channelId', channelId);
    const [time, id] = readPageToken(continuationToken) ?? [LONG_AGO, ''];
    const database = await this.#open();
    const rows = await database.query<TranscriptRow>(
      {
        name: 'transcripts',
        text: `
          SELECT conversation_id, created_at FROM ${database.schema}.transcripts
          WHERE channel_id = $1 AND (created_at, conversation_id) > ($2, $3)
          ORDER BY created_at, conversation_id LIMIT $4`,
      },
      [channelId, time, id, PAGE_SIZE + 1],
    );
    const toInfo = (row: TranscriptRow): TranscriptInfo => ({
      channelId,
      id: row.conversation_id,
      created: new Date(row.created_at),
    });
    return toPage(rows, PAGE_SIZE, toInfo, (row) => [row.created_at, row.conversation_id]);
  }

  async deleteTranscript(channelId: string, conversationId: string): Promise<void> {
    mustBeGiven('channelId', channelId);
    mustBeGiven('conversationId', conversationId);
    const database = await this.#open();
    await database.query(
      {
        name: 'delete-transcript',
        text: `SELECT ${database.schema}.delete_transcript($1, $2)`,
      },
      [channelId, conversationId],
    );
  }
}

function toActivity({ activity }: ActivityRow): Activity {
  return fromTranscriptJson(activity);
}
