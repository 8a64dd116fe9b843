import { z } from 'zod';
import type { DecodeResult, InboundEvent, MirroredAuthor } from './inboundEvent';
import { isJsonObject, type JsonObject, type JsonValue } from './json';
import { decodeMedia } from './media';
import { type HourClock, parseTimestamp } from './timestamps';
import { type WireField, WireFields } from './wireFields';

/** How the decoder reads what Webex Connect leaves open. Each is an option of the adapter. */
export interface DecodeSettings {
  readonly hourClock: HourClock;
  /** Fields, in any spelling, that name the BOT conversation of an agent's conversation. */
  readonly botConversationFields: readonly string[];
  /** Whether a mirrored message was written by the agent. */
  readonly isAgentMessage: (event: { readonly eventName: string; readonly payload: JsonObject }) => boolean;
}

/**
 * The documentation names no limit. Anything longer is no ID of the platform, and every store can index this.
 */
const MAX_ID_LENGTH = 512;
const ID_TEXT = z
  .string()
  .max(MAX_ID_LENGTH)
  .refine((id) => id.trim() !== '' && !hasControlCharacter(id) && id.isWellFormed());
const CONVERSATION_ID = z.union([ID_TEXT, z.int().transform(String)]);

/** A payload with none of these is no event. */
const EVENT_MARKERS: readonly WireField[] = [
  'conversationId',
  'conversationType',
  'event',
  'message',
  'messageId',
  'media',
  'postbackPayload',
  'deliveryStatus',
];
const DOCUMENTED_STATUSES = ['Delivered', 'Failed', 'Read'];
const BOT = 'BOT';

/**
 * Decodes one event of Webex Connect, tolerantly: any casing, underscores or none, aliases, numeric ids, missing
 * optional fields. Never throws.
 *
 * @param value The parsed body.
 * @param receivedAt Milliseconds since the epoch.
 */
export function decodeEvent(value: JsonValue, settings: DecodeSettings, receivedAt: number): DecodeResult {
  if (Array.isArray(value)) return decodeList(value);
  if (!isJsonObject(value)) return { kind: 'notEvent' };
  const fields = new WireFields(value);
  if (!namesAnEvent(fields)) return { kind: 'notEvent' };

  const id = fields.get('conversationId');
  if (id === undefined) return { kind: 'undecodable', reason: 'the event has no conversation ID' };
  const conversationId = CONVERSATION_ID.safeParse(id);
  if (!conversationId.success) {
    return {
      kind: 'undecodable',
      reason: `the conversation ID is not a text of 1 to ${MAX_ID_LENGTH} printable characters`,
    };
  }
  return { kind: 'event', event: toEvent(value, fields, conversationId.data, settings, receivedAt) };
}

/** No batch is documented. One that holds events must not be lost, nor guessed at. */
function decodeList(list: readonly JsonValue[]): DecodeResult {
  const holdsEvents = list.some((item) => isJsonObject(item) && namesAnEvent(new WireFields(item)));
  return holdsEvents
    ? { kind: 'undecodable', reason: 'a list of events is not documented by the platform' }
    : { kind: 'notEvent' };
}

function namesAnEvent(fields: WireFields): boolean {
  return EVENT_MARKERS.some((marker) => fields.get(marker) !== undefined);
}

function toEvent(
  payload: JsonObject,
  fields: WireFields,
  conversationId: string,
  settings: DecodeSettings,
  receivedAt: number,
): InboundEvent {
  const base = {
    conversationId,
    conversationType: fields.text('conversationType') ?? BOT,
    eventName: fields.text('event') ?? '',
    channel: fields.text('channel'),
    messageId: fields.text('messageId'),
    timestamp: parseTimestamp(fields.get('timestamp'), { hourClock: settings.hourClock, receivedAt }),
    payload,
  };
  const messageType = fields.text('messageType');
  const content = {
    text: fields.text('message') ?? '',
    messageType,
    media: decodeMedia(fields.get('media'), messageType),
  };

  const status = fields.text('deliveryStatus');
  switch (kindOf(base.eventName, base.conversationType, fields)) {
    case 'messageDelivery':
      return {
        ...base,
        kind: 'messageDelivery',
        status: DOCUMENTED_STATUSES.find((known) => isSameText(known, status)) ?? status ?? '',
        description: fields.text('description'),
      };
    case 'postback':
      return { ...base, kind: 'postback', postbackPayload: fields.text('postbackPayload') ?? '' };
    case 'message':
      return { ...base, kind: 'message', ...content };
    case 'mirroredMessage': {
      const tiedTo = botConversationOf(fields, settings);
      return {
        ...base,
        kind: 'mirroredMessage',
        conversationId: tiedTo ?? conversationId,
        agentConversationId: conversationId,
        isTied: tiedTo !== undefined,
        author: authorOf(base.eventName, payload, settings),
        ...content,
        postbackPayload: fields.text('postbackPayload'),
      };
    }
    case 'unknown':
      return { ...base, kind: 'unknown' };
  }
}

function kindOf(eventName: string, conversationType: string, fields: WireFields): InboundEvent['kind'] {
  const event = eventName.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  const isBotConversation = isSameText(BOT, conversationType);
  const holdsMessage = (['message', 'media', 'postbackPayload'] as const).some(
    (field) => fields.get(field) !== undefined,
  );

  if (event === 'messagedelivery') return 'messageDelivery';
  if (event === '' && fields.get('deliveryStatus') !== undefined) return 'messageDelivery';
  if (!isBotConversation) return holdsMessage ? 'mirroredMessage' : 'unknown';
  if (event.includes('postback')) return 'postback';
  if (event === 'incomingmessage') return 'message';
  if (event !== '') return 'unknown';
  if (fields.get('postbackPayload') !== undefined) return 'postback';
  return holdsMessage ? 'message' : 'unknown';
}

function botConversationOf(fields: WireFields, settings: DecodeSettings): string | undefined {
  for (const name of settings.botConversationFields) {
    const id = CONVERSATION_ID.safeParse(fields.getByName(name));
    if (id.success) return id.data;
  }
  return undefined;
}

function authorOf(eventName: string, payload: JsonObject, settings: DecodeSettings): MirroredAuthor {
  return settings.isAgentMessage({ eventName, payload }) ? 'agent' : 'customer';
}

function isSameText(left: string, right: string | undefined): boolean {
  return left.toLowerCase() === right?.trim().toLowerCase();
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** The default of `isAgentMessage`: the event's name contains "agent" (assumption). */
export function namesAnAgent(event: { readonly eventName: string }): boolean {
  return /agent/i.test(event.eventName);
}
