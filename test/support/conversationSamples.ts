import type {
  BotConversationRecord,
  ConversationRecord,
  EndedHandover,
  Handover,
  TiedConversationRecord,
  UntiedConversationRecord,
} from '../../src/store/conversationRecord';
import type { ConversationUpdate, DeliveryStore, NewInboxEvent } from '../../src/store/deliveryStore';
import type { TranscriptEntry } from '../../src/store/transcriptEntry';
import { newEvent, T0 } from './storeSamples';

/** A channel for tests that need only one. */
export const CHANNEL = 'webexconnect';

export const HANDOVER: Handover = {
  id: 'handover',
  requestedAt: T0,
  acknowledgedAt: undefined,
  acceptedAt: undefined,
  agentConversationIds: [],
};

/** A conversation that the bot has and always had, unless the test says otherwise. */
export function botRecord(
  conversationId: string,
  more: Partial<BotConversationRecord> = {},
): BotConversationRecord {
  return {
    kind: 'bot',
    isProven: true,
    conversationId,
    firstSeenAt: T0,
    lastSeenAt: T0,
    channel: undefined,
    lastEvents: [],
    customParams: {},
    phase: { state: 'bot' },
    agentConversations: [],
    pastHandovers: [],
    ...more,
  };
}

/** A conversation that is on its way to an agent: gated. */
export function handingOver(conversationId: string): BotConversationRecord {
  return botRecord(conversationId, { phase: { state: 'handingOver', handover: HANDOVER } });
}

/** A conversation that an agent has: gated. */
export function withAgent(conversationId: string): BotConversationRecord {
  const handover = { ...HANDOVER, acknowledgedAt: T0 + 1, acceptedAt: T0 + 2 };
  return botRecord(conversationId, { phase: { state: 'agent', handover } });
}

/** A conversation that the bot has again: eventful, but not gated. */
export function givenBack(conversationId: string): BotConversationRecord {
  const ended: EndedHandover = {
    ...HANDOVER,
    outcome: 'failed',
    endedAt: T0 + 3,
    reason: 'refused',
    noticeId: 'n',
    isTold: true,
  };
  return botRecord(conversationId, { pastHandovers: [ended] });
}

export function closed(conversationId: string): BotConversationRecord {
  return botRecord(conversationId, { phase: { state: 'closed', closedAt: T0 } });
}

export function untied(
  conversationId: string,
  more: Partial<UntiedConversationRecord> = {},
): UntiedConversationRecord {
  return {
    kind: 'untied',
    conversationId,
    firstSeenAt: T0,
    lastSeenAt: T0,
    channel: undefined,
    lastEvents: [],
    customParams: {},
    firstAgentMessageAt: undefined,
    ...more,
  };
}

export function tied(conversationId: string, botConversationId: string): TiedConversationRecord {
  return {
    kind: 'tied',
    conversationId,
    botConversationId,
    tiedBy: 'field',
    firstSeenAt: T0,
    lastSeenAt: T0,
  };
}

/** What tells the bot of its conversation. */
export function handoffNotice(conversationId: string, id: string): NewInboxEvent {
  return newEvent(conversationId, id, { source: 'handoffStatus' });
}

/** Puts `record` in the place of whatever is known. */
export function changeTo(record: ConversationRecord, ...notices: NewInboxEvent[]): ConversationUpdate {
  return () => ({ kind: 'changed', record, notices });
}

export const refuse: ConversationUpdate = () => ({ kind: 'refused' });
export const leaveAsIs: ConversationUpdate = () => ({ kind: 'unchanged' });

/** An update that fails. */
export const breakDown: ConversationUpdate = () => {
  throw new Error('the update fails');
};

/** An update that notes what it is called with. */
export function watched(update: ConversationUpdate) {
  const seen: (ConversationRecord | undefined)[] = [];
  const watching: ConversationUpdate = (record) => {
    seen.push(record);
    return update(record);
  };
  return { seen, update: watching };
}

/** Makes the store know `records`. */
export async function know(store: DeliveryStore, ...records: ConversationRecord[]): Promise<void> {
  for (const record of records) await store.updateConversation(record.conversationId, changeTo(record));
}

/** A message in a transcript. */
export function transcriptEntry(
  conversationId: string,
  activityId: string,
  more: Partial<TranscriptEntry> = {},
): TranscriptEntry {
  return {
    channelId: CHANNEL,
    conversationId,
    activityId,
    type: 'message',
    happenedAt: T0,
    json: JSON.stringify({ type: 'message', id: activityId, text: `text of ${activityId}` }),
    ...more,
  };
}

/** The ids of a conversation's transcript, page by page. */
export async function transcriptPages(
  store: DeliveryStore,
  conversationId: string,
  channelId = CHANNEL,
): Promise<(string | undefined)[][]> {
  const pages: (string | undefined)[][] = [];
  let token: string | undefined;
  do {
    const page = await store.transcripts.getTranscriptActivities(channelId, conversationId, token);
    pages.push(page.items.map(({ id }) => id));
    token = page.continuationToken;
  } while (token);
  return pages;
}

/** The ids of a conversation's transcript. */
export async function transcriptOf(
  store: DeliveryStore,
  conversationId: string,
  channelId = CHANNEL,
): Promise<(string | undefined)[]> {
  return (await transcriptPages(store, conversationId, channelId)).flat();
}
