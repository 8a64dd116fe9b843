import type {
  ClaimedSend,
  ConversationTie,
  ConversationUpdate,
  NewInboxEvent,
  NewOutboxMessage,
  SendSettlement,
  SettledSend,
  SettleSendTerms,
  StageOutcome,
  StageTerms,
  TieIds,
} from '../deliveryStore';
import type { DeliveryTables } from './deliveryTables';

/**
 * Appends messages to their lanes, if their conversation's gate lets them.
 *
 * @throws {LeaseLostError} when the turn is no longer its worker's.
 */
export function stageMessages(
  tables: DeliveryTables,
  messages: readonly NewOutboxMessage[],
  terms: StageTerms,
): StageOutcome {
  const { inbox, outbox, conversations, transcripts } = tables;
  const { turn, gate, claim } = terms;
  const eventSeq = turn && inbox.held(turn).seq;
  const isRepeat = () => eventSeq !== undefined && messages.length > 0 && outbox.holdsAll(messages, eventSeq);
  // Of an open gate it need not be known: what is stored is left as it is.
  if (gate?.kind === 'change' && isRepeat()) return { status: 'staged', sends: [] };
  if (gate !== undefined) {
    const stepped = conversations.stepByMessages(gate);
    if (stepped.status === 'refused') return isRepeat() ? { status: 'staged', sends: [] } : stepped;
    appendAll(tables, stepped.notices);
  }
  const { sends, stored } = outbox.stage(messages, eventSeq, claim);
  const wasRepeat = turn !== undefined && messages.length > 0 && stored === 0;
  const entries = wasRepeat ? [] : (terms.transcript ?? []);
  return { status: 'staged', sends, ...transcripts.tryLog(entries) };
}

/**
 * Records what became of a send, of its conversation and of the destination's health.
 *
 * @throws {LeaseLostError} when the lane is no longer its worker's.
 */
export function settleSend(
  tables: DeliveryTables,
  send: ClaimedSend,
  settlement: SendSettlement,
  terms: SettleSendTerms,
): SettledSend {
  const { outbox, healths } = tables;
  const { conversationId, destination } = send.message;
  if (terms.conversation !== undefined) updateConversation(tables, conversationId, terms.conversation);
  const next = outbox.settle(send, settlement, terms.claimNext);
  return { health: healths.update(destination, terms.updateHealth), next };
}

/** Changes what is known of a conversation, and tells the bot. A refusal changes nothing. */
export function updateConversation(
  tables: DeliveryTables,
  conversationId: string,
  update: ConversationUpdate,
): void {
  const stepped = tables.conversations.step(conversationId, update);
  if (stepped.status === 'done') appendAll(tables, stepped.notices);
}

/** Ties an agent's conversation to a BOT conversation. @returns false when `tie` refuses. */
export function tieConversation(
  tables: DeliveryTables,
  { channelId, agentConversationId, botConversationId }: TieIds,
  tie: ConversationTie,
): boolean {
  const { conversations, transcripts } = tables;
  const agent = conversations.find(agentConversationId);
  const bot = conversations.find(botConversationId);
  const change = tie(agent, bot);
  if (change.kind === 'refused') return false;
  conversations.save(agentConversationId, agent, change.agent);
  // Looked up again: both may be one conversation.
  conversations.save(botConversationId, conversations.find(botConversationId), change.bot);
  appendAll(tables, change.notices);
  transcripts.move(channelId, agentConversationId, botConversationId);
  return true;
}

function appendAll({ inbox }: DeliveryTables, notices: readonly NewInboxEvent[]): void {
  for (const notice of notices) inbox.append(notice);
}
