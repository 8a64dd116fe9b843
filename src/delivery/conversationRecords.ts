import type {
  AgentConversation,
  BotConversationRecord,
  ConversationRecord,
  SeenEvent,
  UntiedConversationRecord,
} from '../store/conversationRecord';

/** What an event shows of its conversation. */
export interface Sighting {
  readonly event: string;
  readonly messageId: string | undefined;
  readonly channel: string | undefined;
  readonly customParams: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch: the platform's time, else that of arrival. */
  readonly at: number;
  /** Milliseconds since the epoch, by our clock. */
  readonly receivedAt: number;
}

/** A record is written with every event: it stays small, whatever the platform or a stranger sends. */
const MAX_LAST_EVENTS = 20;
const MAX_AGENT_CONVERSATIONS = 200;
const MAX_CUSTOM_PARAMS = 50;
/** UTF-16 units of a name or an ID. */
const MAX_LABEL_LENGTH = 256;

/** The record of a conversation of which nothing is known yet. */
export function emptyBotRecord(conversationId: string, at: number): BotConversationRecord {
  return {
    kind: 'bot',
    isProven: false,
    conversationId,
    phase: { state: 'bot' },
    agentConversations: [],
    pastHandovers: [],
    ...nothingObserved(at),
  };
}

/** What is known of a BOT conversation, or the record of one of which nothing is. */
export function botRecordOf(
  known: ConversationRecord | undefined,
  conversationId: string,
  at: number,
): BotConversationRecord {
  return known?.kind === 'bot' ? known : emptyBotRecord(conversationId, at);
}

/** The record of an agent's conversation of which nothing is known yet. */
export function emptyUntiedRecord(conversationId: string, at: number): UntiedConversationRecord {
  return { kind: 'untied', conversationId, firstAgentMessageAt: undefined, ...nothingObserved(at) };
}

function nothingObserved(at: number) {
  return { firstSeenAt: at, lastSeenAt: at, channel: undefined, lastEvents: [], customParams: {} };
}

/**
 * The record as one of a BOT conversation, for an event that shows that it is one. An agent's conversation under the
 * same ID becomes its first.
 */
export function toBotRecord(record: BotConversationRecord | UntiedConversationRecord): BotConversationRecord {
  if (record.kind === 'bot') return record;
  const { conversationId, firstSeenAt, lastSeenAt, channel, lastEvents, customParams } = record;
  const own: AgentConversation = { id: conversationId, tiedBy: 'sameId', firstSeenAt, lastSeenAt };
  return {
    ...emptyBotRecord(conversationId, firstSeenAt),
    lastSeenAt,
    channel,
    lastEvents,
    customParams,
    agentConversations: [own],
  };
}

/** Notes an event. */
export function withSighting<Record extends BotConversationRecord | UntiedConversationRecord>(
  record: Record,
  { event, messageId, channel, customParams, at }: Sighting,
): Record {
  const seen: SeenEvent = {
    event: cut(event),
    at,
    ...(messageId !== undefined && { messageId: cut(messageId) }),
  };
  return {
    ...record,
    firstSeenAt: Math.min(record.firstSeenAt, at),
    lastSeenAt: Math.max(record.lastSeenAt, at),
    channel: channel === undefined ? record.channel : cut(channel),
    lastEvents: [...record.lastEvents, seen].slice(-MAX_LAST_EVENTS),
    customParams: Object.fromEntries(
      Object.entries({ ...record.customParams, ...customParams }).slice(-MAX_CUSTOM_PARAMS),
    ),
  };
}

function cut(label: string): string {
  return label.slice(0, MAX_LABEL_LENGTH);
}

/** Adds an agent's conversation, or notes that it was seen again. */
export function withAgentConversation(
  record: BotConversationRecord,
  seen: AgentConversation,
): BotConversationRecord {
  const { agentConversations } = record;
  const known = agentConversations.find(({ id }) => id === seen.id);
  if (known === undefined) {
    return {
      ...record,
      agentConversations: [...agentConversations, seen].slice(-MAX_AGENT_CONVERSATIONS),
    };
  }
  const merged: AgentConversation = {
    ...known,
    firstSeenAt: Math.min(known.firstSeenAt, seen.firstSeenAt),
    lastSeenAt: Math.max(known.lastSeenAt, seen.lastSeenAt),
  };
  return {
    ...record,
    agentConversations: agentConversations.map((one) => (one === known ? merged : one)),
  };
}
