/** Bot Framework's `channelId` of every activity of this adapter. */
export const WEBEX_CONNECT_CHANNEL_ID = 'webexconnect';

/**
 * `serviceUrl` of every activity. A name, never called: the real webhook URL holds a secret and stays out of
 * activities, which bots store and log.
 */
export const WEBEX_CONNECT_SERVICE_URL = 'https://webexconnect.io/';

/** The `event` activity by which a bot hands a conversation over, as in every Bot Framework channel. */
export const HANDOFF_INITIATE = 'handoff.initiate';

/** The `event` activity that tells the bot what became of a handover: value {@link HandoffStatusValue}. */
export const HANDOFF_STATUS = 'handoff.status';

/** The names of the `event` activities that the adapter raises. */
export const WebexConnectEventNames = {
  /** What became of a message of the bot: value {@link MessageDeliveryValue}. */
  messageDelivery: 'webexConnect.messageDelivery',
  /** A message that the bot only sees, for the contact centre has the conversation: value {@link MirroredMessageValue}. */
  mirroredMessage: 'webexConnect.mirroredMessage',
  /** A message of the bot was given up: value {@link DeliveryFailedValue}. */
  deliveryFailed: 'webexConnect.deliveryFailed',
  /** An event without a name, or with one that Bot Framework or this adapter uses itself: nobody may pose as them. */
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
  /** The ID of the conversation with the agent; none for a message that `crossedHandover`. */
  readonly agentConversationId?: string;
  /** Whether the BOT conversation is known: then `activity.conversation` is that one, else the agent's. */
  readonly isTied: boolean;
  /**
   * Whether the customer wrote it to the bot, which it reached while the conversation was being handed over. Nobody
   * has answered it, and the agent may not have seen it.
   */
  readonly crossedHandover: boolean;
  readonly messageId?: string;
  readonly text: string;
  readonly postbackPayload?: string;
}

/** `value` of a `handoff.status` event: Bot Framework's `state` and `message`, and more. */
export interface HandoffStatusValue {
  /** `accepted` when an agent has spoken; `completed` and `failed` when the bot has the conversation again. */
  readonly state: 'accepted' | 'completed' | 'failed';
  /** Why it failed; else empty. */
  readonly message: string;
  /** The id of the activity that asked for the handover. */
  readonly handoverId: string;
  /** Where the agent has answered. */
  readonly agentConversationId?: string | undefined;
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
