import type { BotConversationRecord, Handover } from '../../../store/conversationRecord';
import type { ActivityEntry } from '../../../store/history';
import type { Cell, Tone } from '../output/output';
import type { WholeConversation } from './findConversation';

/** What is known of who had a conversation, at a time. */
export type LifeEntry =
  | { readonly kind: 'firstSeen'; readonly at: number }
  | {
      readonly kind: 'agentConversation';
      readonly at: number;
      readonly agentConversationId: string;
      readonly tiedBy: string;
    }
  | {
      readonly kind: 'handoverRequested' | 'handoverTaken' | 'agentSpoke';
      readonly at: number;
      readonly handoverId: string;
    }
  | {
      readonly kind: 'handoverEnded';
      readonly at: number;
      readonly handoverId: string;
      readonly outcome: 'completed' | 'failed';
      readonly reason: string;
    }
  | { readonly kind: 'closed'; readonly at: number };

/** Something that was said. Shown only when it is asked for (I9). */
export interface SaidEntry {
  readonly kind: 'said';
  readonly at: number;
  readonly author: string;
  readonly text: string;
}

export type TimelineEntry = ActivityEntry | LifeEntry | SaidEntry;

/** What a line of a timeline says. */
export interface TimelineLine {
  /** `event`, `turn`, `message`, `send`, … */
  readonly what: string;
  /** The id of what it is about. */
  readonly id: string;
  readonly details: Cell;
}

/** The life of a conversation, as its record tells it. */
export function lifeOf(record: WholeConversation): LifeEntry[] {
  const begin: LifeEntry = { kind: 'firstSeen', at: record.firstSeenAt };
  if (record.kind === 'untied') return [begin];
  const { phase, agentConversations, pastHandovers } = record;
  return [
    begin,
    ...agentConversations.map(
      ({ id, tiedBy, firstSeenAt }): LifeEntry => ({
        kind: 'agentConversation',
        at: firstSeenAt,
        agentConversationId: id,
        tiedBy,
      }),
    ),
    ...pastHandovers.flatMap((handover): LifeEntry[] => [
      ...stepsOf(handover),
      {
        kind: 'handoverEnded',
        at: handover.endedAt,
        handoverId: handover.id,
        outcome: handover.outcome,
        reason: handover.reason,
      },
    ]),
    ...('handover' in phase ? stepsOf(phase.handover) : []),
    ...endOf(phase),
  ];
}

function stepsOf({ id: handoverId, requestedAt, acknowledgedAt, acceptedAt }: Handover): LifeEntry[] {
  const steps: [
    LifeEntry['kind'] & ('handoverRequested' | 'handoverTaken' | 'agentSpoke'),
    number | undefined,
  ][] = [
    ['handoverRequested', requestedAt],
    ['handoverTaken', acknowledgedAt],
    ['agentSpoke', acceptedAt],
  ];
  return steps.flatMap(([kind, at]) => (at === undefined ? [] : [{ kind, at, handoverId }]));
}

function endOf(phase: BotConversationRecord['phase']): LifeEntry[] {
  return phase.state === 'closed' ? [{ kind: 'closed', at: phase.closedAt }] : [];
}

/** An entry for people. */
export function lineOf(entry: TimelineEntry): TimelineLine {
  switch (entry.kind) {
    case 'eventAccepted':
      return { what: 'event', id: entry.eventId, details: SOURCES[entry.source] };
    case 'turnAttempt':
      return { what: 'turn', id: entry.eventId, details: attemptText(entry) };
    case 'messageStaged':
      return { what: 'message', id: entry.messageId, details: stagedText(entry) };
    case 'sendAttempt':
      return { what: 'send', id: entry.messageId, details: attemptText(entry, ` to ${entry.destination}`) };
    case 'requestQuarantined':
      return {
        what: 'request',
        id: entry.requestId,
        details: toned('could not be read; see quarantine show', 'bad'),
      };
    case 'said':
      return { what: entry.author, id: '', details: entry.text };
    default:
      return lifeLine(entry);
  }
}

function lifeLine(entry: LifeEntry): TimelineLine {
  switch (entry.kind) {
    case 'firstSeen':
      return { what: 'life', id: '', details: 'first seen' };
    case 'agentConversation':
      return {
        what: 'life',
        id: entry.agentConversationId,
        details: `an agent's conversation begins, tied by ${entry.tiedBy}`,
      };
    case 'handoverRequested':
      return { what: 'handover', id: entry.handoverId, details: 'the bot hands over' };
    case 'handoverTaken':
      return { what: 'handover', id: entry.handoverId, details: 'the contact centre has it' };
    case 'agentSpoke':
      return { what: 'handover', id: entry.handoverId, details: 'an agent has spoken' };
    case 'handoverEnded':
      return { what: 'handover', id: entry.handoverId, details: endText(entry) };
    case 'closed':
      return { what: 'life', id: '', details: 'closed' };
  }
}

function endText({ outcome, reason }: Extract<LifeEntry, { kind: 'handoverEnded' }>): Cell {
  if (outcome === 'completed') return 'the bot has it again';
  return toned(`failed${reason === '' ? '' : `: ${reason}`}; the bot has it again`, 'bad');
}

const SOURCES = {
  platform: 'received from Webex Connect',
  deliveryFailed: 'tells the bot that a message was given up',
  handoffStatus: 'tells the bot what became of a handover',
} as const;

function stagedText({
  messageId,
  destination,
  role,
  eventId,
}: Extract<ActivityEntry, { kind: 'messageStaged' }>): string {
  const what =
    role === 'message' ? 'stored' : `${role === 'handover' ? 'a handover' : 'a copy of a handover'}, stored`;
  // A message is named after the event whose turn sends it, unless somebody else has named it.
  const isNamed = eventId === undefined || messageId.startsWith(`${eventId}.`);
  return `${what} for ${destination}${isNamed ? '' : `, by the turn of ${eventId}`}`;
}

type Attempt = Extract<ActivityEntry, { kind: 'turnAttempt' | 'sendAttempt' }>;

function attemptText(entry: Attempt, where = ''): Cell {
  const begin = `attempt ${entry.attempt}${where}: `;
  switch (entry.outcome) {
    case 'completed':
      return `${begin}completed`;
    case 'delivered':
      return toned(`${begin}delivered`, 'good');
    case 'abandoned':
      return toned(`${begin}${ABANDONED[entry.kind]}`, 'warning');
    case 'quarantined':
      return toned(`${begin}${entry.reason}; quarantined`, 'bad');
    case 'dead':
      return toned(`${begin}${entry.reason}${doubt(entry)}; a dead letter`, 'bad');
    case 'held':
      return toned(
        `${begin}${entry.reason}${doubt(entry)}; held back, the attempt does not count`,
        'warning',
      );
    case 'failed':
      return toned(`${begin}failed: ${entry.reason}${'isAmbiguous' in entry ? doubt(entry) : ''}`, 'warning');
  }
}

const ABANDONED = {
  turnAttempt: 'abandoned: its process ended, or lost its lease',
  sendAttempt: 'abandoned: its process ended, or lost its lease; it may have arrived',
} as const;

function doubt({ isAmbiguous }: { readonly isAmbiguous: boolean }): string {
  return isAmbiguous ? ' (it may have arrived)' : '';
}

function toned(text: string, tone: Tone): Cell {
  return { text, tone };
}
