import type { InboundEvent, StatedTie } from './inboundEvent';
import type { JsonObject, JsonValue } from './json';
import type { MediaItem } from './media';
import { formatTimestamp } from './timestamps';

/** A decoded event without the payload it came in. */
export type EventMeaning = InboundEvent extends infer Event
  ? Event extends InboundEvent
    ? Omit<Event, 'payload'>
    : never
  : never;

/**
 * Writes an event as Webex Connect documents it: the inverse of `decodeEvent`, for test kits. Fields that are
 * `undefined` are left out.
 *
 * @param botConversationField The field that ties an agent's conversation to the BOT conversation. A tie that only
 * an option's function knows is not written.
 */
export function encodeEvent(event: EventMeaning, botConversationField: string): JsonObject {
  return defined({
    Conversationid: event.conversationId,
    ConversationType: event.conversationType,
    ...bodyOf(event, botConversationField),
    Messageid: event.messageId,
    Channel: event.channel,
    Event: event.eventName,
    Timestamp: event.timestamp === undefined ? undefined : inboundTimestamp(event.timestamp),
  });
}

function bodyOf(event: EventMeaning, botConversationField: string): Record<string, JsonValue | undefined> {
  switch (event.kind) {
    case 'message':
      return { Message: event.text, MessageType: event.messageType, Media: encodeMedia(event.media) };
    case 'postback':
      return { PostbackPayload: event.postbackPayload };
    case 'messageDelivery':
      return {
        DeliveryStatus: event.status,
        Description: event.description,
        [botConversationField]: namedBy(event.ofAgent?.tie),
      };
    case 'mirroredMessage':
      return {
        Message: event.text,
        MessageType: event.messageType,
        Media: encodeMedia(event.media),
        PostbackPayload: event.postbackPayload,
        [botConversationField]: namedBy(event.tie),
      };
    case 'unknown':
      return { [botConversationField]: namedBy(event.ofAgent?.tie) };
  }
}

function namedBy(tie: StatedTie | undefined): string | undefined {
  return tie?.by === 'field' ? tie.botConversationId : undefined;
}

/** No media is an empty text, as the page prints it. */
function encodeMedia(media: readonly MediaItem[]): JsonValue {
  if (media.length === 0) return '';
  return media.map((item) =>
    item.kind === 'opaque'
      ? item.content
      : defined({ url: item.url, contentType: item.contentType, name: item.name }),
  );
}

/** `YYYY-MM-DD hh:mm:ss.SS`: two digits of the second's fraction inbound, three outbound. */
function inboundTimestamp(time: number): string {
  return formatTimestamp(time, 24).slice(0, -1);
}

function defined(fields: Record<string, JsonValue | undefined>): JsonObject {
  const present = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(present);
}
