import type { Attempt } from '../world';

/** An event, as the judge needs to know it. */
export interface EventFacts {
  /** The same for all attempts and copies. */
  readonly key: string;
  /** Of the wire's entry. */
  readonly entryId: string;
  /** The BOT conversation; undefined for what belongs to none. */
  readonly conversationId: string | undefined;
  /** Whether it is a customer's message or postback of type BOT: then only the bot is expected to respond. */
  readonly isForBot: boolean;
  /** When it was routed: what {@link ConductJudge.mark} gave. */
  readonly routedAt: number;
}

/** What came of one attempt, on the bot's side: faults that were played are not the bot's. */
export interface AttemptFacts {
  /** Milliseconds without what a fault added; undefined when a fault was played in the bot's place. */
  readonly tookMs: number | undefined;
  /** The limit passed without an answer. */
  readonly wasCut: boolean;
  /** A 2xx answer's. */
  readonly token: Attempt['token'];
  /** The bot has taken the event, whole, and we know it. */
  readonly isAccepted: boolean;
  readonly limitMs: number;
}

/** A POST of the bot, as it arrived. */
export interface PostFacts {
  readonly entryId: string;
  readonly conversationId: string | undefined;
  /** What the conversation ID names. */
  readonly target: 'bot' | 'agent' | 'unknown' | 'none';
  readonly eventId: string | undefined;
  readonly text: string;
  readonly stamp: number | undefined;
  /** `Idempotency-Key`. */
  readonly key: string | undefined;
  readonly problems: readonly string[];
  /** Whether the customer or the contact centre got it. */
  readonly isActedOn: boolean;
  /** Whether the bot got a 2xx, in time and whole; it cannot be blamed for a repeat otherwise. */
  readonly isAnswered: boolean;
  /** A fault answered it with a status that says: never again. */
  readonly isRefusedForGood: boolean;
}

/** What the judge has to ask about. */
export interface Situation {
  /** The integration is active and its last attempt succeeded. */
  isHealthy(): boolean;
  /** The contact centre has the conversation. */
  isWithAgent(conversationId: string): boolean;
}
