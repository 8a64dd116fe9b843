import type { Channel } from '../world';

interface EventBase {
  /** Of the conversation that it was said in: the BOT one or an agent's. */
  readonly conversationId: string;
  /** Assumption: `AGENT` for what is said to and by an agent. */
  readonly conversationType: 'BOT' | 'AGENT';
  readonly channel: Channel;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** In agents' conversations: names the BOT conversation that it belongs to (assumption). */
  readonly botConversationId?: string;
}

/** What a customer wrote, or an agent (then a mirrored one). */
export interface MessageEvent extends EventBase {
  readonly kind: 'message';
  readonly author: 'customer' | 'agent';
  readonly text: string;
  readonly media: string | undefined;
  readonly messageId: string;
}

/** A tapped button. It has no `Messageid`. */
export interface PostbackEvent extends EventBase {
  readonly kind: 'postback';
  readonly payload: string;
}

/** What became of a message of the bot. */
export interface ReceiptEvent extends EventBase {
  readonly kind: 'receipt';
  readonly messageId: string;
  readonly status: 'Delivered' | 'Read' | 'Failed';
}

/** What Webex Connect tells a bot. */
export type PlatformEvent = MessageEvent | PostbackEvent | ReceiptEvent;

/** The value of `Event`. */
export function eventNameOf(event: PlatformEvent): string {
  switch (event.kind) {
    case 'message':
      // Assumption: no name of an agent's message is published.
      return event.author === 'agent' ? 'Agent message' : 'Incoming message';
    case 'postback':
      // Assumption for every channel but FB.
      return `${event.channel} POSTBACK`;
    case 'receipt':
      return 'Message Delivery';
  }
}
