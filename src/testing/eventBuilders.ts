import { type EventMeaning, encodeEvent } from '../protocol/encodeEvent';
import type { JsonObject } from '../protocol/json';

/** The conversation of every event that names no other. */
export const TEST_CONVERSATION_ID = 'CONV-test-1';

const BOT_CONVERSATION_FIELD = 'BotConversationid';
const FIRST_TIMESTAMP = Date.UTC(2026, 2, 9, 14, 5, 7, 250);
const TIMESTAMP_STEP_MS = 10;

let eventsBuilt = 0;

/** What every event has. */
export interface EventFields {
  /** By default {@link TEST_CONVERSATION_ID}. */
  readonly conversationId?: string;
  /** By default unique; `null` leaves it out, as in a dialect of the platform. */
  readonly messageId?: string | null;
  /** By default `FB`. */
  readonly channel?: string;
  /** Milliseconds since the epoch; by default a little later than the event before. */
  readonly timestamp?: number;
  /** More fields, or other values for the documented ones, under their names on the wire. */
  readonly wire?: JsonObject;
}

/** Fields of {@link incomingMessage}. */
export interface IncomingMessageFields extends EventFields {
  readonly text?: string;
  /** By default `TEXT`. */
  readonly messageType?: string;
  /** URLs of media. */
  readonly media?: readonly string[];
}

/** Fields of {@link mirroredMessage}. */
export interface MirroredMessageFields extends EventFields {
  readonly text?: string;
  /** By default `agent`. */
  readonly author?: 'customer' | 'agent';
  /** The conversation with the agent; by default `CONV-test-agent-1`. */
  readonly agentConversationId?: string;
  /** Whether the payload names the BOT conversation; by default true. */
  readonly isTied?: boolean;
}

/**
 * *Incoming message on a channel*, as Webex Connect documents it.
 *
 * @param fields The text, or fields.
 */
export function incomingMessage(fields: string | IncomingMessageFields = {}): JsonObject {
  const { text = 'hi', messageType = 'TEXT', media = [], ...common } = asFields(fields);
  return build(common, 'Incoming message', (head) => ({
    ...head,
    kind: 'message',
    text,
    messageType,
    media: media.map((url) => ({
      kind: 'link',
      url,
      contentType: 'application/octet-stream',
      name: undefined,
    })),
  }));
}

/**
 * *Sample POSTBACK event*, as Webex Connect documents it: without a `Messageid`.
 *
 * @param fields The payload, or fields.
 */
export function postback(fields: string | (EventFields & { readonly payload?: string }) = {}): JsonObject {
  const { payload = 'PAYLOAD', ...common } = typeof fields === 'string' ? { payload: fields } : fields;
  return build({ messageId: null, ...common }, 'FB POSTBACK', (head) => ({
    ...head,
    kind: 'postback',
    postbackPayload: payload,
  }));
}

/** *Sample message delivery*, as Webex Connect documents it. By default `Delivered`. */
export function messageDelivery(
  fields: EventFields & { readonly status?: string; readonly description?: string } = {},
): JsonObject {
  const { status = 'Delivered', description, ...common } = fields;
  return build(common, 'Message Delivery', (head) => ({
    ...head,
    kind: 'messageDelivery',
    status,
    description,
    ofAgent: undefined,
  }));
}

/**
 * A message between customer and agent, forwarded to the bot. The platform does not document its shape; this is
 * what the adapter assumes (see `docs/assumptions.md`).
 */
export function mirroredMessage(fields: string | MirroredMessageFields = {}): JsonObject {
  const {
    text = 'hello, this is the agent',
    author = 'agent',
    agentConversationId = 'CONV-test-agent-1',
    isTied = true,
    ...common
  } = typeof fields === 'string' ? { text: fields } : fields;
  const eventName = author === 'agent' ? 'Agent message' : 'Incoming message';
  return build(common, eventName, (head) => ({
    ...head,
    kind: 'mirroredMessage',
    conversationId: agentConversationId,
    conversationType: 'AGENT',
    author,
    agentConversationId,
    tie: isTied ? { by: 'field', botConversationId: head.conversationId } : undefined,
    crossedHandover: false,
    text,
    messageType: 'TEXT',
    media: [],
    postbackPayload: undefined,
  }));
}

type EventHead = Pick<
  EventMeaning,
  'conversationId' | 'conversationType' | 'eventName' | 'channel' | 'messageId' | 'timestamp'
>;

function build(
  fields: EventFields,
  eventName: string,
  complete: (head: EventHead) => EventMeaning,
): JsonObject {
  const number = ++eventsBuilt;
  const head: EventHead = {
    conversationId: fields.conversationId ?? TEST_CONVERSATION_ID,
    conversationType: 'BOT',
    eventName,
    channel: fields.channel ?? 'FB',
    messageId: fields.messageId === null ? undefined : (fields.messageId ?? `MSG-test-${number}`),
    timestamp: fields.timestamp ?? FIRST_TIMESTAMP + number * TIMESTAMP_STEP_MS,
  };
  return { ...encodeEvent(complete(head), BOT_CONVERSATION_FIELD), ...fields.wire };
}

function asFields(fields: string | IncomingMessageFields): IncomingMessageFields {
  return typeof fields === 'string' ? { text: fields } : fields;
}
