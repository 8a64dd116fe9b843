import { StoreClosedError } from '../errors';
import type {
  AcceptOutcome,
  AcceptTerms,
  ClaimedSend,
  ClaimedTurn,
  ClaimTerms,
  ConversationState,
  DeadLetter,
  DeliveryStore,
  DestinationHealth,
  HealthUpdate,
  NewInboxEvent,
  NewOutboxMessage,
  NewQuarantinedRequest,
  OutboxMessage,
  Page,
  QuarantinedItem,
  SendSettlement,
  SettledSend,
  SettleSendTerms,
  StageTerms,
  StoreStats,
  TurnSettlement,
} from './deliveryStore';
import { HEALTHY } from './deliveryStore';
import { ExpiringMap } from './expiringMap';
import { type LaneClaim, LaneQueue, type LaneSettlement } from './laneQueue';

/**
 * How long a delivered message is remembered, so that its delivery receipt can be tied to it. The platform names
 * no limit for receipts (assumption).
 */
const CORRELATION_WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps everything in this process: for tests, samples and bots that may forget. Nothing survives the process;
 * all other promises of {@link DeliveryStore} hold.
 */
export class MemoryStore implements DeliveryStore {
  readonly isShared = false;
  readonly #inbox = new LaneQueue<NewInboxEvent>();
  readonly #outboxes = new Map<string, LaneQueue<OutboxMessage>>();
  /** Ids staged by events whose turn may run again: what a second run must not stage again (I4). */
  readonly #stagedBy = new Map<string, Set<string>>();
  readonly #dedupeKeys = new ExpiringMap<string, true>();
  readonly #activityIds = new ExpiringMap<string, string>();
  readonly #health = new Map<string, DestinationHealth>();
  readonly #deadLetters = new Map<string, DeadLetter>();
  readonly #quarantine = new Map<string, QuarantinedItem>();
  readonly #closedConversations = new Set<string>();
  /** How many users have it open; it closes with the last. */
  #users = 0;

  async open(): Promise<void> {
    this.#users++;
  }

  async close(): Promise<void> {
    this.#users = Math.max(this.#users - 1, 0);
  }

  watch(): () => void {
    return () => {};
  }

  async accept(event: NewInboxEvent, terms: AcceptTerms): Promise<AcceptOutcome> {
    this.#mustBeOpen();
    this.#dedupeKeys.prune(terms.now);
    if (event.dedupeKey !== undefined && this.#dedupeKeys.has(event.dedupeKey))
      return { status: 'duplicate' };
    if (this.#inbox.size >= terms.maxBacklog) return { status: 'full' };

    if (event.dedupeKey !== undefined) {
      this.#dedupeKeys.set(event.dedupeKey, true, terms.now + terms.dedupeWindowMs);
    }
    this.#enqueue(event);
    const claim = terms.claim && this.#inbox.claimLane(event.conversationId, terms.claim);
    return { status: 'stored', turn: claim && toTurn(claim) };
  }

  async claimTurns(limit: number, terms: ClaimTerms): Promise<readonly ClaimedTurn[]> {
    this.#mustBeOpen();
    this.#inbox.expire(terms.now, keep);
    return this.#inbox.claim(limit, terms).map(toTurn);
  }

  async settleTurn(
    turn: ClaimedTurn,
    settlement: TurnSettlement,
    claimNext: ClaimTerms | undefined,
  ): Promise<ClaimedTurn | undefined> {
    this.#mustBeOpen();
    this.#inbox.settle(turnClaim(turn), laneSettlementOf(turn.event, settlement));
    if (settlement.kind === 'quarantined') {
      this.#quarantine.set(turn.event.id, {
        kind: 'event',
        id: turn.event.id,
        event: turn.event,
        reason: settlement.reason,
        attempts: turn.attempt,
        quarantinedAt: settlement.at,
      });
    }
    // A quarantined event may be replayed: what its turns have sent must not be sent again.
    if (settlement.kind === 'completed') this.#stagedBy.delete(turn.event.id);
    const next = claimNext && this.#inbox.claimLane(turn.event.conversationId, claimNext);
    return next && toTurn(next);
  }

  async nextTurnAt(now: number): Promise<number | undefined> {
    this.#mustBeOpen();
    return this.#inbox.nextDueAt(now);
  }

  async stage(messages: readonly NewOutboxMessage[], terms: StageTerms): Promise<readonly ClaimedSend[]> {
    this.#mustBeOpen();
    if (terms.turn !== undefined) this.#inbox.check(turnClaim(terms.turn));
    const fresh = messages.filter((message) => this.#isNew(message, terms.turn));
    for (const message of fresh) {
      const queued: OutboxMessage = { ...message, ambiguousAttempts: 0, lastError: undefined };
      this.#outbox(message.destination).push(message.conversationId, queued);
    }
    const { claim } = terms;
    if (claim === undefined) return [];
    return fresh.flatMap((message) => {
      const claimed = this.#outbox(message.destination).claimLane(message.conversationId, claim);
      return claimed === undefined ? [] : [toSend(claimed)];
    });
  }

  async claimSends(destination: string, limit: number, terms: ClaimTerms): Promise<readonly ClaimedSend[]> {
    this.#mustBeOpen();
    const outbox = this.#outbox(destination);
    outbox.expire(terms.now, countAmbiguous);
    return outbox.claim(limit, terms).map(toSend);
  }

  async settleSend(
    send: ClaimedSend,
    settlement: SendSettlement,
    terms: SettleSendTerms,
  ): Promise<SettledSend> {
    this.#mustBeOpen();
    const { message } = send;
    const outbox = this.#outbox(message.destination);
    const attempted = afterAttempt(message, settlement);
    outbox.settle(sendClaim(send), sendLaneSettlement(attempted, settlement));
    if (settlement.kind === 'delivered') this.#remember(message, settlement);
    if (settlement.kind === 'dead') this.#bury(attempted, send.attempt, settlement);
    const health = await this.updateHealth(message.destination, terms.updateHealth);
    const next = terms.claimNext && outbox.claimLane(message.conversationId, terms.claimNext);
    return { health, next: next && toSend(next) };
  }

  async nextSendAt(destination: string, now: number): Promise<number | undefined> {
    this.#mustBeOpen();
    return this.#outbox(destination).nextDueAt(now);
  }

  async expedite(destination: string): Promise<void> {
    this.#mustBeOpen();
    this.#outbox(destination).expedite();
  }

  async findActivityId(conversationId: string, platformMessageId: string): Promise<string | undefined> {
    this.#mustBeOpen();
    return this.#activityIds.get(correlationKey(conversationId, platformMessageId));
  }

  async loadHealth(destination: string): Promise<DestinationHealth> {
    this.#mustBeOpen();
    return this.#health.get(destination) ?? HEALTHY;
  }

  async updateHealth(destination: string, update: HealthUpdate): Promise<DestinationHealth> {
    this.#mustBeOpen();
    const health = update(this.#health.get(destination) ?? HEALTHY);
    this.#health.set(destination, health);
    return health;
  }

  async renewLeases(terms: ClaimTerms): Promise<void> {
    this.#mustBeOpen();
    this.#inbox.renew(terms);
    for (const outbox of this.#outboxes.values()) outbox.renew(terms);
  }

  async releaseLeases(worker: string): Promise<void> {
    this.#mustBeOpen();
    this.#inbox.release(worker, keep);
    for (const outbox of this.#outboxes.values()) outbox.release(worker, countAmbiguous);
  }

  async listDeadLetters(page: Page): Promise<readonly DeadLetter[]> {
    this.#mustBeOpen();
    return pageOf(this.#deadLetters, page);
  }

  async replayDeadLetter(id: string): Promise<boolean> {
    this.#mustBeOpen();
    const letter = this.#deadLetters.get(id);
    if (letter === undefined) return false;
    this.#deadLetters.delete(id);
    const { attempts: _attempts, reason: _reason, diedAt: _diedAt, ...message } = letter;
    this.#outbox(message.destination).push(message.conversationId, message);
    return true;
  }

  async discardDeadLetter(id: string): Promise<boolean> {
    this.#mustBeOpen();
    return this.#deadLetters.delete(id);
  }

  async quarantine(item: NewQuarantinedRequest, limit: number): Promise<void> {
    this.#mustBeOpen();
    this.#quarantine.set(item.id, { kind: 'request', ...item });
    const requests = [...this.#quarantine.values()].filter(({ kind }) => kind === 'request');
    for (const { id } of requests.slice(0, Math.max(requests.length - limit, 0))) this.#quarantine.delete(id);
  }

  async listQuarantine(page: Page): Promise<readonly QuarantinedItem[]> {
    this.#mustBeOpen();
    return pageOf(this.#quarantine, page);
  }

  async findQuarantined(id: string): Promise<QuarantinedItem | undefined> {
    this.#mustBeOpen();
    return this.#quarantine.get(id);
  }

  async replayQuarantined(id: string, event: NewInboxEvent): Promise<boolean> {
    this.#mustBeOpen();
    if (!this.#quarantine.delete(id)) return false;
    this.#enqueue(event);
    return true;
  }

  async discardQuarantined(id: string): Promise<boolean> {
    this.#mustBeOpen();
    this.#stagedBy.delete(id);
    return this.#quarantine.delete(id);
  }

  async conversationState(conversationId: string): Promise<ConversationState> {
    this.#mustBeOpen();
    return this.#closedConversations.has(conversationId) ? 'closed' : 'bot';
  }

  async closeConversation(conversationId: string): Promise<void> {
    this.#mustBeOpen();
    this.#closedConversations.add(conversationId);
  }

  async stats(): Promise<StoreStats> {
    this.#mustBeOpen();
    const waiting = [...this.#outboxes.values()].map((outbox) => outbox.size);
    return {
      waitingEvents: this.#inbox.size,
      waitingMessages: waiting.reduce((sum, size) => sum + size, 0),
      deadLetters: this.#deadLetters.size,
      quarantined: this.#quarantine.size,
    };
  }

  #mustBeOpen(): void {
    if (this.#users === 0) throw new StoreClosedError();
  }

  #enqueue(event: NewInboxEvent): void {
    if (event.source === 'platform') this.#closedConversations.delete(event.conversationId);
    this.#inbox.push(event.conversationId, event);
  }

  #outbox(destination: string): LaneQueue<OutboxMessage> {
    const known = this.#outboxes.get(destination);
    if (known !== undefined) return known;
    const outbox = new LaneQueue<OutboxMessage>();
    this.#outboxes.set(destination, outbox);
    return outbox;
  }

  #isNew(message: NewOutboxMessage, turn: ClaimedTurn | undefined): boolean {
    if (turn === undefined) return true;
    const staged = this.#stagedBy.get(turn.event.id) ?? new Set();
    this.#stagedBy.set(turn.event.id, staged);
    if (staged.has(message.id)) return false;
    staged.add(message.id);
    return true;
  }

  #remember(message: OutboxMessage, delivered: Extract<SendSettlement, { kind: 'delivered' }>): void {
    this.#activityIds.prune(delivered.at);
    for (const id of [delivered.platformMessageId, message.id]) {
      if (id === undefined) continue;
      const key = correlationKey(message.conversationId, id);
      this.#activityIds.set(key, message.activityId, delivered.at + CORRELATION_WINDOW_MS);
    }
  }

  #bury(message: OutboxMessage, attempts: number, death: Extract<SendSettlement, { kind: 'dead' }>): void {
    this.#deadLetters.set(message.id, { ...message, attempts, reason: death.reason, diedAt: death.at });
    if (death.notice !== undefined) this.#enqueue(death.notice);
  }
}

function toTurn(claim: LaneClaim<NewInboxEvent>): ClaimedTurn {
  return { event: claim.item, attempt: claim.attempt, fence: claim.fence };
}

function turnClaim(turn: ClaimedTurn): LaneClaim<NewInboxEvent> {
  return { lane: turn.event.conversationId, item: turn.event, attempt: turn.attempt, fence: turn.fence };
}

function toSend(claim: LaneClaim<OutboxMessage>): ClaimedSend {
  return { message: claim.item, attempt: claim.attempt, fence: claim.fence };
}

function sendClaim(send: ClaimedSend): LaneClaim<OutboxMessage> {
  return { lane: send.message.conversationId, item: send.message, attempt: send.attempt, fence: send.fence };
}

function laneSettlementOf(item: NewInboxEvent, settlement: TurnSettlement): LaneSettlement<NewInboxEvent> {
  switch (settlement.kind) {
    case 'completed':
    case 'quarantined':
      return { kind: 'remove' };
    case 'released':
      return { kind: 'release', item };
    case 'retry':
      return { kind: 'retry', notBefore: settlement.notBefore, item };
  }
}

function sendLaneSettlement(item: OutboxMessage, settlement: SendSettlement): LaneSettlement<OutboxMessage> {
  switch (settlement.kind) {
    case 'delivered':
    case 'dead':
      return { kind: 'remove' };
    case 'held':
      return { kind: 'release', item };
    case 'retry':
      return { kind: 'retry', notBefore: settlement.notBefore, item };
  }
}

function afterAttempt(message: OutboxMessage, settlement: SendSettlement): OutboxMessage {
  if (settlement.kind === 'delivered') return message;
  const lastError = settlement.kind === 'dead' ? settlement.reason : settlement.error;
  const attempted = { ...message, lastError };
  return settlement.isAmbiguous ? countAmbiguous(attempted) : attempted;
}

function countAmbiguous(message: OutboxMessage): OutboxMessage {
  return { ...message, ambiguousAttempts: message.ambiguousAttempts + 1 };
}

function keep<Item>(item: Item): Item {
  return item;
}

function correlationKey(conversationId: string, messageId: string): string {
  return JSON.stringify([conversationId, messageId]);
}

function pageOf<Item>(items: ReadonlyMap<string, Item>, page: Page): readonly Item[] {
  const ids = [...items.keys()];
  const start = page.after === undefined ? 0 : ids.indexOf(page.after) + 1;
  return ids.slice(start, start + page.limit).flatMap((id) => {
    const item = items.get(id);
    return item === undefined ? [] : [item];
  });
}
