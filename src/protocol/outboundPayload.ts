import type { JsonObject, JsonValue } from './json';
import { formatTimestamp, type HourClock } from './timestamps';

/** `eventid` of *BOTs Reply*. */
export const REPLY_EVENT_ID = '1001';
/** `eventid` of *Conversation Handover to Agent*. */
export const HANDOVER_EVENT_ID = '1002';

/** The numbered parameters of an outbound event: `customparam1`, `customparam2`, … */
export type CustomParams = Readonly<Record<string, string>>;

/** Whether the platform documents a parameter of this name. */
export function isCustomParamName(name: string): boolean {
  return /^customparam[1-9]\d*$/.test(name);
}

interface OutboundHead {
  readonly conversationId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly hourClock: HourClock;
  readonly customParams: CustomParams;
}

/** Writes *BOTs Reply* exactly as documented, field by field. */
export function encodeReply(
  reply: OutboundHead & { readonly message: string; readonly messageType: string },
): JsonObject {
  return {
    eventid: REPLY_EVENT_ID,
    conversation_id: reply.conversationId,
    message: reply.message,
    Messagetype: reply.messageType,
    Timestamp: formatTimestamp(reply.time, reply.hourClock),
    ...reply.customParams,
  };
}

/** Writes *Conversation Handover to Agent* exactly as documented, field by field. */
export function encodeHandover(handover: OutboundHead): JsonObject {
  return encodeBotEvent({ ...handover, eventId: HANDOVER_EVENT_ID });
}

/** Writes an event that the tenant has defined itself, in the form of the documented ones. */
export function encodeBotEvent(event: OutboundHead & { readonly eventId: string }): JsonObject {
  return {
    eventid: event.eventId,
    conversation_id: event.conversationId,
    Timestamp: formatTimestamp(event.time, event.hourClock),
    ...event.customParams,
  };
}

/** Numbers values from 1: `customparam1` …. Anything but text goes as JSON, for the fields are texts. */
export function numberCustomParams(values: readonly JsonValue[]): CustomParams {
  return Object.fromEntries(
    values.map((value, index) => [`customparam${index + 1}`, customParamText(value)]),
  );
}

/** One parameter as it goes on the wire. */
export function customParamText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
