import type { Activity, PagedResult, TranscriptInfo, TranscriptStore } from 'botbuilder';
import type { LoggedActivity, Transcripts } from './transcripts';

/** How the transcripts of an open database are reached. */
export interface TranscriptAccess {
  read<Result>(query: (transcripts: Transcripts) => Result): Promise<Result>;
  write(operation: string, change: (transcripts: Transcripts) => void): Promise<void>;
}

/** botbuilder's `TranscriptStore` on a SQLite database. Pages hold 20 items, as in botbuilder's own stores. */
export class SqliteTranscriptStore implements TranscriptStore {
  readonly #access: TranscriptAccess;

  /** @internal */
  constructor(access: TranscriptAccess) {
    this.#access = access;
  }

  /**
   * Logs an activity. One that is logged twice, by its id and type, is kept once.
   *
   * @throws {TypeError} when the activity has no `channelId` or no `conversation.id`.
   */
  async logActivity(activity: Activity): Promise<void> {
    const logged = toLogged(activity);
    await this.#access.write('logActivity', (transcripts) => transcripts.log(logged));
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
    return this.#access.read((transcripts) =>
      transcripts.activities(channelId, conversationId, continuationToken, startDate),
    );
  }

  /**
   * A page of the conversations of a channel, by the timestamp of their first activity.
   *
   * @param continuationToken What the page before gave.
   */
  async listTranscripts(channelId: string, continuationToken?: string): Promise<PagedResult<TranscriptInfo>> {
    mustBeGiven('channelId', channelId);
    return this.#access.read((transcripts) => transcripts.list(channelId, continuationToken));
  }

  async deleteTranscript(channelId: string, conversationId: string): Promise<void> {
    mustBeGiven('channelId', channelId);
    mustBeGiven('conversationId', conversationId);
    await this.#access.write('deleteTranscript', (transcripts) =>
      transcripts.delete(channelId, conversationId),
    );
  }
}

function toLogged(activity: Activity): LoggedActivity {
  if (!activity) throw new TypeError('activity cannot be null for logActivity()');
  mustBeGiven('activity.channelId', activity.channelId);
  mustBeGiven('activity.conversation.id', activity.conversation?.id);
  const happenedAt = activity.timestamp === undefined ? Number.NaN : new Date(activity.timestamp).getTime();
  return {
    channelId: activity.channelId,
    conversationId: activity.conversation.id,
    activityId: activity.id === '' ? undefined : activity.id,
    type: activity.type ?? '',
    happenedAt: Number.isNaN(happenedAt) ? undefined : happenedAt,
    json: JSON.stringify(activity),
  };
}

function mustBeGiven(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new TypeError(`Missing ${name}`);
}
