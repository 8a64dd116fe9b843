/**
 * What the emulator knows, as the page, the REST API and the tests see it: plain data, JSON throughout. Times are
 * milliseconds since the epoch by the emulator's clock.
 */
export interface World {
  readonly clock: ClockView;
  readonly integration: IntegrationView;
  readonly rule: RoutingRule;
  readonly customers: readonly CustomerView[];
  /** Agents' conversations, in the order in which they were queued. */
  readonly desk: readonly AgentConversationView[];
  /** The latest entries of the wire, oldest first. */
  readonly wire: readonly WireEntry[];
  readonly faults: readonly FaultRule[];
  readonly violations: readonly Violation[];
  /** How the emulator writes events. */
  readonly dialect: Dialect;
}

/** The world as it is served: with what the server does besides. */
export interface ServedWorld extends World {
  /** Whether the session is being recorded as a scenario. */
  readonly isRecording: boolean;
}

/** The emulator's time. */
export interface ClockView {
  readonly now: number;
  readonly isPaused: boolean;
  /** When the next retry to the bot is due, if any. */
  readonly nextRetryAt: number | undefined;
}

/** To whom a rule of the service forwards a customer's message (Cisco's page *Third-Party Bot*). */
export type RoutingRule = 'BOT' | 'CCSP' | 'BOT+CCSP';

/** The two platforms of the integration *Generic Bot*. */
export type Platform = 'OTHERS' | 'IMI BOT';

/** The integration. */
export interface IntegrationView {
  readonly name: string;
  readonly platform: Platform;
  /** Where events go. */
  readonly botUrl: string;
  /** Whether a token is set; the page never shows it. */
  readonly hasVerificationToken: boolean;
  readonly hasAccessToken: boolean;
  /** Where the bot sends its events. */
  readonly webhookUrl: string;
  readonly status: 'unverified' | 'active' | 'inactive';
  /** 0 to 5; at 5 the integration turns inactive. */
  readonly consecutiveFailures: number;
  /** Why the last *Verify* failed; undefined when it did not. */
  readonly lastVerifyProblem: string | undefined;
  /** Where the bot serves what was said in a conversation; `{conversationId}` stands for its ID. */
  readonly transcriptUrl: string | undefined;
}

/** Channels the platform names. `FB` is the only value that Cisco's page *Third-Party Bot* shows on the wire. */
export type Channel =
  | 'SMS'
  | 'MMS'
  | 'RCS'
  | 'FB'
  | 'WHATSAPP'
  | 'INSTAGRAM'
  | 'APPLE'
  | 'WECHAT'
  | 'TWITTER'
  | 'EMAIL'
  | 'VOICE'
  | 'APP';

/** A customer, and what they have read and written. */
export interface CustomerView {
  readonly id: string;
  readonly name: string;
  readonly channel: Channel;
  /** The user's identifier on the channel: a number, an address. */
  readonly userId: string;
  /** The BOT conversation; undefined before the first message. */
  readonly conversationId: string | undefined;
  /** Who gets the customer's next message. */
  readonly holder: 'bot' | 'contactCentre';
  readonly chat: readonly ChatMessage[];
  /** The numbered choices or buttons that the bot's latest message offers, if it does. */
  readonly suggestions: readonly string[];
}

/** One message that a customer or an agent sees. */
export interface ChatMessage {
  readonly id: string;
  readonly author: 'customer' | 'bot' | 'agent';
  /** The agent's name, when an agent has said it. */
  readonly agent: string | undefined;
  readonly text: string;
  readonly media: string | undefined;
  /** The payload of a tapped button. */
  readonly postback: string | undefined;
  readonly at: number;
  /** The conversation that it was said in: the BOT one, or an agent's. */
  readonly conversationId: string;
  readonly receipt: 'none' | 'Delivered' | 'Read' | 'Failed';
}

/** A conversation with an agent. */
export interface AgentConversationView {
  /** A new one for every conversation with an agent. */
  readonly id: string;
  readonly botConversationId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly status: 'queued' | 'open' | 'closed';
  readonly agent: string | undefined;
  readonly queuedAt: number;
  /** What came with the handover: customparam1..N as sent. */
  readonly customParams: Readonly<Record<string, string>>;
  readonly chat: readonly ChatMessage[];
}

/** One request on the wire, with all its attempts. */
export type WireEntry = EventToBot | PostFromBot;

/** An event for the bot. */
export interface EventToBot {
  readonly kind: 'toBot';
  readonly id: string;
  readonly conversationId: string | undefined;
  /** `Event` of the body; `Verify` for the verification call. */
  readonly event: string;
  readonly body: string;
  readonly state: 'waiting' | 'underWay' | 'answered' | 'retrying' | 'gaveUp' | 'held';
  /** When the next attempt is due. */
  readonly dueAt: number | undefined;
  readonly attempts: readonly Attempt[];
}

/** One attempt to bring an event to the bot. */
export interface Attempt {
  /** From 1 to 5. */
  readonly number: number;
  readonly at: number;
  readonly tookMs: number;
  /** undefined when there was no answer. */
  readonly status: number | undefined;
  /** Why it counts as a failure; undefined when it does not. */
  readonly problem: string | undefined;
  /** The first 4 KB of the answer. */
  readonly answer: string;
  readonly token: 'right' | 'wrong' | 'missing' | 'notChecked';
  /** The fault that was played, in words. */
  readonly fault: string | undefined;
}

/** A POST of the bot. */
export interface PostFromBot {
  readonly kind: 'fromBot';
  readonly id: string;
  readonly at: number;
  readonly conversationId: string | undefined;
  /** `eventid` as sent. */
  readonly eventId: string | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is wrong with it, field by field; empty when it is as documented. */
  readonly problems: readonly string[];
  readonly status: number;
  readonly tookMs: number;
  readonly fault: string | undefined;
  /** Whether the same `Idempotency-Key` was seen before. */
  readonly isRepeat: boolean;
}

/** How events are written. */
export type Dialect = 'documented' | 'sloppyCasing' | 'withoutMessageid';

/** What goes wrong, and for what. */
export interface FaultRule {
  readonly id: string;
  readonly direction: 'toBot' | 'fromBot';
  readonly match: FaultMatch;
  readonly effect: FaultEffect;
  /** How often it has been played. */
  readonly played: number;
}

/** What a fault is for: all fields that are given have to fit. */
export interface FaultMatch {
  /** `Event` of what goes to the bot, `eventid` of what comes from it. */
  readonly event?: string;
  readonly conversationId?: string;
  /** By name, in all conversations: one who has none yet, too. */
  readonly customer?: string;
  /** 1 to 5. */
  readonly attempt?: number;
  /** 0 to 1, drawn from the emulator's seed. */
  readonly probability?: number;
  /** Plays at most so often. */
  readonly times?: number;
}

/** What goes wrong. */
export type FaultEffect =
  /** To the bot: the connection is refused. From the bot: it is closed without an answer. */
  | { readonly kind: 'refuse' }
  /** To the bot: the answer is taken for one that never came. From the bot: none is given. */
  | { readonly kind: 'timeOut' }
  | { readonly kind: 'answerLate'; readonly delayMs: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The bytes arrive and are acted on, and the connection breaks before the answer. */
  | { readonly kind: 'resetAfterSend' }
  | { readonly kind: 'duplicate'; readonly copies: number }
  /** Held back until the next event of the conversation was sent. */
  | { readonly kind: 'reorder' }
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** Stamps of the events are off by so much. */
  | { readonly kind: 'clockSkew'; readonly skewMs: number };

/** What the bot has done wrong. */
export interface Violation {
  readonly id: string;
  readonly rule: ViolationRule;
  readonly at: number;
  readonly conversationId: string | undefined;
  /** In words, for people. */
  readonly message: string;
  /** Ids of the wire's entries that show it. */
  readonly evidence: readonly string[];
}

/** What a bot can do wrong. */
export type ViolationRule =
  | 'unanswered'
  | 'outOfOrder'
  | 'doubled'
  | 'replyAfterHandover'
  | 'wrongConversation'
  | 'tooSlow'
  | 'tokenMissing'
  | 'malformed';
