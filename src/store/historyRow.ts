import { z } from 'zod';
import type { ActivityEntry, HistoryEntry, SendAttempt, TurnAttempt } from './history';
import { type Place, toPlaceId } from './historyPlace';

const optionalText = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);
/** SQLite has no booleans. */
const flag = z.union([z.boolean(), z.number()]).transform((value) => value === true || value === 1);

const happened = { at: z.number(), conversationId: z.string(), subjectId: z.string() };

const eventAccepted = z.object({
  kind: z.literal('eventAccepted'),
  ...happened,
  source: z.enum(['platform', 'deliveryFailed', 'handoffStatus']),
});
const messageStaged = z.object({
  kind: z.literal('messageStaged'),
  ...happened,
  activityId: z.string(),
  destination: z.string(),
  role: z.enum(['message', 'handover', 'handoverCopy']),
  eventId: optionalText,
});
const turnAttempt = z.object({
  kind: z.literal('turnAttempt'),
  ...happened,
  attempt: z.number(),
  outcome: z.enum(['completed', 'failed', 'quarantined', 'abandoned']),
  reason: optionalText,
});
const sendAttempt = z.object({
  kind: z.literal('sendAttempt'),
  ...happened,
  destination: z.string(),
  attempt: z.number(),
  outcome: z.enum(['delivered', 'failed', 'held', 'dead', 'abandoned']),
  reason: optionalText,
  isAmbiguous: flag,
});
const requestQuarantined = z.object({
  kind: z.literal('requestQuarantined'),
  at: z.number(),
  subjectId: z.string(),
});

const historyRow = z.discriminatedUnion('kind', [eventAccepted, messageStaged, turnAttempt, sendAttempt]);
const activityRow = z.discriminatedUnion('kind', [historyRow, requestQuarantined]);

/** Reads what a database's query has found at a place of a conversation's history. */
export function toHistoryEntry(row: unknown, place: Place): HistoryEntry {
  return entryOf(historyRow.parse(row), toPlaceId(place));
}

/** Reads what a database's query has found of what happened in all conversations. */
export function toActivityEntry(row: unknown, place: Place): ActivityEntry {
  const read = activityRow.parse(row);
  if (read.kind !== 'requestQuarantined') return entryOf(read, toPlaceId(place));
  return { kind: read.kind, id: toPlaceId(place), at: read.at, requestId: read.subjectId };
}

function entryOf(row: z.output<typeof historyRow>, id: string): HistoryEntry {
  const { kind, at, conversationId, subjectId } = row;
  const base = { id, at, conversationId };
  switch (kind) {
    case 'eventAccepted':
      return { ...base, kind, eventId: subjectId, source: row.source };
    case 'messageStaged': {
      const { activityId, destination, role, eventId } = row;
      return { ...base, kind, messageId: subjectId, activityId, destination, role, eventId };
    }
    case 'turnAttempt':
      return turnAttemptOf({ ...base, kind, eventId: subjectId, attempt: row.attempt }, row);
    case 'sendAttempt': {
      const { attempt, destination } = row;
      return sendAttemptOf({ ...base, kind, messageId: subjectId, destination, attempt }, row);
    }
  }
}

function turnAttemptOf(
  base: Omit<TurnAttempt, 'outcome' | 'reason'>,
  { outcome, reason = '' }: z.output<typeof turnAttempt>,
): TurnAttempt {
  if (outcome === 'failed' || outcome === 'quarantined') return { ...base, outcome, reason };
  return { ...base, outcome };
}

function sendAttemptOf(
  base: Omit<SendAttempt, 'outcome' | 'reason' | 'isAmbiguous'>,
  { outcome, reason = '', isAmbiguous }: z.output<typeof sendAttempt>,
): SendAttempt {
  if (outcome === 'delivered' || outcome === 'abandoned') return { ...base, outcome };
  return { ...base, outcome, reason, isAmbiguous };
}
