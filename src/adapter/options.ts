import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { type Clock, systemClock } from '../clock';
import type { AnswerVerdict } from '../delivery/webhookClient';
import { type Logger, silentLogger } from '../logger';
import { healthOptionsSchema } from '../operations/health/healthOptions';
import { callback, holder, mustBeSecure, orElse, readOptions, serverUrl } from '../optionSchema';
import { type EventSketch, namesAnAgent } from '../protocol/decodeEvent';
import type { InboundEvent } from '../protocol/inboundEvent';
import type { JsonValue } from '../protocol/json';
import type { MediaLink } from '../protocol/media';
import type { DeliveryStore } from '../store/deliveryStore';
import { MemoryStore } from '../store/memoryStore';
import { authenticationSchema } from './http/authenticationOptions';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const milliseconds = z.int().min(0);
const count = z.int().min(1);

const takeAtItsWord = (): AnswerVerdict => 'accepted';

const verification = z
  .strictObject({
    token: z.string().min(1).optional().describe("The integration's Verification Token (platform OTHERS)."),
    style: z
      .enum(['json', 'text', 'header'])
      .default('json')
      .describe('Where the token stands in each answer: a JSON field, the whole body as text, or a header.'),
    field: z.string().min(1).default('verification_token').describe("The JSON field, for style 'json'."),
    header: z.string().min(1).default('X-Verification-Token').describe("The header, for style 'header'."),
    answerGet: z.boolean().default(false).describe('Answer GET like an empty POST, should *Verify* use it.'),
  })
  .superRefine(({ style, header, token }, context) => {
    if (style !== 'header') return;
    const check = (path: string, validate: () => void) => {
      try {
        validate();
      } catch {
        context.addIssue({ code: 'custom', path: [path], message: 'cannot stand in an HTTP header' });
      }
    };
    check('header', () => validateHeaderName(header));
    check('token', () => validateHeaderValue(header, token ?? ''));
  });

const inbound = z.strictObject({
  bodyLimitBytes: count.default(256 * 1024).describe('Bytes of a request body; more is answered 413.'),
  answerWithinMs: count
    .max(4500)
    .default(3 * SECOND)
    .describe('Milliseconds until an answer, stored or not; the platform waits five seconds.'),
  maxBacklog: count
    .default(100_000)
    .describe('Stored events that wait for their turn; over it new ones are answered 503.'),
  retryAfterSeconds: count.default(30).describe('`Retry-After` of a 503, in seconds.'),
  dedupeWindowMs: milliseconds
    .min(HOUR)
    .default(24 * HOUR)
    .describe('Milliseconds for which a repeated event is recognised; the platform retries for an hour.'),
  maxQuarantinedRequests: count
    .default(1000)
    .describe('Unreadable requests that are kept; the oldest goes first.'),
});

const turns = z.strictObject({
  maxAttempts: count
    .default(3)
    .describe('Runs of one turn, the first included, before its event is quarantined.'),
  retryDelayMs: milliseconds.default(SECOND).describe('Milliseconds before a failed turn is run again.'),
  maxConcurrent: count.default(1000).describe('Turns at the same time, each of another conversation.'),
});

const outbound = z.strictObject({
  timeoutMs: count.default(5 * SECOND).describe('Milliseconds for one attempt, connecting included.'),
  retryDelaysMs: z
    .array(milliseconds)
    .default([5 * SECOND, MINUTE, 10 * MINUTE, 45 * MINUTE])
    .describe('Milliseconds before each retry; their number is the number of retries.'),
  jitter: z.number().min(0).max(1).default(0.1).describe('Share by which a delay varies either way.'),
  maxRetryAfterMs: milliseconds
    .default(HOUR)
    .describe('The longest `Retry-After` that is honoured, in milliseconds.'),
  failuresUntilInactive: count.default(5).describe('Consecutive failures that make the webhook inactive.'),
  probeAfterMs: count.default(MINUTE).describe('Milliseconds until an inactive webhook is probed.'),
  maxConcurrent: count
    .default(256)
    .describe('Messages on the wire at the same time, each of another conversation.'),
  judgeAnswer: orElse(
    callback<(answer: { readonly status: number; readonly body: string }) => AnswerVerdict>(),
    takeAtItsWord,
  ).describe('What a 2xx answer means: some of the platform’s APIs report errors in the body of a 200.'),
  platformMessageId: callback<(body: string) => string | undefined>()
    .optional()
    .describe(
      "Finds the platform's message ID in an answer; by default a JSON field `Messageid` in any spelling.",
    ),
});

const translation = z.strictObject({
  maxMessageLength: count.default(1024).describe('UTF-16 units of one message; longer texts are split.'),
  messageType: z.string().min(1).default('TEXT').describe('`Messagetype` of a reply that names none.'),
  hourClock: z
    .union([z.literal(24), z.literal(12)])
    .default(24)
    .describe("How many hours the `hh` of the platform's timestamps counts."),
  closeEventId: z
    .string()
    .min(1)
    .optional()
    .describe('`eventid` that closes a conversation; none is documented.'),
  botConversationFields: z
    .array(z.string().min(1))
    .default(['BotConversationid'])
    .describe("Fields of an agent's conversation that name the bot's."),
  botConversationOf: callback<(event: EventSketch) => string | undefined>()
    .optional()
    .describe("Finds the bot's conversation of an agent's, where no field names it."),
  botConversationTypes: z
    .array(z.string().min(1))
    .min(1)
    .default(['BOT'])
    .describe('Values of `ConversationType` that mean a conversation with the bot; all others are mirrored.'),
  decodeMedia: callback<(media: JsonValue) => readonly MediaLink[] | undefined>()
    .optional()
    .describe('Reads `Media`, whose shape is not documented; `undefined` leaves it to the default reading.'),
  isAgentMessage: orElse(callback<(event: EventSketch) => boolean>(), namesAnAgent).describe(
    'Whether a mirrored message is the agent\'s; by default when its `Event` contains "agent".',
  ),
  isEcho: orElse(callback<(event: EventSketch) => boolean>(), () => false).describe(
    "Whether a message is the bot's own, sent back; it is answered and never becomes a turn.",
  ),
  userId: orElse(callback<(event: InboundEvent) => string>(), (event) => event.conversationId).describe(
    '`from.id`; the platform sends no user ID, so by default the conversation ID.',
  ),
});

const telemetry = z.strictObject({
  takeTraceparent: z
    .boolean()
    .default(true)
    .describe("Continue the trace of a request's `traceparent`, once the caller is known; else begin one."),
  sendTraceparent: z.boolean().default(true).describe('Send `traceparent` along with each message.'),
  conversationIds: z
    .boolean()
    .default(true)
    .describe('Show conversation IDs in spans. They name no person, but stand for one.'),
});

/** Every option, its default and its description: `docs/configuration.md` is made from it. */
export const optionsSchema = z
  .strictObject({
    webhookUrl: serverUrl().describe(
      'The URL that Webex Connect generated for the integration; the bot POSTs its events there. https, but for loopback.',
    ),
    allowInsecureHttp: z
      .boolean()
      .default(false)
      .describe(
        'Allow a `webhookUrl` with http to another machine: customers’ words go over the wire in the clear.',
      ),
    store: holder<DeliveryStore>('accept')
      .optional()
      .describe('Where events and messages are kept; by default memory.'),
    verification: verification.prefault({}),
    authentication: authenticationSchema.prefault({}),
    inbound: inbound.prefault({}),
    turns: turns.prefault({}),
    outbound: outbound.prefault({}),
    translation: translation.prefault({}),
    health: healthOptionsSchema.prefault({}),
    telemetry: telemetry.prefault({}),
    botId: z.string().min(1).default('bot').describe('`recipient.id` of every activity.'),
    leaseMs: count
      .min(SECOND)
      .default(30 * SECOND)
      .describe('Milliseconds after which the work of a dead process is taken over.'),
    pollMs: count
      .default(SECOND)
      .describe('Milliseconds between looks at a shared store for the work of other replicas.'),
    shutdownMs: milliseconds
      .default(10 * SECOND)
      .describe('Milliseconds that `stop()` waits for what is under way.'),
    logger: orElse(holder<Logger>('warn'), silentLogger).describe('Where log lines go.'),
    clock: orElse(holder<Clock>('now'), systemClock).describe('Time and randomness.'),
  })
  .superRefine(mustBeSecure('webhookUrl'));

/** Options of {@link WebexConnectAdapter}. Only `webhookUrl` has no default; `docs/configuration.md` lists all. */
export type WebexConnectAdapterOptions = z.input<typeof optionsSchema>;

/** {@link WebexConnectAdapterOptions} with every default filled in. */
export interface AdapterSettings extends Omit<z.output<typeof optionsSchema>, 'store'> {
  readonly store: DeliveryStore;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {WebexConnectConfigurationError} naming the first wrong option's path. Never shows a value, which may
 * be a secret.
 */
export function resolveOptions(options: WebexConnectAdapterOptions): AdapterSettings {
  const settings = readOptions(optionsSchema, options, 'WebexConnectAdapter');
  return { ...settings, store: settings.store ?? new MemoryStore() };
}
