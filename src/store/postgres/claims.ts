import { z } from 'zod';
import type { ClaimedSend, ClaimedTurn, NewInboxEvent, NewOutboxMessage } from '../deliveryStore';
import { fromRecordJson } from '../recordJson';

const optionalText = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);

const optionalTime = z
  .number()
  .nullable()
  .transform((time) => time ?? undefined);

const conversation = z
  .string()
  .nullable()
  .transform((json) => (json === null ? undefined : fromRecordJson(json)));

const turn = z.object({
  id: z.string(),
  conversationId: z.string(),
  source: z.enum(['platform', 'deliveryFailed', 'handoffStatus']),
  payload: z.string(),
  dedupeKey: optionalText,
  receivedAt: z.number(),
  traceContext: optionalText,
  attempt: z.number(),
  fence: z.number(),
  conversation,
});

const send = z.object({
  id: z.string(),
  activityId: z.string(),
  conversationId: z.string(),
  destination: z.string(),
  body: z.string(),
  stagedAt: z.number(),
  role: z.enum(['message', 'handover', 'handoverCopy']),
  reportsFailure: z.boolean(),
  traceContext: optionalText,
  eventReceivedAt: optionalTime,
  ambiguousAttempts: z.number(),
  lastError: optionalText,
  attempt: z.number(),
  fence: z.number(),
});

/** The head is what the caller has just sent, and so it does not come back. */
const granted = z.object({ attempt: z.number(), fence: z.number() });
const grantedTurn = granted.extend({ conversation });
const grantedSend = granted.extend({ n: z.number() });

/**
 * Reads what the function `claimed_turn` has made.
 *
 * @param accepted The event that was stored in the same commit.
 */
export function toClaimedTurn(claim: unknown, accepted?: NewInboxEvent): ClaimedTurn {
  if (accepted !== undefined && !hasId(claim)) return { event: accepted, ...grantedTurn.parse(claim) };
  const { attempt, fence, conversation, ...event } = turn.parse(claim);
  return { event, attempt, fence, conversation };
}

/**
 * Reads what the function `claimed_send` has made.
 *
 * @param staged The messages that were stored in the same commit.
 */
export function toClaimedSend(claim: unknown, staged: readonly NewOutboxMessage[] = []): ClaimedSend {
  if (!hasId(claim)) {
    const { n, attempt, fence } = grantedSend.parse(claim);
    const message = staged[n];
    if (message === undefined) throw new TypeError('The database has claimed a message that was not staged.');
    return { message: { ambiguousAttempts: 0, lastError: undefined, ...message }, attempt, fence };
  }
  const { attempt, fence, ...message } = send.parse(claim);
  return { message, attempt, fence };
}

function hasId(claim: unknown): boolean {
  return typeof claim === 'object' && claim !== null && 'id' in claim;
}
