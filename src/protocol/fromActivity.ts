import type { Activity } from 'botbuilder';
import { z } from 'zod';
import { HANDOFF_INITIATE } from './eventNames';
import { type HandoffInitiation, readHandoffInitiation } from './handoffInitiation';
import type { JsonObject } from './json';
import { type OutboundOverrides, readOutboundOverrides } from './outboundChannelData';
import { encodeBotEvent, encodeReply } from './outboundPayload';
import { renderMessage, splitText } from './rendering';
import type { HourClock } from './timestamps';

/** How outgoing activities are written. Each is an option of the adapter. */
export interface OutboundSettings {
  /** `Messagetype` of a reply unless the activity overrides it. */
  readonly messageType: string;
  /** UTF-16 units; longer texts are split. */
  readonly maxMessageLength: number;
  readonly hourClock: HourClock;
  /** `eventid` that closes a conversation on the platform; none is documented. */
  readonly closeEventId: string | undefined;
}

/** What becomes of one activity that the bot sends. */
export type OutboundTranslation =
  /** Goes to the platform, in this order. */
  | { readonly kind: 'wire'; readonly payloads: readonly JsonObject[] }
  /** Hands the conversation over, through a bridge to the contact centre. */
  | ({ readonly kind: 'handover' } & HandoffInitiation)
  /** Ends the conversation here; on the wire only if a close event is configured. */
  | { readonly kind: 'close'; readonly payloads: readonly JsonObject[] }
  /** Waits this many milliseconds before the next activity. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Belongs to the turn's state, as in every adapter. */
  | { readonly kind: 'invokeResponse' }
  /** The platform has no such thing, and no customer misses it. */
  | { readonly kind: 'silent' }
  /** The platform has no such thing, and somebody might miss it. */
  | { readonly kind: 'unsupported'; readonly reason: string };

/** Bot Framework's test adapter waits this long for a `delay` without a value. */
const DEFAULT_DELAY_MS = 1000;

/**
 * Translates one activity of the bot into what Webex Connect understands. Pure.
 *
 * @param time Milliseconds since the epoch: the `Timestamp` of what goes on the wire.
 * @throws {WebexConnectInvalidActivityError} when `channelData.webexConnect` is wrong, or JSON cannot carry the context
 * of a handover.
 */
export function fromActivity(
  activity: Partial<Activity>,
  conversationId: string,
  time: number,
  settings: OutboundSettings,
): OutboundTranslation {
  switch (activity.type) {
    // TurnContext.sendActivities fills in `message` for an activity without a type; so do we for direct calls.
    case undefined:
    case 'message':
      return translateMessage(activity, conversationId, time, settings);
    case 'event':
      return translateEvent(activity, conversationId, time, settings);
    case 'endOfConversation':
      return { kind: 'close', payloads: closePayloads(conversationId, time, settings) };
    case 'delay':
      return { kind: 'delay', delayMs: delayOf(activity.value) };
    case 'invokeResponse':
      return { kind: 'invokeResponse' };
    case 'typing':
    case 'trace':
      return { kind: 'silent' };
    default:
      return {
        kind: 'unsupported',
        reason: `Webex Connect has nothing for an activity of type '${activity.type}'`,
      };
  }
}

function translateMessage(
  activity: Partial<Activity>,
  conversationId: string,
  time: number,
  settings: OutboundSettings,
): OutboundTranslation {
  const overrides = readOutboundOverrides(activity.channelData);
  const messageType = overrides.messageType ?? settings.messageType;
  const texts = textsOf(activity, messageType, overrides, settings);
  if (texts.length === 0) {
    return { kind: 'unsupported', reason: 'the message holds nothing that a text channel can show' };
  }
  const payloads = texts.map((message, index) =>
    encodeReply({
      conversationId,
      message,
      messageType,
      time,
      hourClock: settings.hourClock,
      // Once per activity: a flow that acts on a parameter must not act once per part.
      customParams: index === 0 ? overrides.customParams : {},
    }),
  );
  return { kind: 'wire', payloads };
}

function textsOf(
  activity: Partial<Activity>,
  messageType: string,
  overrides: OutboundOverrides,
  settings: OutboundSettings,
): readonly string[] {
  const text = renderMessage(activity);
  const isPlainText = messageType === settings.messageType;
  const texts = isPlainText
    ? splitText(text, settings.maxMessageLength)
    : [text].filter((whole) => whole !== '');
  const carriesParams = Object.keys(overrides.customParams).length > 0;
  return texts.length === 0 && carriesParams ? [''] : texts;
}

function translateEvent(
  activity: Partial<Activity>,
  conversationId: string,
  time: number,
  settings: OutboundSettings,
): OutboundTranslation {
  if (activity.name === HANDOFF_INITIATE) {
    return { kind: 'handover', ...readHandoffInitiation(activity, time) };
  }
  const { customParams, eventId = eventIdOfValue(activity.value) } = readOutboundOverrides(
    activity.channelData,
  );
  if (eventId !== undefined) {
    const head = { conversationId, time, hourClock: settings.hourClock };
    return { kind: 'wire', payloads: [encodeBotEvent({ ...head, eventId, customParams })] };
  }
  return {
    kind: 'unsupported',
    reason: `the event '${activity.name ?? ''}' names no eventid; set channelData.webexConnect.eventId to send it`,
  };
}

function eventIdOfValue(value: unknown): string | undefined {
  const eventId = z
    .object({ eventid: z.union([z.string().min(1), z.int().transform(String)]) })
    .safeParse(value);
  return eventId.data?.eventid;
}

function closePayloads(
  conversationId: string,
  time: number,
  settings: OutboundSettings,
): readonly JsonObject[] {
  if (settings.closeEventId === undefined) return [];
  return [
    encodeBotEvent({
      conversationId,
      time,
      hourClock: settings.hourClock,
      eventId: settings.closeEventId,
      customParams: {},
    }),
  ];
}

function delayOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(value, 0) : DEFAULT_DELAY_MS;
}
