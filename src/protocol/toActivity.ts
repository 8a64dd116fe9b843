import type { Activity } from 'botbuilder';
import { address } from './address';
import { toAttachment } from './attachments';
import {
  type DeliveryFailedValue,
  type InboundChannelData,
  type MessageDeliveryValue,
  type MirroredMessageValue,
  WebexConnectEventNames,
} from './eventNames';
import type { InboundEvent, MessageDeliveryEvent, MirroredMessageEvent } from './inboundEvent';

/** What the translation needs beside the event. */
export interface ActivityStamp {
  /** Used where the event has no `Messageid`; stable when the turn is run again. */
  readonly eventId: string;
  /** Milliseconds since the epoch; used where the event has no timestamp. */
  readonly receivedAt: number;
  /** `recipient.id` of every activity. */
  readonly botId: string;
  /** `from.id`. The platform sends no user id; by default the conversation ID. */
  readonly userId: (event: InboundEvent) => string;
  /** The activity a delivery event is about, when it could be correlated. */
  readonly replyToId?: string | undefined;
  /** The BOT conversation that the event's conversation, an agent's, is tied to. */
  readonly tiedTo?: string | undefined;
}

/** The event in the conversation whose turn it is: the BOT conversation, where it is known. Pure. */
export function placed<Event extends InboundEvent>(
  event: Event,
  stamp: Pick<ActivityStamp, 'tiedTo'>,
): Event {
  return stamp.tiedTo === undefined ? event : { ...event, conversationId: stamp.tiedTo };
}

/** Translates one event of Webex Connect into an Activity. Pure. */
export function toActivity(event: InboundEvent, stamp: ActivityStamp): Partial<Activity> {
  const envelope = envelopeOf(placed(event, stamp), stamp);
  switch (event.kind) {
    case 'message':
      return {
        type: 'message',
        text: event.text,
        textFormat: 'plain',
        attachments: event.media.map(toAttachment),
        ...envelope,
      };
    case 'postback':
      return {
        type: 'message',
        text: event.postbackPayload,
        textFormat: 'plain',
        value: event.postbackPayload,
        attachments: [],
        ...envelope,
      };
    case 'messageDelivery':
      return {
        type: 'event',
        name: WebexConnectEventNames.messageDelivery,
        value: deliveryValue(event),
        ...(stamp.replyToId !== undefined && { replyToId: stamp.replyToId }),
        ...envelope,
      };
    case 'mirroredMessage':
      return {
        type: 'event',
        name: WebexConnectEventNames.mirroredMessage,
        value: mirroredValue(event, stamp.tiedTo),
        attachments: event.media.map(toAttachment),
        ...envelope,
      };
    case 'unknown':
      return {
        type: 'event',
        name: unknownEventName(event.eventName),
        value: event.payload,
        ...envelope,
      };
  }
}

/** The event that tells the bot that one of its messages was given up. Pure. */
export function deliveryFailedActivity(
  conversationId: string,
  value: DeliveryFailedValue,
  stamp: Pick<ActivityStamp, 'eventId' | 'receivedAt' | 'botId'>,
): Partial<Activity> {
  return {
    id: stamp.eventId,
    timestamp: new Date(stamp.receivedAt),
    type: 'event',
    name: WebexConnectEventNames.deliveryFailed,
    value,
    replyToId: value.activityId,
    ...address(conversationId, conversationId, stamp.botId),
  };
}

/**
 * Names that mean something to a bot when Bot Framework or this adapter raises them. A payload must not be able to
 * pose as one: for the platform OTHERS anybody may call.
 */
const RESERVED_NAME = /^(webexconnect\.|handoff\.|tokens\/|continueconversation$|createconversation$)/i;

/** The platform's name; `channelData.webexConnect.event` holds it also where it is reserved. */
function unknownEventName(eventName: string): string {
  const isUsable = eventName !== '' && !RESERVED_NAME.test(eventName);
  return isUsable ? eventName : WebexConnectEventNames.unknown;
}

function envelopeOf(event: InboundEvent, stamp: ActivityStamp): Partial<Activity> {
  return {
    // The status of a message is another event than the message, under the same Messageid.
    id: event.kind === 'messageDelivery' ? stamp.eventId : (event.messageId ?? stamp.eventId),
    timestamp: new Date(event.timestamp ?? stamp.receivedAt),
    channelData: { ...event.payload, webexConnect: inboundChannelData(event) },
    ...address(event.conversationId, stamp.userId(event), stamp.botId),
  };
}

function inboundChannelData(event: InboundEvent): InboundChannelData {
  const messageType = 'messageType' in event ? event.messageType : undefined;
  const isMirroredPostback = event.kind === 'mirroredMessage' && event.postbackPayload !== undefined;
  return {
    event: event.eventName,
    ...(event.channel !== undefined && { channel: event.channel }),
    conversationType: event.conversationType,
    ...(messageType !== undefined && { messageType }),
    isPostback: event.kind === 'postback' || isMirroredPostback,
  };
}

function deliveryValue(event: MessageDeliveryEvent): MessageDeliveryValue {
  return {
    ...(event.messageId !== undefined && { messageId: event.messageId }),
    status: event.status,
    ...(event.description !== undefined && { description: event.description }),
  };
}

function mirroredValue(event: MirroredMessageEvent, tiedTo: string | undefined): MirroredMessageValue {
  return {
    author: event.author,
    ...(event.agentConversationId !== undefined && { agentConversationId: event.agentConversationId }),
    // A message that crossed a handover is of the BOT conversation itself.
    isTied: tiedTo !== undefined || event.crossedHandover,
    crossedHandover: event.crossedHandover,
    ...(event.messageId !== undefined && { messageId: event.messageId }),
    text: event.text,
    ...(event.postbackPayload !== undefined && { postbackPayload: event.postbackPayload }),
  };
}
