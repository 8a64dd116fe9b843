import type { Activity, PagedResult, TranscriptInfo, TranscriptStore } from 'botbuilder';
import { mustBeGiven, toTranscriptEntry } from './transcriptActivities';
import type { TranscriptEntry } from './transcriptEntry';

/** As in botbuilder's own transcript stores. */
export const TRANSCRIPT_PAGE_SIZE = 20;

/** The transcripts of an engine, where it keeps them. */
export interface TranscriptTable {
  /** Logs an activity, unless it is there already. */
  log(entry: TranscriptEntry): void;
  activities(
    channelId: string,
    conversationId: string,
    continuationToken: string | undefined,
    startDate: Date | undefined,
  ): PagedResult<Activity>;
  list(channelId: string, continuationToken: string | undefined): PagedResult<TranscriptInfo>;
  delete(channelId: string, conversationId: string): void;
}

/** How the transcripts of an engine are reached. */
export interface TranscriptAccess {
  read<Result>(query: (transcripts: TranscriptTable) => Result): Promise<Result>;
  write(operation: string, change: (transcripts: TranscriptTable) => void): Promise<void>;
}

/** botbuilder's `TranscriptStore` on the transcripts of an engine. Pages hold 20 items, as in botbuilder's own stores. */
export class AccessedTranscriptStore implements TranscriptStore {
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
    const entry = toTranscriptEntry(activity);
    await this.#access.write('logActivity', (transcripts) => transcripts.log(entry));
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
