import {
  type BotConversationRecord,
  type EndedHandover,
  type Handover,
  isGated,
  type TiedBy,
} from '../store/conversationRecord';
import type { ConversationChange, ConversationUpdate } from '../store/deliveryStore';
import {
  botRecordOf,
  emptyBotRecord,
  type Sighting,
  toBotRecord,
  withAgentConversation,
  withSighting,
} from './conversationRecords';
import type { NoticeSlip } from './handoffNotice';
import {
  agentSpoke,
  type Changed,
  changed,
  endsHandover,
  type HeldPhase,
  noticeOf,
  phaseOf,
  takenOverAt,
} from './handoverPhases';
import { isAfter } from './platformTicks';

/** What an event means to its conversation. */
export type ConversationFact =
  /**
   * The customer wrote to the bot.
   *
   * `isStated`: the event itself says so, with its `ConversationType`; else the type is an assumption.
   */
  | { readonly kind: 'customerToBot'; readonly isStated: boolean }
  /** The platform said something of the bot's conversation that is no message of the customer. */
  | { readonly kind: 'other' }
  /** Something happened in an agent's conversation that is tied to this one. */
  | {
      readonly kind: 'customerToAgent' | 'agentSaid' | 'agentClosed' | 'agentOther';
      readonly agentConversationId: string;
      readonly tiedBy: TiedBy;
    };

/** One event, as the conversation sees it. */
export interface Observation {
  readonly conversationId: string;
  readonly fact: ConversationFact;
  readonly sighting: Sighting;
  /** Milliseconds by which the platform's clock and ours may differ. */
  readonly clockToleranceMs: number;
  readonly slip: NoticeSlip;
}

/** The latest handovers that a record keeps. */
const MAX_PAST_HANDOVERS = 50;

/**
 * What an event does to its BOT conversation: `bot → handingOver → agent → bot`. Pure.
 *
 * `ConversationType` is the ground truth: the first message of an agent shows that the contact centre has taken over,
 * and a message to the bot that the customer wrote after the handover was taken shows that it is over.
 */
export function observe(observation: Observation): ConversationUpdate {
  return (known) => {
    const { conversationId, sighting, fact } = observation;
    // An agent's conversation, as is known by now: whoever asked has to look again where the event belongs.
    if (known?.kind === 'tied') return { kind: 'refused' };
    if (known?.kind === 'untied' && !provesBots(fact)) return { kind: 'refused' };
    const before = known === undefined ? emptyBotRecord(conversationId, sighting.at) : toBotRecord(known);
    const record = withSighting(before, sighting);
    if (fact.kind === 'other') return changed(record);
    if (fact.kind !== 'customerToBot') return observeAgent(record, observation, fact);
    const isProven = record.isProven || fact.isStated;
    return observeCustomer({ ...record, isProven }, observation);
  };
}

/** Whether an event shows that a conversation is the bot's that looked like an agent's. */
function provesBots(fact: ConversationFact): boolean {
  return fact.kind === 'customerToBot' ? fact.isStated : fact.kind !== 'other' && fact.tiedBy === 'sameId';
}

function observeCustomer(
  record: BotConversationRecord,
  { sighting, clockToleranceMs, slip }: Observation,
): ConversationChange {
  const { phase } = record;
  if (phase.state === 'bot') return changed(record);
  if (phase.state === 'closed') return changed({ ...record, phase: { state: 'bot' } });
  if (!endsHandover(sighting.at, phase.handover, clockToleranceMs)) return changed(record);
  return backToBot(record, phase, sighting.receivedAt, slip);
}

function observeAgent(
  before: BotConversationRecord,
  { sighting, clockToleranceMs, slip }: Observation,
  fact: Exclude<ConversationFact, { kind: 'customerToBot' | 'other' }>,
): ConversationChange {
  const record = withAgentConversation(before, {
    id: fact.agentConversationId,
    tiedBy: fact.tiedBy,
    firstSeenAt: sighting.at,
    lastSeenAt: sighting.at,
  });
  const { phase } = record;
  if (phase.state !== 'handingOver' && phase.state !== 'agent') return changed(record);
  // What an agent of an earlier handover said may come late.
  if (!isAfter(sighting.at + clockToleranceMs, phase.handover.requestedAt)) return changed(record);
  if (fact.kind === 'agentSaid')
    return agentSpoke(record, phase, sighting.at, fact.agentConversationId, slip);
  if (fact.kind === 'agentClosed' && mayClose(phase, fact)) {
    return backToBot(record, phase, sighting.receivedAt, slip);
  }
  return changed(record);
}

/** An agent's conversation of an earlier handover may be closed late, when another agent has the customer. */
function mayClose({ handover }: HeldPhase, fact: { agentConversationId: string; tiedBy: TiedBy }): boolean {
  if (takenOverAt(handover) === undefined) return false;
  const { agentConversationIds } = handover;
  return agentConversationIds.length === 0 || agentConversationIds.includes(fact.agentConversationId);
}

/** The bot asks for a handover; refused while one is under way. Pure. */
export function requestHandover(conversationId: string, id: string, at: number): ConversationUpdate {
  return (known) => {
    if (isGated(known)) return { kind: 'refused' };
    const record = botRecordOf(known, conversationId, at);
    const handover: Handover = {
      id,
      requestedAt: at,
      acknowledgedAt: undefined,
      acceptedAt: undefined,
      agentConversationIds: [],
    };
    return changed({ ...record, isProven: true, phase: { state: 'handingOver', handover } });
  };
}

/** The contact centre's side has taken the handover. Pure. */
export function handoverDelivered(handoverId: string, at: number): ConversationUpdate {
  return (known) => {
    if (known?.kind !== 'bot') return { kind: 'unchanged' };
    const phase = phaseOf(known, handoverId);
    if (phase === undefined) return { kind: 'unchanged' };
    const handover = { ...phase.handover, acknowledgedAt: phase.handover.acknowledgedAt ?? at };
    return changed({ ...known, phase: { ...phase, handover } });
  };
}

/** The handover was given up: the bot has the conversation again, unless an agent has spoken already. Pure. */
export function handoverDied(
  handoverId: string,
  at: number,
  reason: string,
  slip: NoticeSlip,
): ConversationUpdate {
  return (known) => {
    if (known?.kind !== 'bot') return { kind: 'unchanged' };
    const phase = phaseOf(known, handoverId);
    if (phase?.state !== 'handingOver') return { kind: 'unchanged' };
    return ended(known, phase.handover, { outcome: 'failed', endedAt: at, reason }, slip);
  };
}

/** The bot closes the conversation; refused while an agent has it. Pure. */
export function close(conversationId: string, at: number): ConversationUpdate {
  return (known) => {
    if (isGated(known)) return { kind: 'refused' };
    const record = botRecordOf(known, conversationId, at);
    return changed({ ...record, phase: { state: 'closed', closedAt: at } });
  };
}

/** The bot goes on with a conversation that it has closed. Pure. */
export function reopen(): ConversationUpdate {
  return (known) =>
    known?.kind === 'bot' && known.phase.state === 'closed'
      ? changed({ ...known, phase: { state: 'bot' } })
      : { kind: 'unchanged' };
}

/** The bot was told of the end of a handover. Pure. */
export function told(noticeId: string): ConversationUpdate {
  return (known) => {
    if (known?.kind !== 'bot') return { kind: 'unchanged' };
    const pastHandovers = known.pastHandovers.map((past) =>
      past.noticeId === noticeId ? { ...past, isTold: true } : past,
    );
    return changed({ ...known, pastHandovers });
  };
}

function backToBot(
  record: BotConversationRecord,
  { state, handover }: HeldPhase,
  endedAt: number,
  slip: NoticeSlip,
): Changed {
  return state === 'agent'
    ? ended(record, handover, { outcome: 'completed', endedAt, reason: '' }, slip)
    : ended(record, handover, { outcome: 'failed', endedAt, reason: 'no agent has answered' }, slip);
}

function ended(
  record: BotConversationRecord,
  handover: Handover,
  end: Pick<EndedHandover, 'outcome' | 'endedAt' | 'reason'>,
  slip: NoticeSlip,
): Changed {
  const past: EndedHandover = { ...handover, ...end, noticeId: slip.id, isTold: false };
  const pastHandovers = [...record.pastHandovers, past].slice(-MAX_PAST_HANDOVERS);
  return {
    kind: 'changed',
    record: { ...record, phase: { state: 'bot' }, pastHandovers },
    notices: [noticeOf(record.conversationId, past, slip.traceContext)],
  };
}
