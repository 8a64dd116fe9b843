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
  /**
   * Makes the store ready, and its schema current. Harmless when it is open.
   *
   * @throws when the store cannot be used, saying what to do.
   */
  open(): Promise<void>;
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
   * @throws {LeaseLostError} when `terms.turn` is no longer this worker's; nothing is written then.
   */
  stage(messages: readonly NewOutboxMessage[], terms: StageTerms): Promise<readonly ClaimedSend[]>;
  /** Claims the heads of up to `limit` lanes (conversation + destination) that are due (I5). */
  claimSends(destination: string, limit: number, terms: ClaimTerms): Promise<readonly ClaimedSend[]>;
  /**
   * Records what became of a send, and of the destination's health in the same commit.
   *
   * @throws {LeaseLostError} when another worker holds the lane by now; nothing is written then.
   */
  settleSend(send: ClaimedSend, settlement: SendSettlement, terms: SettleSendTerms): Promise<SettledSend>;
  /** When the next message for `destination` becomes due that is not due now. */
  nextSendAt(destination: string, now: number): Promise<number | undefined>;
  /** Makes every message for `destination` that waits for a retry due at once. */
  expedite(destination: string): Promise<void>;
  /** The bot's activity that the platform knows under `platformMessageId`. */
  findActivityId(conversationId: string, platformMessageId: string): Promise<string | undefined>;

  loadHealth(destination: string): Promise<DestinationHealth>;
  updateHealth(destination: string, update: HealthUpdate): Promise<DestinationHealth>;

  /** Prolongs every lease of `terms.worker`. */
  renewLeases(terms: ClaimTerms): Promise<void>;
  /** Gives up every lease of `worker`; an unsettled send counts as one whose outcome is unknown. */
  releaseLeases(worker: string): Promise<void>;

  listDeadLetters(page: Page): Promise<readonly DeadLetter[]>;
  /** Puts a dead letter back at the end of its lane with its attempts reset. @returns false when unknown. */
  replayDeadLetter(id: string): Promise<boolean>;
  discardDeadLetter(id: string): Promise<boolean>;

  /** Keeps a request that cannot be handled; the oldest of its kind goes when there are more than `limit`. */
  quarantine(item: NewQuarantinedRequest, limit: number): Promise<void>;
  listQuarantine(page: Page): Promise<readonly QuarantinedItem[]>;
  findQuarantined(id: string): Promise<QuarantinedItem | undefined>;
  /** Takes an item out of quarantine and stores `event` in the same commit. @returns false when unknown. */
  replayQuarantined(id: string, event: NewInboxEvent): Promise<boolean>;
  discardQuarantined(id: string): Promise<boolean>;

  conversationState(conversationId: string): Promise<ConversationState>;
  /** Marks a conversation as closed by the bot; the next platform event of it opens it again. */
  closeConversation(conversationId: string, at: number): Promise<void>;

  stats(): Promise<StoreStats>;
}

/** Who made an inbox event: the platform, or the engine that has something to tell the bot. */
export type InboxSource = 'platform' | 'deliveryFailed';

/** An event as it enters the inbox. */
export interface NewInboxEvent {
  /** Unique; made by the caller. */
  readonly id: string;
  readonly conversationId: string;
  readonly source: InboxSource;
  /** JSON text. */
  readonly payload: string;
  /** `undefined` for an event that cannot be told from a repeat. */
  readonly dedupeKey: string | undefined;
  readonly receivedAt: number;
}

export interface AcceptTerms {
  readonly now: number;
  /** More waiting events than this and a new one is refused. */
  readonly maxBacklog: number;
  /** Milliseconds for which a dedupe key is remembered. */
  readonly dedupeWindowMs: number;
  readonly claim: ClaimTerms | undefined;
}

export type AcceptOutcome =
  | { readonly status: 'stored'; readonly turn: ClaimedTurn | undefined }
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
}

export type TurnSettlement =
  | { readonly kind: 'completed' }
  | { readonly kind: 'retry'; readonly notBefore: number }
  /** Given back unused, as when the adapter stops: the attempt does not count. */
  | { readonly kind: 'released' }
  | { readonly kind: 'quarantined'; readonly at: number; readonly reason: string };

/** A message as it enters the outbox. */
export interface NewOutboxMessage {
  /** Unique and stable when the turn is run again (I4); goes out as `Idempotency-Key` (I7). */
  readonly id: string;
  readonly activityId: string;
  readonly conversationId: string;
  readonly destination: string;
  /** The request body, JSON text. */
  readonly body: string;
  readonly stagedAt: number;
  /** False for what the bot says about a failed delivery, so that failures cannot breed failures. */
  readonly reportsFailure: boolean;
}

/** A message in the outbox. */
export interface OutboxMessage extends NewOutboxMessage {
  /** Attempts whose outcome is unknown: the bytes may have arrived (I7). */
  readonly ambiguousAttempts: number;
  readonly lastError: string | undefined;
}

export interface StageTerms {
  readonly turn: ClaimedTurn | undefined;
  readonly claim: ClaimTerms | undefined;
}

/** A message that this worker alone may send. */
export interface ClaimedSend {
  readonly message: OutboxMessage;
  /** From 1. */
  readonly attempt: number;
  readonly fence: number;
}

export type SendSettlement =
  | { readonly kind: 'delivered'; readonly at: number; readonly platformMessageId: string | undefined }
  | {
      readonly kind: 'retry';
      readonly notBefore: number;
      readonly error: string;
      readonly isAmbiguous: boolean;
    }
  /** Held back: the attempt does not count. */
  | { readonly kind: 'held'; readonly error: string; readonly isAmbiguous: boolean }
  | {
      readonly kind: 'dead';
      readonly at: number;
      readonly reason: string;
      readonly isAmbiguous: boolean;
      /** What tells the bot, stored in the same commit. */
      readonly notice: NewInboxEvent | undefined;
    };

export interface SettleSendTerms {
  readonly updateHealth: HealthUpdate;
  readonly claimNext: ClaimTerms | undefined;
}

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
  readonly reason: string;
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
      readonly reason: string;
      readonly attempts: number;
      readonly quarantinedAt: number;
    };

/** One page of a list, oldest first. */
export interface Page {
  readonly limit: number;
  /** The id of the last item of the page before. */
  readonly after?: string | undefined;
}

export type ConversationState = 'bot' | 'closed';

export interface StoreStats {
  /** Events whose turn has not ended. */
  readonly waitingEvents: number;
  /** Messages not yet delivered. */
  readonly waitingMessages: number;
  readonly deadLetters: number;
  readonly quarantined: number;
}

/** The health of a destination of which nothing is known yet. */
export const HEALTHY: DestinationHealth = { status: 'active', consecutiveFailures: 0 };
