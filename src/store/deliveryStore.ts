import type { TranscriptStore } from 'botbuilder';
import type {
  ConversationChange,
  ConversationStep,
  ConversationTie,
  ConversationUpdate,
  TieChange,
  TieIds,
} from './conversationChange';
import type { ConversationRecord } from './conversationRecord';
import type { ActivityEntry, HistoryEntry, RecentActivity } from './history';
import type { InboxSource, NewInboxEvent } from './inboxEvent';
import type { OperatorCommands } from './operatorCommands';
import type { MessageRole, NewOutboxMessage, OutboxMessage } from './outboxMessage';
import type { SendSettlement, TurnSettlement } from './settlements';
import type { TranscriptEntry } from './transcriptEntry';

export type {
  ActivityEntry,
  ConversationChange,
  ConversationStep,
  ConversationTie,
  ConversationUpdate,
  HistoryEntry,
  InboxSource,
  MessageRole,
  NewInboxEvent,
  NewOutboxMessage,
  OutboxMessage,
  RecentActivity,
  SendSettlement,
  TieChange,
  TieIds,
  TurnSettlement,
};

/**
 * The contract that every store fulfils. The delivery engine knows nothing else of memory, SQLite or PostgreSQL.
 *
 * Two promises hold for every method that writes: it resolves only when what it wrote is as durable as the
 * engine makes it, and it writes all of it or nothing. Times are milliseconds since the epoch and come from the
 * caller's clock.
 */
export interface DeliveryStore {
  /** Whether other processes may work on the same store: then the engine also looks for work on its own. */
  readonly isShared: boolean;
  /** The transcripts, as botbuilder reads them: pages of a conversation's activities in the order of their times. */
  readonly transcripts: TranscriptStore;
  /** What operators ask of a running bot, from outside of its process. */
  readonly operatorCommands: OperatorCommands;
  /**
   * Makes the store ready, and its schema current. Harmless when it is open.
   *
   * @throws when the store cannot be used, saying what to do.
   */
  open(): Promise<void>;
  /** Ends what is under way and lets go of the database. Every later call rejects with `StoreClosedError`. */
  close(): Promise<void>;
  /**
   * Calls `listener` when another process may have left work.
   *
   * @returns What ends it.
   */
  watch(listener: () => void): () => void;

  /**
   * Stores an event at the end of its conversation's queue, unless its dedupe key is known (I1, dedupe).
   *
   * @param terms.claim When given and the conversation is idle, its turn is claimed in the same commit. A lease
   * that has run out is left to `claimTurns`.
   * @param terms.conversation What the event does to its conversation, in the same commit; not asked for a repeat, nor
   * when the store is full. Its notices enter the queue before the event.
   * @param terms.transcript Written in the same commit, when the event is stored.
   */
  accept(event: NewInboxEvent, terms: AcceptTerms): Promise<AcceptOutcome>;
  /** Claims the heads of up to `limit` conversations that nobody holds and that are due (I3). */
  claimTurns(limit: number, terms: ClaimTerms): Promise<readonly ClaimedTurn[]>;
  /**
   * Ends a turn.
   *
   * @returns The conversation's next turn when `claimNext` is given and one is due.
   * @throws {LeaseLostError} when another worker holds the conversation by now; nothing is written then.
   */
  settleTurn(
    turn: ClaimedTurn,
    settlement: TurnSettlement,
    claimNext: ClaimTerms | undefined,
  ): Promise<ClaimedTurn | undefined>;
  /** When the next turn becomes due that is not due now: a retry, or the end of a lease. */
  nextTurnAt(now: number): Promise<number | undefined>;

  /**
   * Appends messages to their conversations' queues, in order, all in one commit. One whose id is stored already
   * is left as it is (I4).
   *
   * @param terms.turn The turn that sends them.
   * @param terms.claim When given, heads that are due are claimed in the same commit and returned. A lease that
   * has run out is left to `claimSends`.
   * @param terms.gate Decides whether the bot may speak, or what the messages do to the conversation: then all of them
   * are of the one conversation it names. A call whose messages were all stored by an earlier run of the same turn is
   * never refused; it writes nothing.
   * @param terms.transcript Written in the same commit, unless they are there already.
   * @throws {LeaseLostError} when `terms.turn` is no longer this worker's; nothing is written then.
   */
  stage(messages: readonly NewOutboxMessage[], terms: StageTerms): Promise<StageOutcome>;
  /** Claims the heads of up to `limit` lanes (conversation + destination) that are due (I5). */
  claimSends(destination: string, limit: number, terms: ClaimTerms): Promise<readonly ClaimedSend[]>;
  /**
   * Records what became of a send, and of the destination's health in the same commit.
   *
   * @param terms.conversation What the outcome does to the message's conversation, in the same commit; its notices
   * enter the conversation's queue before the settlement's own. `refused` changes nothing of the conversation.
   * @throws {LeaseLostError} when another worker holds the lane by now; nothing is written then.
   */
  settleSend(send: ClaimedSend, settlement: SendSettlement, terms: SettleSendTerms): Promise<SettledSend>;
  /** When the next message for `destination` becomes due that is not due now. */
  nextSendAt(destination: string, now: number): Promise<number | undefined>;
  /**
   * Makes every message for `destination` that waits for a retry due at once.
   *
   * @param conversationId Of this conversation alone.
   */
  expedite(destination: string, conversationId?: string): Promise<void>;
  /** The bot's activity that the platform knows under `platformMessageId`. */
  findActivityId(conversationId: string, platformMessageId: string): Promise<string | undefined>;

  /** What is known of a destination; one that nothing is known of is active. */
  loadHealth(destination: string): Promise<DestinationHealth>;
  /** Takes a step from one health to the next. Resolves with what came of it. */
  updateHealth(destination: string, update: HealthUpdate): Promise<DestinationHealth>;
  /** The destinations of which a health is stored: those that have failed before. In the order of their names. */
  listDestinations(): Promise<readonly string[]>;

  /** Prolongs every lease of `terms.worker`. */
  renewLeases(terms: ClaimTerms): Promise<void>;
  /** Gives up every lease of `worker`; an unsettled send counts as one whose outcome is unknown. */
  releaseLeases(worker: string): Promise<void>;

  /** What was given up, oldest first. */
  listDeadLetters(page: Page): Promise<readonly DeadLetter[]>;
  /** One of them; `undefined` when there is none of that id. */
  findDeadLetter(id: string): Promise<DeadLetter | undefined>;
  /**
   * Puts a dead letter back at the end of its lane with its attempts reset. A handover, and what others are told of it,
   * is left where it is: the conversation went on without it. So is what the bot would say in a conversation that is
   * gated.
   */
  replayDeadLetter(id: string): Promise<ReplayOutcome>;
  /** Drops it. Resolves with whether it was there. */
  discardDeadLetter(id: string): Promise<boolean>;

  /** Keeps a request that cannot be handled; the oldest of its kind goes when there are more than `limit`. */
  quarantine(item: NewQuarantinedRequest, limit: number): Promise<void>;
  /** What is in quarantine, oldest first. */
  listQuarantine(page: Page): Promise<readonly QuarantinedItem[]>;
  /** One of them; `undefined` when there is none of that id. */
  findQuarantined(id: string): Promise<QuarantinedItem | undefined>;
  /** Takes an item out of quarantine and stores `event` in the same commit. @returns false when unknown. */
  replayQuarantined(id: string, event: NewInboxEvent): Promise<boolean>;
  /** Drops it. Resolves with whether it was there. */
  discardQuarantined(id: string): Promise<boolean>;

  /** The record of a conversation; `undefined` when there is none. */
  findConversation(conversationId: string): Promise<ConversationRecord | undefined>;
  /** In the order of their IDs; `page.after` is the last ID of the page before. */
  listConversations(kind: ConversationRecord['kind'], page: Page): Promise<readonly ConversationRecord[]>;
  /**
   * Changes what is known of a conversation; the change's notices enter its queue in the same commit.
   *
   * @returns What is known now.
   */
  updateConversation(
    conversationId: string,
    update: ConversationUpdate,
  ): Promise<ConversationRecord | undefined>;
  /**
   * Ties an agent's conversation to a BOT conversation, in one commit: both records, the notices (which enter the BOT
   * conversation's queue), and the agent conversation's transcript of `channelId`, which becomes part of the other's.
   *
   * @returns Whether `tie` did not refuse.
   */
  tieConversation(ids: TieIds, tie: ConversationTie): Promise<boolean>;
  /** The latest `limit` activities of a transcript, as JSON texts, in the order of their times. */
  recentTranscript(channelId: string, conversationId: string, limit: number): Promise<readonly string[]>;

  /**
   * What happened to the events and messages of a conversation, in the order of their times, for as long as they are
   * kept. Of what failed over and over, the latest attempts.
   */
  history(conversationId: string, page: Page): Promise<readonly HistoryEntry[]>;
  /**
   * What happened in all conversations since an earlier call, at most about `limit` entries: what one commit has written
   * comes together. Nothing is missed and nothing is told twice, whoever writes meanwhile.
   *
   * @param after The `cursor` of that call; without one, the latest `limit` entries.
   */
  activity(after: string | undefined, limit: number): Promise<RecentActivity>;

  /** How much is waiting, and what an operator has to look at. */
  stats(): Promise<StoreStats>;
}

/** On what terms an event is stored, and what is stored with it. */
export interface AcceptTerms {
  readonly now: number;
  /** More waiting events than this and a new one is refused. */
  readonly maxBacklog: number;
  /** Milliseconds for which a dedupe key is remembered. */
  readonly dedupeWindowMs: number;
  readonly claim: ClaimTerms | undefined;
  readonly conversation?: ConversationStep | undefined;
  readonly transcript?: TranscriptEntry | undefined;
}

/** What became of an event; `full` when too many wait. */
export type AcceptOutcome =
  | {
      readonly status: 'stored';
      readonly turn: ClaimedTurn | undefined;
      /** Why the transcript could not be written; all else was. */
      readonly transcriptError?: string | undefined;
    }
  /** By `terms.conversation`; nothing was stored. */
  | { readonly status: 'refused' }
  | { readonly status: 'duplicate' }
  | { readonly status: 'full' };

/** Who claims, and for how long. */
export interface ClaimTerms {
  readonly worker: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** A turn that this worker alone may run. */
export interface ClaimedTurn {
  readonly event: NewInboxEvent;
  /** From 1. */
  readonly attempt: number;
  /** Grows with every claim of the conversation; an old one cannot write. */
  readonly fence: number;
  /** What was known of the conversation at the claim, when it is eventful. */
  readonly conversation: ConversationRecord | undefined;
}

/** On what terms messages are stored, and what is stored with them. */
export interface StageTerms {
  readonly turn: ClaimedTurn | undefined;
  readonly claim: ClaimTerms | undefined;
  readonly gate?: StageGate | undefined;
  readonly transcript?: readonly TranscriptEntry[] | undefined;
}

/** Whether messages may be stored. */
export type StageGate =
  /** Refused while the conversation is gated (I6). */
  | { readonly kind: 'whileBotHasIt'; readonly conversationId: string }
  /** Changes the conversation, or refuses, in the same commit. */
  | { readonly kind: 'change'; readonly conversationId: string; readonly update: ConversationUpdate };

/** What became of the messages of one call. */
export type StageOutcome =
  | {
      readonly status: 'staged';
      readonly sends: readonly ClaimedSend[];
      /** Why the transcript could not be written; all else was. */
      readonly transcriptError?: string | undefined;
    }
  /** By the gate; nothing was stored. */
  | { readonly status: 'refused' };

/** A message that this worker alone may send. */
export interface ClaimedSend {
  readonly message: OutboxMessage;
  /** From 1. */
  readonly attempt: number;
  readonly fence: number;
}

/** What is written with the outcome of an attempt to send. */
export interface SettleSendTerms {
  readonly updateHealth: HealthUpdate;
  readonly claimNext: ClaimTerms | undefined;
  readonly conversation?: ConversationUpdate | undefined;
}

/** What there is to do after an attempt to send. */
export interface SettledSend {
  readonly health: DestinationHealth;
  /** The lane's next message, when it was claimed. */
  readonly next: ClaimedSend | undefined;
}

/** What is known of a destination. Survives a restart. */
export type DestinationHealth =
  | { readonly status: 'active'; readonly consecutiveFailures: number }
  | {
      readonly status: 'inactive';
      readonly consecutiveFailures: number;
      readonly since: number;
      /** When one message may be tried again. */
      readonly probeAt: number;
      readonly reason: string;
    };

/** A pure step from one health to the next; run inside the commit. */
export type HealthUpdate = (health: DestinationHealth) => DestinationHealth;

/**
 * What became of a dead letter that was to be sent again. A handover is not, for the conversation is back
 * with the bot; nor, while an agent has the conversation (`gated`), what the bot said.
 */
export type ReplayOutcome = 'replayed' | 'unknown' | 'isHandover' | 'gated';

/** A message that was given up. */
export interface DeadLetter extends OutboxMessage {
  readonly attempts: number;
  readonly reason: string;
  readonly diedAt: number;
}

/** A request that is no event we can handle. */
export interface NewQuarantinedRequest {
  readonly id: string;
  readonly body: string;
  /** Why, in a few words and none of anybody's (I9). */
  readonly reason: string;
  /** What the error says that reading it ended with, if any: it may quote the request. */
  readonly details?: string | undefined;
  readonly receivedAt: number;
}

/** What an operator has to look at. */
export type QuarantinedItem =
  | (NewQuarantinedRequest & { readonly kind: 'request' })
  /** An event whose turn failed every time. */
  | {
      readonly kind: 'event';
      readonly id: string;
      readonly event: NewInboxEvent;
      /** Why, in a few words and none of anybody's (I9). */
      readonly reason: string;
      /** What the error says that its last turn ended with, if any: it may quote the customer. */
      readonly details?: string | undefined;
      readonly attempts: number;
      readonly quarantinedAt: number;
    };

/** One page of a list, oldest first. */
export interface Page {
  readonly limit: number;
  /** The id of the last item of the page before. */
  readonly after?: string | undefined;
}

/** How much a store holds that is not done with. */
export interface StoreStats {
  /** Events whose turn has not ended. */
  readonly waitingEvents: number;
  /** Messages not yet delivered. */
  readonly waitingMessages: number;
  /**
   * When the oldest event was received whose turn has not ended, in milliseconds since the epoch; `undefined` when none
   * waits. An event that was replayed is as old as it was, and counts at the latest when it is next in its conversation.
   */
  readonly oldestWaitingEventAt: number | undefined;
  /** When the oldest message was staged that is not yet delivered, likewise. */
  readonly oldestWaitingMessageAt: number | undefined;
  readonly deadLetters: number;
  readonly quarantined: number;
}

/** The health of a destination of which nothing is known yet. */
export const HEALTHY: DestinationHealth = { status: 'active', consecutiveFailures: 0 };
