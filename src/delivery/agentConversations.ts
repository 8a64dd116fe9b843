import type {
  AgentConversation,
  BotConversationRecord,
  ConversationRecord,
  TiedBy,
} from '../store/conversationRecord';
import type { ConversationTie, ConversationUpdate } from '../store/deliveryStore';
import type { Observation } from './conversationLife';
import { botRecordOf, emptyUntiedRecord, withAgentConversation, withSighting } from './conversationRecords';
import type { NoticeSlip } from './handoffNotice';
import { agentSpoke, type Changed, changed } from './handoverPhases';
import { isAfter } from './platformTicks';

/** What an event does to an agent's conversation that nothing ties to a BOT conversation. Pure. */
export function observeUntied({
  conversationId,
  sighting,
  isAgents,
}: Pick<Observation, 'conversationId' | 'sighting'> & { readonly isAgents: boolean }): ConversationUpdate {
  return (known) => {
    // Tied in the meantime, or the bot's: whoever asked has to look again where the event belongs.
    if (known !== undefined && known.kind !== 'untied') return { kind: 'refused' };
    const record = withSighting(known ?? emptyUntiedRecord(conversationId, sighting.at), sighting);
    const firstAgentMessageAt = record.firstAgentMessageAt ?? (isAgents ? sighting.at : undefined);
    return changed({ ...record, firstAgentMessageAt });
  };
}

/** What {@link tie} is told. */
export interface TieRequest {
  readonly agentConversationId: string;
  readonly botConversationId: string;
  readonly tiedBy: TiedBy;
  readonly at: number;
  readonly slip: NoticeSlip;
}

/**
 * Makes an agent's conversation part of a BOT conversation. Refused where it would join what is known to be apart: a
 * conversation of the bot's own, or one that belongs to another. An operator can tie only to a conversation that is
 * known. Pure.
 */
export function tie({
  agentConversationId,
  botConversationId,
  tiedBy,
  at,
  slip,
}: TieRequest): ConversationTie {
  return (agent, knownBot) => {
    if (!mayTie(agent, knownBot, botConversationId, tiedBy)) return { kind: 'refused' };

    const seen = { firstSeenAt: agent?.firstSeenAt ?? at, lastSeenAt: agent?.lastSeenAt ?? at };
    const tied: ConversationRecord = {
      kind: 'tied',
      conversationId: agentConversationId,
      ...seen,
      botConversationId,
      tiedBy,
    };
    const bot = botRecordOf(knownBot, botConversationId, at);
    if (agent?.kind !== 'untied') return { kind: 'tied', agent: tied, bot, notices: [] };

    const conversation: AgentConversation = { id: agentConversationId, tiedBy, ...seen };
    const joined = withAgentConversation(bot, conversation);
    const change = joinedTo(joined, agent.firstAgentMessageAt, agentConversationId, slip);
    return { kind: 'tied', agent: tied, bot: change.record, notices: change.notices };
  };
}

/** An agent who spoke before the tie was known has accepted the handover, or has joined another who had. */
function joinedTo(
  record: BotConversationRecord,
  firstAgentMessageAt: number | undefined,
  agentConversationId: string,
  slip: NoticeSlip,
): Changed {
  const { phase } = record;
  if (phase.state !== 'handingOver' && phase.state !== 'agent') return changed(record);
  const hasSpokenSince =
    firstAgentMessageAt !== undefined && isAfter(firstAgentMessageAt, phase.handover.requestedAt);
  if (!hasSpokenSince) return changed(record);
  return agentSpoke(record, phase, firstAgentMessageAt, agentConversationId, slip);
}

function mayTie(
  agent: ConversationRecord | undefined,
  bot: ConversationRecord | undefined,
  botConversationId: string,
  tiedBy: TiedBy,
): boolean {
  if (agent?.kind === 'bot' && (agent.isProven || tiedBy !== 'field')) return false;
  if (agent?.kind === 'tied' && agent.botConversationId !== botConversationId) return false;
  // An agent's conversation cannot be another's BOT conversation.
  if (bot !== undefined && bot.kind !== 'bot') return false;
  return tiedBy !== 'operator' || (agent !== undefined && bot !== undefined);
}
