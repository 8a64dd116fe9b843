/** Who has a conversation: the bot, nobody yet, the contact centre's agent, or nobody any more. */
export type ConversationState = 'bot' | 'handingOver' | 'agent' | 'closed';

/** Why an agent's conversation is taken for part of a BOT conversation. */
export type TiedBy = 'field' | 'sameId' | 'function' | 'operator';

/** A conversation with an agent that belongs to a BOT conversation. Times in milliseconds since the epoch. */
export interface AgentConversation {
  readonly id: string;
  readonly tiedBy: TiedBy;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** One handover of a conversation to the contact centre. Times in milliseconds since the epoch. */
export interface Handover {
  /** The id of the activity that asked for it. */
  readonly id: string;
  readonly requestedAt: number;
  /** When the contact centre's side took it, by our clock; `undefined` while it is on its way. */
  readonly acknowledgedAt: number | undefined;
  /** The platform's time of the first message of an agent. */
  readonly acceptedAt: number | undefined;
  /** The conversations in which agents have spoken since. */
  readonly agentConversationIds: readonly string[];
}

/** A handover that is over. */
export interface EndedHandover extends Handover {
  readonly outcome: 'completed' | 'failed';
  readonly endedAt: number;
  /** Why it failed; empty when it did not. */
  readonly reason: string;
  /** The id of the event that tells the bot. */
  readonly noticeId: string;
  /** Whether the bot was told: by that event, or before it because a message that had waited came first. */
  readonly isTold: boolean;
}

/** Who has a BOT conversation, with what belongs to that state. */
export type ConversationPhase =
  | { readonly state: 'bot' }
  | { readonly state: 'handingOver'; readonly handover: Handover }
  | { readonly state: 'agent'; readonly handover: Handover }
  | { readonly state: 'closed'; readonly closedAt: number };

/** What is kept of one event: no text of anybody. */
export interface SeenEvent {
  /** `Event` as sent; the kind of the event where it has no name. */
  readonly event: string;
  /** Milliseconds since the epoch: the platform's time, else that of arrival. */
  readonly at: number;
  readonly messageId?: string;
}

/** What is known of every conversation. */
export interface RecordBase {
  /** The platform's ID: the BOT conversation's, or that of an agent's conversation that is kept apart. */
  readonly conversationId: string;
  /** Milliseconds since the epoch. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** What is known of a conversation whose events were seen. */
export interface Observed extends RecordBase {
  /** `Channel` of the latest event that named one. */
  readonly channel: string | undefined;
  /** The latest events, oldest first. */
  readonly lastEvents: readonly SeenEvent[];
  /** The latest value of each `customparamN` that events brought. */
  readonly customParams: Readonly<Record<string, string>>;
}

/** A conversation with the bot. */
export interface BotConversationRecord extends Observed {
  readonly kind: 'bot';
  /** Whether the platform has said so, or the bot has acted on it; else it is what an event without a type looked like. */
  readonly isProven: boolean;
  readonly phase: ConversationPhase;
  /** In the order in which they were first seen. */
  readonly agentConversations: readonly AgentConversation[];
  /** The latest handovers that are over, oldest first. */
  readonly pastHandovers: readonly EndedHandover[];
}

/** An agent's conversation that no rule ties to a BOT conversation: kept apart (I8). */
export interface UntiedConversationRecord extends Observed {
  readonly kind: 'untied';
  /** The time of the first message of an agent in it. */
  readonly firstAgentMessageAt: number | undefined;
}

/** An agent's conversation, and the BOT conversation that it belongs to. */
export interface TiedConversationRecord extends RecordBase {
  readonly kind: 'tied';
  readonly botConversationId: string;
  readonly tiedBy: TiedBy;
}

/** What is known of a conversation. */
export type ConversationRecord = BotConversationRecord | UntiedConversationRecord | TiedConversationRecord;

/**
 * Whether the record tells more than that the bot has the conversation and always had: only then does it have a say
 * in what happens to an event.
 */
export function isEventful(record: ConversationRecord): boolean {
  return record.kind !== 'bot' || record.phase.state !== 'bot' || record.pastHandovers.length > 0;
}

/** Whether the bot may not speak: an agent has the conversation, or it is an agent's own (I6). */
export function isGated(record: ConversationRecord | undefined): boolean {
  if (record === undefined) return false;
  if (record.kind !== 'bot') return true;
  return record.phase.state === 'handingOver' || record.phase.state === 'agent';
}
