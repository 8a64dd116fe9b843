import { z } from 'zod';
import type {
  Channel,
  ChatMessage,
  Dialect,
  FaultEffect,
  FaultMatch,
  Platform,
  RoutingRule,
  ViolationRule,
} from '../world';
import { LONGEST_MS } from './duration';

/** Channels by their names on the wire. */
export const CHANNEL: z.ZodType<Channel> = z.enum([
  'SMS',
  'MMS',
  'RCS',
  'FB',
  'WHATSAPP',
  'INSTAGRAM',
  'APPLE',
  'WECHAT',
  'TWITTER',
  'EMAIL',
  'VOICE',
  'APP',
]);

export const PLATFORM: z.ZodType<Platform> = z.enum(['OTHERS', 'IMI BOT']);

export const ROUTING_RULE: z.ZodType<RoutingRule> = z.enum(['BOT', 'CCSP', 'BOT+CCSP']);

export const DIALECT: z.ZodType<Dialect> = z.enum(['documented', 'sloppyCasing', 'withoutMessageid']);

export const RECEIPT: z.ZodType<Exclude<ChatMessage['receipt'], 'none'>> = z.enum([
  'Delivered',
  'Read',
  'Failed',
]);

export const VIOLATION_RULE: z.ZodType<ViolationRule> = z.enum([
  'unanswered',
  'outOfOrder',
  'doubled',
  'replyAfterHandover',
  'wrongConversation',
  'tooSlow',
  'tokenMissing',
  'malformed',
]);

export const DIRECTION = z.enum(['toBot', 'fromBot']);

/** Where a bot listens. */
export const BOT_URL = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });

/** What an operator enters. */
export const INTEGRATION_CHANGES = z.strictObject({
  botUrl: BOT_URL.exactOptional(),
  platform: PLATFORM.exactOptional(),
  verificationToken: z.string().exactOptional(),
  accessToken: z.string().exactOptional(),
});

/** What a customer sends by URL. */
export const MEDIA_URL = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });

const COUNT = z.int().min(1);
const MILLISECONDS = z.number().min(0);

/** The fields of a match that mean the same everywhere. */
export const MATCH_FIELDS = {
  event: z.string().min(1).exactOptional(),
  customer: z.string().min(1).exactOptional(),
  attempt: z.int().min(1).max(5).exactOptional(),
  probability: z.number().min(0).max(1).exactOptional(),
  times: COUNT.exactOptional(),
};

export const FAULT_MATCH: z.ZodType<FaultMatch> = z.strictObject({
  ...MATCH_FIELDS,
  conversationId: z.string().min(1).exactOptional(),
});

export const FAULT_EFFECT: z.ZodType<FaultEffect> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('refuse') }),
  z.strictObject({ kind: z.literal('timeOut') }),
  z.strictObject({ kind: z.literal('answerLate'), delayMs: MILLISECONDS }),
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    retryAfterSeconds: z.number().min(0).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('resetAfterSend') }),
  z.strictObject({ kind: z.literal('duplicate'), copies: COUNT.max(1000) }),
  z.strictObject({ kind: z.literal('reorder') }),
  z.strictObject({ kind: z.literal('truncate'), bytes: z.int().min(0) }),
  z.strictObject({ kind: z.literal('clockSkew'), skewMs: z.number().min(-LONGEST_MS).max(LONGEST_MS) }),
]);

/** What goes wrong, and for what. */
export const FAULT = z.strictObject({
  direction: DIRECTION,
  match: FAULT_MATCH.exactOptional(),
  effect: FAULT_EFFECT,
});
