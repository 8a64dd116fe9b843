import type {
  BotConversationRecord,
  ConversationPhase,
  ConversationRecord,
  EndedHandover,
  Handover,
} from '../store/conversationRecord';
import type { ConversationChange, NewInboxEvent } from '../store/deliveryStore';
import { type HandoffStatusPayload, type NoticeSlip, toNotice } from './handoffNotice';
import { isAfter, isSurelyAfter } from './platformTicks';

export type Changed = Extract<ConversationChange, { kind: 'changed' }> & {
  readonly record: BotConversationRecord;
};

export type HeldPhase = Extract<ConversationPhase, { handover: Handover }>;

export function changed<Record extends ConversationRecord>(record: Record) {
  return { kind: 'changed', record, notices: [] } as const;
}

export function phaseOf({ phase }: BotConversationRecord, handoverId: string): HeldPhase | undefined {
  if (phase.state !== 'handingOver' && phase.state !== 'agent') return undefined;
  return phase.handover.id === handoverId ? phase : undefined;
}

/**
 * An agent's message shows it too: the answer to the handover may be late, or lost. After a crash it may come long after
 * the agent, and must not make that what the customer wrote since looks older than the handover.
 */
export function takenOverAt({ acknowledgedAt, acceptedAt }: Handover): number | undefined {
  if (acknowledgedAt === undefined || acceptedAt === undefined) return acknowledgedAt ?? acceptedAt;
  return Math.min(acknowledgedAt, acceptedAt);
}

/**
 * Whether a message to the bot shows that the handover is over. Within the tick in which the handover was taken, it more
 * likely crossed it: only if an agent has spoken by then too, it has the benefit of the doubt.
 *
 * @param at When the message was written.
 */
export function endsHandover(at: number, handover: Handover, clockToleranceMs: number): boolean {
  const takenAt = takenOverAt(handover);
  if (takenAt === undefined) return false;
  if (isSurelyAfter(at, takenAt + clockToleranceMs)) return true;
  const { acceptedAt } = handover;
  return acceptedAt !== undefined && isAfter(at, acceptedAt + clockToleranceMs);
}

export function agentSpoke(
  record: BotConversationRecord,
  { state, handover }: HeldPhase,
  at: number,
  agentConversationId: string,
  slip: NoticeSlip,
): Changed {
  const agentConversationIds = [...new Set([...handover.agentConversationIds, agentConversationId])];
  const accepted: Handover = { ...handover, acceptedAt: handover.acceptedAt ?? at, agentConversationIds };
  const next: BotConversationRecord = { ...record, phase: { state: 'agent', handover: accepted } };
  if (state === 'agent') return changed(next);
  const payload: HandoffStatusPayload = {
    handoverId: handover.id,
    state: 'accepted',
    message: '',
    agentConversationId,
  };
  return { kind: 'changed', record: next, notices: [toNotice(record.conversationId, payload, slip)] };
}

export function noticeOf(conversationId: string, past: EndedHandover, traceContext?: string): NewInboxEvent {
  const payload: HandoffStatusPayload = { handoverId: past.id, state: past.outcome, message: past.reason };
  return toNotice(conversationId, payload, { id: past.noticeId, at: past.endedAt, traceContext });
}
