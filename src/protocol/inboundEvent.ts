import type { JsonObject } from './json';
import type { MediaItem } from './media';

/** The BOT conversation that an agent's conversation belongs to, and what says so. */
export interface StatedTie {
  /** A field of the payload outranks the same ID, which outranks the option's function. */
  readonly by: 'field' | 'function';
  readonly botConversationId: string;
}

/** What an event of an agent's conversation says itself. */
export interface OfAgent {
  readonly tie: StatedTie | undefined;
}

/** Who wrote a mirrored message: the customer, or the contact centre's agent. */
export type MirroredAuthor = 'customer' | 'agent';

/** What every event of Webex Connect has. */
export interface InboundEventBase {
  /** The conversation's ID as on the wire: for traffic of an agent that is not the BOT conversation's. */
  readonly conversationId: string;
  /** `ConversationType` as sent; `BOT` where it is missing. */
  readonly conversationType: string;
  /** `Event` as sent; empty where it is missing. */
  readonly eventName: string;
  readonly channel: string | undefined;
  readonly messageId: string | undefined;
  /** Milliseconds since the epoch; `undefined` when missing or unreadable. */
  readonly timestamp: number | undefined;
  /** The payload as it came, unknown fields included. */
  readonly payload: JsonObject;
}

/** *Incoming message on a channel*: the customer wrote to the bot. */
export interface IncomingMessageEvent extends InboundEventBase {
  readonly kind: 'message';
  readonly text: string;
  readonly messageType: string | undefined;
  readonly media: readonly MediaItem[];
}

/** *Sample POSTBACK event*: the customer tapped a button. */
export interface PostbackEvent extends InboundEventBase {
  readonly kind: 'postback';
  readonly postbackPayload: string;
}

/** *Sample message delivery*: what became of a message of the bot. */
export interface MessageDeliveryEvent extends InboundEventBase {
  readonly kind: 'messageDelivery';
  /** `Delivered`, `Failed` or `Read`, in this casing; any other status as it came. */
  readonly status: string;
  readonly description: string | undefined;
  /** Set when its conversation is not of type BOT: what the event says itself of the BOT conversation. */
  readonly ofAgent: OfAgent | undefined;
}

/** A message whose conversation is not of type BOT, forwarded so that the bot can collate it. */
export interface MirroredMessageEvent extends InboundEventBase {
  readonly kind: 'mirroredMessage';
  readonly author: MirroredAuthor;
  /** The ID of the conversation with the agent, as on the wire; none for a message that crossed a handover. */
  readonly agentConversationId: string | undefined;
  /** What the event says itself of the BOT conversation. */
  readonly tie: StatedTie | undefined;
  /** Whether it was sent to the bot, which it reached while the conversation was being handed over. */
  readonly crossedHandover: boolean;
  readonly text: string;
  readonly messageType: string | undefined;
  readonly media: readonly MediaItem[];
  readonly postbackPayload: string | undefined;
}

/** An event that the platform does not document. */
export interface UnknownEvent extends InboundEventBase {
  readonly kind: 'unknown';
  /** Set when its conversation is not of type BOT: what the event says itself of the BOT conversation. */
  readonly ofAgent: OfAgent | undefined;
}

/** What Webex Connect tells the bot. */
export type InboundEvent =
  | IncomingMessageEvent
  | PostbackEvent
  | MessageDeliveryEvent
  | MirroredMessageEvent
  | UnknownEvent;

/** What the decoder made of a JSON value. */
export type DecodeResult =
  | { readonly kind: 'event'; readonly event: InboundEvent }
  /** Nothing in it names an event: the *Verify* call, whose shape is not documented. */
  | { readonly kind: 'notEvent' }
  /** An event, but one that cannot be handled; an operator has to see it. */
  | { readonly kind: 'undecodable'; readonly reason: string; readonly details?: string };
