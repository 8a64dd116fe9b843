import { z } from 'zod';
import type { ClaimedSend, ClaimedTurn, NewInboxEvent, NewOutboxMessage } from '../deliveryStore';

const optionalText = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);

const turn = z.object({
  id: z.string(),
  conversationId: z.string(),
  source: z.enum(['platform', 'deliveryFailed']),
  payload: z.string(),
  dedupeKey: optionalText,
  receivedAt: z.number(),
  attempt: z.number(),
  fence: z.number(),
});

const send = z.object({
  id: z.string(),
  activityId: z.string(),
  conversationId: z.string(),
  destination: z.string(),
  body: z.string(),
  stagedAt: z.number(),
  reportsFailure: z.boolean(),
  ambiguousAttempts: z.number(),
  lastError: optionalText,
  attempt: z.number(),
  fence: z.number(),
});

/** The head is what the caller has just sent, and so it does not come back. */
const grantedTurn = z.object({ attempt: z.number(), fence: z.number() });
const grantedSend = grantedTurn.extend({ n: z.number() });

/**
 * Reads what the function `claimed_turn` has made.
 *
 * @param accepted The event that was stored in the same commit.
 */
export function toClaimedTurn(claim: unknown, accepted?: NewInboxEvent): ClaimedTurn {
  if (accepted !== undefined && !hasId(claim)) return { event: accepted, ...grantedTurn.parse(claim) };
  const { attempt, fence, ...event } = turn.parse(claim);
  return { event, attempt, fence };
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
    return { message: { ...message, ambiguousAttempts: 0, lastError: undefined }, attempt, fence };
  }
  const { attempt, fence, ...message } = send.parse(claim);
  return { message, attempt, fence };
}

function hasId(claim: unknown): boolean {
  return typeof claim === 'object' && claim !== null && 'id' in claim;
}
