/** An activity, as it goes into the transcript of a conversation. */
export interface TranscriptEntry {
  readonly channelId: string;
  readonly conversationId: string;
  /** Without one, an activity cannot be told from a repeat. */
  readonly activityId: string | undefined;
  readonly type: string;
  /** Milliseconds since the epoch; without, it happened after all that is known of the conversation. */
  readonly happenedAt: number | undefined;
  /** The activity, JSON text. */
  readonly json: string;
}
