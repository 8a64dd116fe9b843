import type { DecodeResult, InboundEvent, MirroredAuthor, StatedTie } from './inboundEvent';
import { isJsonObject, type JsonObject, type JsonValue } from './json';
import { decodeMedia, type MediaItem, type MediaLink, toMediaItem } from './media';
import { messageIdOf } from './messageId';
import { type HourClock, parseTimestamp } from './timestamps';
import { type WireField, WireFields } from './wireFields';

/** How the decoder reads what Webex Connect leaves open. Each is an option of the adapter. */
export interface DecodeSettings {
  readonly hourClock: HourClock;
  /** Fields, in any spelling, that name the BOT conversation of an agent's conversation. */
  readonly botConversationFields: readonly string[];
  /** Finds the BOT conversation of an agent's conversation where neither a field nor the same ID tells it. */
  readonly botConversationOf: ((event: EventSketch) => string | undefined) | undefined;
  /** Values of `ConversationType` that mean a conversation with the bot. */
  readonly botConversationTypes: readonly string[];
  /** Whether a mirrored message was written by the agent. */
  readonly isAgentMessage: (event: EventSketch) => boolean;
  /** Reads `Media` in a tenant's own shape; `undefined` for what it does not know. */
  readonly decodeMedia: ((media: JsonValue) => readonly MediaLink[] | undefined) | undefined;
}

/** As much of an event as an option's function gets to see. */
export interface EventSketch {
  /** `Event` as sent. */
  readonly eventName: string;
  readonly payload: JsonObject;
}

/**
 * The documentation names no limit. Anything longer is no ID of the platform, and every store can index this.
 */
const MAX_ID_LENGTH = 512;
/**
 * Control characters, line ends and marks that turn the direction of writing: with one of these in an ID, a log or an
 * operator's screen would show what nobody has written.
 */
const DECEPTIVE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

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
/** The only type that is documented. */
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
  const fields = WireFields.of(value);
  if (!namesAnEvent(fields)) return { kind: 'notEvent' };

  const id = fields.get('conversationId');
  if (id === undefined) return { kind: 'undecodable', reason: 'the event has no conversation ID' };
  const conversationId = toConversationId(id);
  if (conversationId === undefined) {
    return {
      kind: 'undecodable',
      reason: `the conversation ID is not a text of 1 to ${MAX_ID_LENGTH} printable characters`,
    };
  }
  return { kind: 'event', event: toEvent(value, fields, conversationId, settings, receivedAt) };
}

/** A conversation's ID, a whole number in digits; `undefined` for what can be none. */
function toConversationId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'string' || value.length > MAX_ID_LENGTH || value.trim() === '') return undefined;
  return DECEPTIVE.test(value) || !value.isWellFormed() ? undefined : value;
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
    conversationType: fields.text('conversationType')?.trim() || BOT,
    eventName: fields.label('event') ?? '',
    channel: fields.text('channel'),
    messageId: messageIdOf(fields),
    timestamp: parseTimestamp(fields.get('timestamp'), { hourClock: settings.hourClock, receivedAt }),
    payload,
  };
  const messageType = fields.text('messageType');
  const content = {
    text: fields.text('message') ?? '',
    messageType,
    media: mediaOf(fields, messageType, settings),
  };

  // `Media` that is an empty list or object holds nothing.
  const holdsMessage =
    content.text !== '' || content.media.length > 0 || fields.get('postbackPayload') !== undefined;
  const status = fields.text('deliveryStatus');
  const isBots = isBotType(base.conversationType, settings);
  const sketch = { eventName: base.eventName, payload };
  const ofAgent = () => (isBots ? undefined : { tie: tieOf(fields, sketch, settings) });
  switch (kindOf(base.eventName, isBots, fields, holdsMessage)) {
    case 'messageDelivery':
      return {
        kind: 'messageDelivery',
        status: DOCUMENTED_STATUSES.find((known) => isSameText(known, status)) ?? status ?? '',
        description: fields.text('description'),
        ofAgent: ofAgent(),
        ...base,
      };
    case 'postback':
      return { kind: 'postback', postbackPayload: fields.text('postbackPayload') ?? '', ...base };
    case 'message':
      return { kind: 'message', ...content, ...base };
    case 'mirroredMessage':
      return {
        kind: 'mirroredMessage',
        agentConversationId: conversationId,
        tie: tieOf(fields, sketch, settings),
        crossedHandover: false,
        author: authorOf(base.eventName, payload, settings),
        postbackPayload: fields.text('postbackPayload'),
        ...content,
        ...base,
      };
    case 'unknown':
      return { kind: 'unknown', ofAgent: ofAgent(), ...base };
  }
}

function kindOf(
  eventName: string,
  isBotConversation: boolean,
  fields: WireFields,
  holdsMessage: boolean,
): InboundEvent['kind'] {
  const event = eventName.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

  if (event === 'messagedelivery') return 'messageDelivery';
  if (event === '' && fields.get('deliveryStatus') !== undefined) return 'messageDelivery';
  if (!isBotConversation) return holdsMessage ? 'mirroredMessage' : 'unknown';
  if (event.includes('postback')) return 'postback';
  if (event === 'incomingmessage') return 'message';
  if (event !== '') return 'unknown';
  if (fields.get('postbackPayload') !== undefined) return 'postback';
  return holdsMessage ? 'message' : 'unknown';
}

/** Whether the conversation has the same ID as one of the bot's, only the store can tell. */
function tieOf(fields: WireFields, sketch: EventSketch, settings: DecodeSettings): StatedTie | undefined {
  for (const name of settings.botConversationFields) {
    const id = toConversationId(fields.getByName(name));
    if (id !== undefined) return { by: 'field', botConversationId: id };
  }
  const id = toConversationId(settings.botConversationOf?.(sketch));
  return id === undefined ? undefined : { by: 'function', botConversationId: id };
}

/** Whether the event itself says of what type its conversation is; else that is an assumption. */
export function statesType({ payload }: Pick<InboundEvent, 'payload'>): boolean {
  return (WireFields.of(payload).text('conversationType')?.trim() ?? '') !== '';
}

/** Whether a `ConversationType` means a conversation with the bot. */
export function isBotType(
  conversationType: string,
  { botConversationTypes }: Pick<DecodeSettings, 'botConversationTypes'>,
): boolean {
  return botConversationTypes.some((type) => isSameText(type, conversationType));
}

function mediaOf(
  fields: WireFields,
  messageType: string | undefined,
  settings: DecodeSettings,
): readonly MediaItem[] {
  const media = fields.get('media');
  if (media === undefined) return [];
  return (
    settings.decodeMedia?.(media)?.map((link) => toMediaItem(link, messageType)) ??
    decodeMedia(media, messageType)
  );
}

function authorOf(eventName: string, payload: JsonObject, settings: DecodeSettings): MirroredAuthor {
  return settings.isAgentMessage({ eventName, payload }) ? 'agent' : 'customer';
}

function isSameText(left: string, right: string | undefined): boolean {
  return left.toLowerCase() === right?.trim().toLowerCase();
}

/** The default of `isAgentMessage`: the event's name contains "agent" (assumption). */
export function namesAnAgent(event: Pick<EventSketch, 'eventName'>): boolean {
  return /agent/i.test(event.eventName);
}
