import type { ConversationRecord } from './conversationRecord';
import type { NewInboxEvent } from './inboxEvent';

/** A pure step from what is known of a conversation to what is known next; run inside the commit, maybe repeatedly. */
export type ConversationUpdate = (record: ConversationRecord | undefined) => ConversationChange;

/** What a step makes of a conversation. */
export type ConversationChange =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'changed';
      readonly record: ConversationRecord;
      /** What the bot is told, in order. */
      readonly notices: readonly NewInboxEvent[];
    }
  /** Nothing of the call is to be stored. */
  | { readonly kind: 'refused' };

/** What an event does to its conversation. */
export interface ConversationStep {
  /** `ifEventful` spares the look at a conversation that the bot has and always had. */
  readonly when: 'always' | 'ifEventful';
  readonly update: ConversationUpdate;
}

/** Which two conversations are tied: an agent's and the bot's. */
export interface TieIds {
  readonly channelId: string;
  readonly agentConversationId: string;
  readonly botConversationId: string;
}

/** A pure step for both records of a tie; run inside the commit, maybe repeatedly. */
export type ConversationTie = (
  agent: ConversationRecord | undefined,
  bot: ConversationRecord | undefined,
) => TieChange;

/** What a step makes of both conversations. */
export type TieChange =
  | {
      readonly kind: 'tied';
      readonly agent: ConversationRecord;
      readonly bot: ConversationRecord;
      readonly notices: readonly NewInboxEvent[];
    }
  | { readonly kind: 'refused' };
