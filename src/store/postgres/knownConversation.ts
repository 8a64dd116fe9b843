import type { ConversationRecord } from '../conversationRecord';

/** A conversation's record, and how often it has changed. */
export interface KnownConversation {
  /** 0 when nothing is stored. */
  readonly version: number;
  readonly record: ConversationRecord | undefined;
}
