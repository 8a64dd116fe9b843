import { z } from 'zod';
import type { ConversationRecord } from './conversationRecord';

/** JSON has no `undefined`: it is written as null, and a field that is named comes back by its name. */
function orUndefined<Shape extends z.ZodType>(shape: Shape) {
  return shape.nullable().transform((value) => value ?? undefined);
}

const time = z.number();
const maybeTime = orUndefined(time);
const tiedBy = z.enum(['field', 'sameId', 'function', 'operator']);

const agentConversation = z.object({ id: z.string(), tiedBy, firstSeenAt: time, lastSeenAt: time });

const handover = z.object({
  id: z.string(),
  requestedAt: time,
  acknowledgedAt: maybeTime,
  acceptedAt: maybeTime,
  agentConversationIds: z.array(z.string()),
});

const endedHandover = handover.extend({
  outcome: z.enum(['completed', 'failed']),
  endedAt: time,
  reason: z.string(),
  noticeId: z.string(),
  isTold: z.boolean(),
});

const phase = z.discriminatedUnion('state', [
  z.object({ state: z.literal('bot') }),
  z.object({ state: z.literal('handingOver'), handover }),
  z.object({ state: z.literal('agent'), handover }),
  z.object({ state: z.literal('closed'), closedAt: time }),
]);

const seenEvent = z.object({ event: z.string(), at: time, messageId: z.string().exactOptional() });

const base = { conversationId: z.string(), firstSeenAt: time, lastSeenAt: time };
const observed = {
  ...base,
  channel: orUndefined(z.string()),
  lastEvents: z.array(seenEvent),
  customParams: z.record(z.string(), z.string()),
};

const recordSchema: z.ZodType<ConversationRecord> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('bot'),
    isProven: z.boolean(),
    ...observed,
    phase,
    agentConversations: z.array(agentConversation),
    pastHandovers: z.array(endedHandover),
  }),
  z.object({ kind: z.literal('untied'), ...observed, firstAgentMessageAt: maybeTime }),
  z.object({ kind: z.literal('tied'), ...base, botConversationId: z.string(), tiedBy }),
]);

/** A record as a store's column holds it. */
export function toRecordJson(record: ConversationRecord): string {
  return JSON.stringify(record, (_key, value: unknown) => (value === undefined ? null : value));
}

/** Reads what {@link toRecordJson} has written. */
export function fromRecordJson(json: string): ConversationRecord {
  return recordSchema.parse(JSON.parse(json));
}
