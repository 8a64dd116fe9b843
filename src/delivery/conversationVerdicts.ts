import type { BotConversationRecord, ConversationRecord, EndedHandover } from '../store/conversationRecord';
import type { NewInboxEvent } from '../store/deliveryStore';
import { endsHandover, noticeOf, phaseOf, takenOverAt } from './handoverPhases';
import { isSurelyAfter } from './platformTicks';

/** What is to be done with a handover, or with what others are told of it, when it is to be sent. */
export type SendVerdict =
  | 'send'
  /** The contact centre has it: an agent has spoken. */
  | 'delivered'
  /** The conversation went on without it. */
  | 'withdrawn';

/**
 * Whether a handover may still be sent. It may have waited for a retry for most of an hour, and an agent may have come
 * and gone meanwhile: handed over again now, the conversation would have two who talk (I6). Pure.
 */
export function judgeHandoverSend(
  record: ConversationRecord | undefined,
  handoverId: string,
  role: 'handover' | 'handoverCopy',
): SendVerdict {
  if (record?.kind !== 'bot') return 'send';
  const phase = phaseOf(record, handoverId);
  if (phase?.state === 'handingOver') return 'send';
  if (phase?.state === 'agent') return role === 'handover' ? 'delivered' : 'send';
  const past = record.pastHandovers.find(({ id }) => id === handoverId);
  return role === 'handover' && past?.outcome === 'completed' ? 'delivered' : 'withdrawn';
}

/** What is to be done with a message to the bot when its turn comes. */
export type TurnVerdict =
  | { readonly kind: 'run' }
  /** It has waited for a handover that failed: the bot is told so first, by this event, then it handles the message. */
  | { readonly kind: 'runAfter'; readonly notice: NewInboxEvent }
  /** The bot had closed the conversation after the message came. */
  | { readonly kind: 'reopen' }
  /** It crosses a handover whose fate is not known: to be looked at again at this time. */
  | { readonly kind: 'hold'; readonly notBefore: number }
  /** It crossed a handover: the agent has the conversation, and the bot only sees it. */
  | { readonly kind: 'mirror' };

/** A message of the customer to the bot that has waited for its turn. Times in milliseconds since the epoch. */
export interface WaitingMessage {
  /** When it was written: the platform's time, else that of arrival. */
  readonly at: number;
  /** When it was stored. */
  readonly receivedAt: number;
}

const SHORTEST_HOLD_MS = 50;

const LONGEST_HOLD_MS = 5000;

/**
 * Whether the bot may handle a message of the customer. A message that was on its way while the conversation was
 * handed over is neither lost nor answered twice: it waits until the handover is taken or has failed. Pure.
 *
 * @param message The message whose turn it is.
 * @param clockToleranceMs Milliseconds by which the platform's clock and ours may differ.
 */
export function judgeTurn(
  record: ConversationRecord | undefined,
  message: WaitingMessage,
  now: number,
  clockToleranceMs = 0,
): TurnVerdict {
  if (record?.kind !== 'bot') return { kind: 'run' };
  const { phase } = record;
  switch (phase.state) {
    case 'closed':
      return { kind: 'reopen' };
    case 'agent':
      return { kind: 'mirror' };
    case 'handingOver':
      if (takenOverAt(phase.handover) !== undefined) return { kind: 'mirror' };
      return { kind: 'hold', notBefore: now + holdMs(now - phase.handover.requestedAt) };
    case 'bot':
      return judgeAfterHandover(record, message, clockToleranceMs);
  }
}

/** Looked at often in the beginning, when the answer is most likely on its way. */
function holdMs(waitedMs: number): number {
  return Math.min(Math.max(waitedMs / 2, SHORTEST_HOLD_MS), LONGEST_HOLD_MS);
}

/** A message that was stored around the end of a handover, and whose turn comes only now. */
function judgeAfterHandover(
  { conversationId, pastHandovers }: BotConversationRecord,
  message: WaitingMessage,
  clockToleranceMs: number,
): TurnVerdict {
  const { receivedAt } = message;
  const last = pastHandovers.at(-1);
  if (last === undefined || receivedAt < last.requestedAt || receivedAt > last.endedAt)
    return { kind: 'run' };
  if (last.outcome === 'completed')
    return { kind: hasCrossed(message, last, clockToleranceMs) ? 'mirror' : 'run' };
  return last.isTold ? { kind: 'run' } : { kind: 'runAfter', notice: noticeOf(conversationId, last) };
}

/** Only the message that has ended the handover has the benefit of the doubt. */
function hasCrossed(
  { at, receivedAt }: WaitingMessage,
  last: EndedHandover,
  clockToleranceMs: number,
): boolean {
  if (receivedAt === last.endedAt) return !endsHandover(at, last, clockToleranceMs);
  const takenAt = takenOverAt(last);
  return takenAt !== undefined && !isSurelyAfter(at, takenAt + clockToleranceMs);
}

/** Whether the bot has heard already what a notice tells. Pure. */
export function isTold(record: ConversationRecord | undefined, noticeId: string): boolean {
  if (record?.kind !== 'bot') return false;
  return record.pastHandovers.some((past) => past.noticeId === noticeId && past.isTold);
}
