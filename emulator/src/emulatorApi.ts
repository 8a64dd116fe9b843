import type {
  AgentConversationView,
  Channel,
  ChatMessage,
  Dialect,
  FaultEffect,
  FaultMatch,
  FaultRule,
  Platform,
  RoutingRule,
  Violation,
  World,
} from './world';

/** Time as the emulator needs it. Milliseconds. Structurally the manual clock of a test kit. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, after a while. */
  setTimer(delayMs: number, callback: () => void): { cancel(): void };
}

/** Options of `createEmulator`. Each has a default. */
export interface EmulatorOptions {
  /** Where page, REST API and webhook are served; 0, the default, takes any free port. */
  readonly port?: number;
  /** The webhook is `/hooks/<webhookPath>`; by default unguessable. For a bot that is configured beforehand. */
  readonly webhookPath?: string;
  /** The bot's endpoint. Without one nothing is sent until `integration.edit`. */
  readonly botUrl?: string;
  /**
   * Where the bot serves what was said in a conversation, for the page to link to: `{conversationId}` in it stands for
   * the ID. Relative to the bot's endpoint, or a whole URL.
   */
  readonly transcriptUrl?: string;
  /** Of the integration: which of its two tokens counts. */
  readonly platform?: Platform;
  /** OTHERS: what every answer of the bot has to carry. */
  readonly verificationToken?: string;
  /** IMI BOT: sent as `Authorization: Bearer …` (assumption). */
  readonly accessToken?: string;
  /** Who gets an incoming message. */
  readonly rule?: RoutingRule;
  /** How events are spelt. */
  readonly dialect?: Dialect;
  /** Whether events of an agent's conversation name the BOT one, in `BotConversationid` (assumption); true. */
  readonly linkAgentConversations?: boolean;
  /**
   * `eventid` by which the bot closes its conversation: the customer's next message has a new conversation ID then.
   * None by default, for the reference does not say how it is done (assumption).
   */
  readonly closeEventId?: string;
  /** Seed of everything that is drawn: ids, probabilities. The same seed, the same run. */
  readonly seed?: number;
  /** By default the system's time, which the emulator can pause and jump. */
  readonly clock?: Clock;
  /** Milliseconds that the bot has to answer an event; the platform's five seconds. */
  readonly answerWithinMs?: number;
  /** Milliseconds before each of the four retries within the hour (assumption). */
  readonly retryDelaysMs?: readonly number[];
  /** Milliseconds after which a message that the bot has not answered is a violation; of the real clock. */
  readonly answerExpectedWithinMs?: number;
}

/** A local Webex Connect, in this process. */
export interface Emulator {
  /** Of the page: `http://localhost:<port>`. */
  readonly url: string;
  /** Where the bot has to send its events. */
  readonly webhookUrl: string;
  readonly integration: IntegrationControl;
  readonly clock: ClockControl;
  readonly faults: FaultControl;
  readonly desk: Desk;
  readonly judge: Judge;
  /** A customer; made when there is none of that name. */
  customer(name: string, channel?: Channel): Customer;
  /** What becomes of the customers' messages from now on. */
  setRule(rule: RoutingRule): void;
  /** How events are written from now on. */
  setDialect(dialect: Dialect): void;
  /** All that the emulator knows, as it is at the moment. */
  world(): World;
  /** Calls `listener` after each change. @returns What ends it. */
  subscribe(listener: () => void): () => void;
  /** Sends what is on the wire once more, as it was. */
  resend(wireEntryId: string): Promise<void>;
  /** Resolves when nothing is on the wire and nothing is due. */
  idle(): Promise<void>;
  /** Ends everything and closes the port. */
  stop(): Promise<void>;
}

/** The integration, as under Assets > Integrations. */
export interface IntegrationControl {
  /** The *Verify* call (assumption: an empty JSON object is POSTed, the answer has to be 2xx and carry the token). */
  verify(): Promise<boolean>;
  /** Edits the integration, which makes it unverified. */
  edit(changes: {
    botUrl?: string;
    platform?: Platform;
    verificationToken?: string;
    accessToken?: string;
  }): void;
}

/** The emulator's time. */
export interface ClockControl {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Lets time stand still. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
  /** Moves the time forward; what becomes due on the way happens in order. */
  jump(milliseconds: number): Promise<void>;
  /** Moves the time to the next retry. */
  stepToNextRetry(): Promise<void>;
}

/** What is to go wrong. */
export interface FaultControl {
  /** From now on. */
  add(rule: { direction: 'toBot' | 'fromBot'; match?: FaultMatch; effect: FaultEffect }): FaultRule;
  /** Ends one fault. */
  remove(id: string): void;
  /** Ends all faults. */
  clear(): void;
}

/** A customer, on one channel. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  /** The BOT conversation's ID; undefined before the first message. */
  readonly conversationId: string | undefined;
  readonly chat: readonly ChatMessage[];
  /** Writes to the bot, or to the agent who has the conversation. */
  says(text: string): Promise<void>;
  /** Taps a button, by its payload. */
  taps(payload: string): Promise<void>;
  /** Sends media by URL, with an optional text. */
  sends(mediaUrl: string, text?: string): Promise<void>;
  /**
   * Resolves with the first message of the bot or an agent that was shown since the customer's last one and matches.
   * Rejects when the time is over (10 s by default), and when the emulator stops.
   */
  reads(expected: string | RegExp, withinMs?: number): Promise<ChatMessage>;
  /** Marks what the bot said as read, which sends a delivery receipt. */
  acknowledges(receipt?: 'Delivered' | 'Read' | 'Failed'): Promise<void>;
}

/** The contact centre's agents. An agent's conversation is named by its ID, or by the customer's name. */
export interface Desk {
  /**
   * Resolves with the customer's conversation as soon as it waits in the queue: a handover takes the bot its time.
   * Rejects when the time is over (10 s by default), and when the emulator stops.
   */
  receives(customer: string, withinMs?: number): Promise<AgentConversationView>;
  /** Takes a conversation out of the queue. */
  pickUp(conversation: string, agent?: string): void;
  /** Writes to the customer. */
  says(conversation: string, text: string): Promise<void>;
  /** Gives a conversation to another agent. */
  transfer(conversation: string, agent: string): void;
  /** Ends the agent's conversation: the customer's next message goes to the bot again. */
  close(conversation: string): Promise<void>;
}

/** Sees what the bot does wrong. */
export interface Judge {
  readonly violations: readonly Violation[];
  /** Looks at what should have happened by now. What the bot still has time for is not held against it. */
  settle(): readonly Violation[];
  /**
   * Waits until the bot has answered everything, or its time for it is over; call it at the end of a test. Costs a
   * silent bot's time only (`answerExpectedWithinMs`).
   */
  verdict(): Promise<readonly Violation[]>;
  /**
   * The bot's process is about to end. What it was answered a moment ago it may not have noted, and rightly sends again.
   * Scenarios say so at `bot: down` and `bot: restart`.
   */
  botEnds(): void;
  /** The bot's process runs again. */
  botRuns(): void;
  /** Forgets what it has seen. */
  clear(): void;
}

/** Starts an emulator: `createEmulator(options)` in `index.ts`. */
export type CreateEmulator = (options?: EmulatorOptions) => Promise<Emulator>;
