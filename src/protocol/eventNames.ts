/** Bot Framework's `channelId` of every activity of this adapter. */
export const WEBEX_CONNECT_CHANNEL_ID = 'webexconnect';

/**
 * `serviceUrl` of every activity. A name, never called: the real webhook URL holds a secret and stays out of
 * activities, which bots store and log.
 */
export const WEBEX_CONNECT_SERVICE_URL = 'https://webexconnect.io/';

/** The names of the `event` activities that the adapter raises. */
export const WebexConnectEventNames = {
  /** What became of a message of the bot: value {@link MessageDeliveryValue}. */
  messageDelivery: 'webexConnect.messageDelivery',
  /** A message of a conversation that is not of type BOT: value {@link MirroredMessageValue}. */
  mirroredMessage: 'webexConnect.mirroredMessage',
  /** A message of the bot was given up: value {@link DeliveryFailedValue}. */
  deliveryFailed: 'webexConnect.deliveryFailed',
  /** An event without a name that the platform does not document. */
  unknown: 'webexConnect.unknown',
} as const;

/** `value` of a `webexConnect.messageDelivery` event. */
export interface MessageDeliveryValue {
  readonly messageId?: string;
  /** `Delivered`, `Failed` or `Read`; any other status as Webex Connect sent it. */
  readonly status: string;
  /** The platform's description, only for failures. */
  readonly description?: string;
}

/** `value` of a `webexConnect.mirroredMessage` event. */
export interface MirroredMessageValue {
  readonly author: 'customer' | 'agent';
  /** The conversation's ID as Webex Connect sent it: the one with the agent. */
  readonly agentConversationId: string;
  /** Whether the payload itself named the BOT conversation. If not, `activity.conversation` is the agent's. */
  readonly isTied: boolean;
  readonly messageId?: string;
  readonly text: string;
  readonly postbackPayload?: string;
}

/** `value` of a `webexConnect.deliveryFailed` event. */
export interface DeliveryFailedValue {
  /** The dead letter's id, for `adapter.deadLetters.replay(id)`. */
  readonly deadLetterId: string;
  /** The activity that did not arrive; the `ResourceResponse.id` the bot was given. */
  readonly activityId: string;
  /** Why it was given up. */
  readonly reason: string;
  /** How often it was tried. */
  readonly attempts: number;
}

/** `channelData.webexConnect` of every activity the adapter raises for a platform event. */
export interface InboundChannelData {
  /** `Event` as sent. */
  readonly event: string;
  readonly channel?: string;
  readonly conversationType: string;
  readonly messageType?: string;
  /** True when the message is a tapped button. */
  readonly isPostback: boolean;
}
