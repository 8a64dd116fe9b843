import type {
  BotConversationRecord,
  ConversationRecord,
  EndedHandover,
  Handover,
} from '../../../store/conversationRecord';
import type { Cell } from '../output/output';
import { isoTime, timeText } from '../output/times';
import type { WholeConversation } from './findConversation';

type Field = readonly [name: string, value: Cell];

/** Who has a conversation, or how it is tied. */
export function stateOf(record: ConversationRecord): string {
  return record.kind === 'bot' ? record.phase.state : record.kind;
}

/** What is known of a conversation, for people. @param withText Also the values of its custom parameters. */
export function conversationFields(record: WholeConversation, withText: boolean): Field[] {
  return [
    ['Conversation', record.conversationId],
    ['State', record.kind === 'bot' ? record.phase.state : "untied: an agent's, kept apart"],
    ['Channel', record.channel ?? '-'],
    ['First seen', timeText(record.firstSeenAt)],
    ['Last seen', timeText(record.lastSeenAt)],
    ...record.lastEvents.map(
      ({ event, at, messageId }): Field => [
        'Event',
        `${timeText(at)}  ${event}${messageId ? `  ${messageId}` : ''}`,
      ],
    ),
    ...Object.entries(record.customParams).map(
      ([name, value]): Field => ['Custom parameter', withText ? `${name} = ${value}` : name],
    ),
    ...(record.kind === 'bot' ? botFields(record) : []),
  ];
}

function botFields({ phase, agentConversations, pastHandovers }: BotConversationRecord): Field[] {
  return [
    ...agentConversations.map(
      ({ id, tiedBy, lastSeenAt }): Field => [
        'Agent conversation',
        `${id}, tied by ${tiedBy}, last seen ${timeText(lastSeenAt)}`,
      ],
    ),
    ...pastHandovers.map((handover): Field => ['Handover', endedText(handover)]),
    ...('handover' in phase ? [['Handover', runningText(phase.handover)] as const] : []),
    ...(phase.state === 'closed' ? [['Closed', timeText(phase.closedAt)] as const] : []),
  ];
}

function runningText({ requestedAt, acknowledgedAt, acceptedAt }: Handover): string {
  const steps = [
    `requested ${timeText(requestedAt)}`,
    acknowledgedAt !== undefined && `taken ${timeText(acknowledgedAt)}`,
    acceptedAt !== undefined && `an agent spoke ${timeText(acceptedAt)}`,
  ];
  return steps.filter((step) => step !== false).join(', ');
}

function endedText(handover: EndedHandover): string {
  const end = `${handover.outcome} ${timeText(handover.endedAt)}`;
  return `${runningText(handover)}, ${end}${handover.reason === '' ? '' : ` (${handover.reason})`}`;
}

/** What is known of a conversation, for scripts. */
export function conversationJson(record: ConversationRecord, withText: boolean): object {
  const { conversationId, kind } = record;
  const base = {
    conversationId,
    kind,
    state: stateOf(record),
    firstSeenAt: isoTime(record.firstSeenAt),
    lastSeenAt: isoTime(record.lastSeenAt),
  };
  if (record.kind === 'tied') {
    return { ...base, botConversationId: record.botConversationId, tiedBy: record.tiedBy };
  }
  const observed = {
    ...base,
    channel: record.channel ?? null,
    events: record.lastEvents.map(({ event, at, messageId }) => ({
      event,
      at: isoTime(at),
      messageId: messageId ?? null,
    })),
    customParams: withText ? record.customParams : Object.keys(record.customParams),
  };
  if (record.kind === 'untied') {
    return { ...observed, firstAgentMessageAt: isoTime(record.firstAgentMessageAt) };
  }
  return { ...observed, ...botJson(record) };
}

function botJson({ phase, agentConversations, pastHandovers }: BotConversationRecord): object {
  return {
    closedAt: phase.state === 'closed' ? isoTime(phase.closedAt) : null,
    agentConversations: agentConversations.map(({ id, tiedBy, firstSeenAt, lastSeenAt }) => ({
      id,
      tiedBy,
      firstSeenAt: isoTime(firstSeenAt),
      lastSeenAt: isoTime(lastSeenAt),
    })),
    handovers: [...pastHandovers, ...('handover' in phase ? [phase.handover] : [])].map(handoverJson),
  };
}

function handoverJson(handover: Handover | EndedHandover): object {
  const isOver = 'outcome' in handover;
  return {
    id: handover.id,
    requestedAt: isoTime(handover.requestedAt),
    acknowledgedAt: isoTime(handover.acknowledgedAt),
    acceptedAt: isoTime(handover.acceptedAt),
    agentConversationIds: handover.agentConversationIds,
    outcome: isOver ? handover.outcome : null,
    endedAt: isoTime(isOver ? handover.endedAt : undefined),
    reason: isOver && handover.reason !== '' ? handover.reason : null,
  };
}
