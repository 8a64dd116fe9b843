import type { TranscriptStore } from 'botbuilder';
import { StoreClosedError } from '../errors';
import { type ConversationRecord, isGated } from './conversationRecord';
import type {
  AcceptOutcome,
  AcceptTerms,
  ClaimedSend,
  ClaimedTurn,
  ClaimTerms,
  ConversationChange,
  ConversationTie,
  ConversationUpdate,
  DeadLetter,
  DeliveryStore,
  DestinationHealth,
  HealthUpdate,
  HistoryEntry,
  NewInboxEvent,
  NewOutboxMessage,
  NewQuarantinedRequest,
  OutboxMessage,
  Page,
  QuarantinedItem,
  RecentActivity,
  ReplayOutcome,
  SendSettlement,
  SettledSend,
  SettleSendTerms,
  StageOutcome,
  StageTerms,
  StoreStats,
  TieIds,
  TurnSettlement,
} from './deliveryStore';
import { HEALTHY } from './deliveryStore';
import { ExpiringMap } from './expiringMap';
import { type LaneClaim, LaneQueue } from './laneQueue';
import {
  afterAttempt,
  countAmbiguous,
  sendClaim,
  sendLaneSettlement,
  toSend,
  turnClaim,
  turnLaneSettlement,
} from './memory/claims';
import { Correlation } from './memory/correlation';
import { Journal } from './memory/journal';
import { MemoryConversations } from './memory/memoryConversations';
import { MemoryOperatorCommands } from './memory/memoryOperatorCommands';
import { MemoryQuarantine } from './memory/memoryQuarantine';
import { MemoryTranscripts } from './memory/memoryTranscripts';
import { Outboxes } from './memory/outboxes';
import { pageOf } from './memory/pageOf';
import { StagedIds } from './memory/stagedIds';
import { statsOf } from './memory/statsOf';
import { Tick } from './memory/tick';
import type { OperatorCommands } from './operatorCommands';
import { AccessedTranscriptStore } from './transcriptAccess';

/**
 * Keeps everything in this process: for tests, samples and bots that may forget. Nothing survives the process;
 * all other promises of {@link DeliveryStore} hold.
 */
export class MemoryStore implements DeliveryStore {
  readonly isShared = false;
  readonly transcripts: TranscriptStore;
  readonly operatorCommands: OperatorCommands = new MemoryOperatorCommands(() => this.#mustBeOpen());
  readonly #inbox = new LaneQueue<NewInboxEvent>();
  readonly #outboxes = new Outboxes();
  readonly #stagedIds = new StagedIds();
  readonly #dedupeKeys = new ExpiringMap<string, true>();
  readonly #correlation = new Correlation();
  readonly #health = new Map<string, DestinationHealth>();
  readonly #deadLetters = new Map<string, DeadLetter>();
  readonly #quarantine = new MemoryQuarantine();
  readonly #conversations = new MemoryConversations();
  readonly #transcripts = new MemoryTranscripts();
  readonly #journal = new Journal();
  readonly #tick = new Tick();
  /** How many users have it open; it closes with the last. */
  #users = 0;

  constructor() {
    this.transcripts = new AccessedTranscriptStore({
      read: async (query) => query(this.#transcripts),
      write: async (_operation, change) => change(this.#transcripts),
    });
  }

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
    const outcome = this.#accept(event, terms);
    await this.#tick.ended();
    return outcome;
  }

  #accept(event: NewInboxEvent, terms: AcceptTerms): AcceptOutcome {
    this.#journal.see(terms.now);
    this.#dedupeKeys.prune(terms.now);
    if (event.dedupeKey !== undefined && this.#dedupeKeys.has(event.dedupeKey))
      return { status: 'duplicate' };
    if (this.#inbox.size >= terms.maxBacklog) return { status: 'full' };
    const { conversationId } = event;
    const change = this.#conversations.changeByEvent(conversationId, terms.conversation);
    if (change.kind === 'refused') return { status: 'refused' };

    if (event.dedupeKey !== undefined) {
      this.#dedupeKeys.set(event.dedupeKey, true, terms.now + terms.dedupeWindowMs);
    }
    this.#apply(conversationId, change);
    this.#enqueue(event);
    if (terms.transcript !== undefined) this.#transcripts.log(terms.transcript);
    const claim = terms.claim && this.#inbox.claimLane(conversationId, terms.claim);
    return { status: 'stored', turn: claim && this.#toTurn(claim) };
  }

  async claimTurns(limit: number, terms: ClaimTerms): Promise<readonly ClaimedTurn[]> {
    this.#mustBeOpen();
    this.#journal.see(terms.now);
    this.#inbox.expire(terms.now, (event, attempt) => this.#journal.turnAbandoned(event, attempt));
    return this.#inbox.claim(limit, terms).map((claim) => this.#toTurn(claim));
  }

  async settleTurn(
    turn: ClaimedTurn,
    settlement: TurnSettlement,
    claimNext: ClaimTerms | undefined,
  ): Promise<ClaimedTurn | undefined> {
    this.#mustBeOpen();
    if (claimNext !== undefined) this.#journal.see(claimNext.now);
    this.#inbox.settle(turnClaim(turn), turnLaneSettlement(turn.event, settlement));
    this.#journal.turnSettled(turn, settlement);
    if (settlement.kind === 'quarantined') this.#quarantine.putEvent(turn, settlement);
    // A quarantined event may be replayed: what its turns have sent must not be sent again.
    if (settlement.kind === 'completed') this.#stagedIds.forget(turn.event.id);
    const next = claimNext && this.#inbox.claimLane(turn.event.conversationId, claimNext);
    return next && this.#toTurn(next);
  }

  async nextTurnAt(now: number): Promise<number | undefined> {
    this.#mustBeOpen();
    return this.#inbox.nextDueAt(now);
  }

  async stage(messages: readonly NewOutboxMessage[], terms: StageTerms): Promise<StageOutcome> {
    this.#mustBeOpen();
    const { turn, gate, claim } = terms;
    if (turn !== undefined) this.#inbox.check(turnClaim(turn));
    if (turn !== undefined && this.#stagedIds.holdsAll(messages, turn))
      return { status: 'staged', sends: [] };
    const change = this.#conversations.changeByMessages(gate);
    if (change.kind === 'refused') return { status: 'refused' };

    if (gate !== undefined) this.#apply(gate.conversationId, change);
    const fresh = messages.filter((message) => this.#stagedIds.add(message, turn));
    for (const message of fresh) {
      const queued: OutboxMessage = { ambiguousAttempts: 0, lastError: undefined, ...message };
      this.#outboxes.push(queued);
      this.#journal.staged(message, turn);
    }
    for (const entry of terms.transcript ?? []) this.#transcripts.log(entry);
    return { status: 'staged', sends: claim === undefined ? [] : this.#outboxes.claimLanesOf(fresh, claim) };
  }

  async claimSends(destination: string, limit: number, terms: ClaimTerms): Promise<readonly ClaimedSend[]> {
    this.#mustBeOpen();
    const outbox = this.#outboxes.of(destination);
    this.#journal.see(terms.now);
    outbox.expire(terms.now, (sent, attempt) => countAmbiguous(this.#journal.sendAbandoned(sent, attempt)));
    return outbox.claim(limit, terms).map(toSend);
  }

  async settleSend(
    send: ClaimedSend,
    settlement: SendSettlement,
    terms: SettleSendTerms,
  ): Promise<SettledSend> {
    this.#mustBeOpen();
    const { message } = send;
    const { conversationId, destination } = message;
    const outbox = this.#outboxes.of(destination);
    const change = this.#conversations.change(conversationId, terms.conversation);
    const health = terms.updateHealth(this.#health.get(destination) ?? HEALTHY);

    const attempted = afterAttempt(message, settlement);
    outbox.settle(sendClaim(send), sendLaneSettlement(attempted, settlement));
    this.#journal.sendSettled(send, settlement);
    this.#apply(conversationId, change);
    if (settlement.kind === 'delivered') {
      this.#correlation.remember(message, settlement.at, settlement.platformMessageId);
    }
    if (settlement.kind === 'dead') this.#bury(attempted, send.attempt, settlement);
    this.#health.set(destination, health);
    const next = terms.claimNext && outbox.claimLane(conversationId, terms.claimNext);
    return { health, next: next && toSend(next) };
  }

  async nextSendAt(destination: string, now: number): Promise<number | undefined> {
    this.#mustBeOpen();
    return this.#outboxes.of(destination).nextDueAt(now);
  }

  async expedite(destination: string, conversationId?: string): Promise<void> {
    this.#mustBeOpen();
    this.#outboxes.of(destination).expedite(conversationId);
  }

  async findActivityId(conversationId: string, platformMessageId: string): Promise<string | undefined> {
    this.#mustBeOpen();
    return this.#correlation.find(conversationId, platformMessageId);
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

  async listDestinations(): Promise<readonly string[]> {
    this.#mustBeOpen();
    return [...this.#health.keys()].sort();
  }

  async renewLeases(terms: ClaimTerms): Promise<void> {
    this.#mustBeOpen();
    this.#inbox.renew(terms);
    for (const outbox of this.#outboxes.all()) outbox.renew(terms);
  }

  async releaseLeases(worker: string): Promise<void> {
    this.#mustBeOpen();
    this.#inbox.release(worker, (event, attempt) => this.#journal.turnAbandoned(event, attempt));
    for (const outbox of this.#outboxes.all()) {
      outbox.release(worker, (sent, attempt) => countAmbiguous(this.#journal.sendAbandoned(sent, attempt)));
    }
  }

  async listDeadLetters(page: Page): Promise<readonly DeadLetter[]> {
    this.#mustBeOpen();
    return pageOf(this.#deadLetters, page);
  }

  async findDeadLetter(id: string): Promise<DeadLetter | undefined> {
    this.#mustBeOpen();
    return this.#deadLetters.get(id);
  }

  async replayDeadLetter(id: string): Promise<ReplayOutcome> {
    this.#mustBeOpen();
    const letter = this.#deadLetters.get(id);
    if (letter === undefined) return 'unknown';
    if (letter.role !== 'message') return 'isHandover';
    if (isGated(this.#conversations.find(letter.conversationId))) return 'gated';
    this.#deadLetters.delete(id);
    const { attempts: _attempts, reason: _reason, diedAt: _diedAt, ...message } = letter;
    this.#outboxes.push(message);
    return 'replayed';
  }

  async discardDeadLetter(id: string): Promise<boolean> {
    this.#mustBeOpen();
    return this.#deadLetters.delete(id);
  }

  async quarantine(item: NewQuarantinedRequest, limit: number): Promise<void> {
    this.#mustBeOpen();
    this.#quarantine.putRequest(item, limit);
    this.#journal.requestQuarantined(item.id, item.receivedAt);
  }

  async listQuarantine(page: Page): Promise<readonly QuarantinedItem[]> {
    this.#mustBeOpen();
    return this.#quarantine.list(page);
  }

  async findQuarantined(id: string): Promise<QuarantinedItem | undefined> {
    this.#mustBeOpen();
    return this.#quarantine.find(id);
  }

  async replayQuarantined(id: string, event: NewInboxEvent): Promise<boolean> {
    this.#mustBeOpen();
    const item = this.#quarantine.take(id);
    if (item === undefined) return false;
    // What an event says again was said before.
    if (item.kind === 'event') this.#inbox.push(event.conversationId, event);
    else this.#enqueue(event);
    return true;
  }

  async discardQuarantined(id: string): Promise<boolean> {
    this.#mustBeOpen();
    this.#stagedIds.forget(id);
    return this.#quarantine.take(id) !== undefined;
  }

  async findConversation(conversationId: string): Promise<ConversationRecord | undefined> {
    this.#mustBeOpen();
    return this.#conversations.find(conversationId);
  }

  async listConversations(
    kind: ConversationRecord['kind'],
    page: Page,
  ): Promise<readonly ConversationRecord[]> {
    this.#mustBeOpen();
    return this.#conversations.list(kind, page);
  }

  async updateConversation(
    conversationId: string,
    update: ConversationUpdate,
  ): Promise<ConversationRecord | undefined> {
    this.#mustBeOpen();
    this.#apply(conversationId, this.#conversations.change(conversationId, update));
    return this.#conversations.find(conversationId);
  }

  async tieConversation(ids: TieIds, tie: ConversationTie): Promise<boolean> {
    this.#mustBeOpen();
    const { channelId, agentConversationId, botConversationId } = ids;
    const [agent, bot] = [agentConversationId, botConversationId].map((id) => this.#conversations.find(id));
    const change = tie(agent, bot);
    if (change.kind === 'refused') return false;
    this.#conversations.save(agentConversationId, change.agent);
    this.#conversations.save(botConversationId, change.bot);
    for (const notice of change.notices) this.#enqueue(notice);
    this.#transcripts.move(channelId, agentConversationId, botConversationId);
    return true;
  }

  async recentTranscript(
    channelId: string,
    conversationId: string,
    limit: number,
  ): Promise<readonly string[]> {
    this.#mustBeOpen();
    return this.#transcripts.recent(channelId, conversationId, limit);
  }

  async history(conversationId: string, page: Page): Promise<readonly HistoryEntry[]> {
    this.#mustBeOpen();
    return this.#journal.history(conversationId, page);
  }

  async activity(after: string | undefined, limit: number): Promise<RecentActivity> {
    this.#mustBeOpen();
    return this.#journal.activity(after, limit);
  }

  async stats(): Promise<StoreStats> {
    this.#mustBeOpen();
    const kept = { deadLetters: this.#deadLetters.size, quarantined: this.#quarantine.size };
    return { ...statsOf(this.#inbox, this.#outboxes.all()), ...kept };
  }

  #mustBeOpen(): void {
    if (this.#users === 0) throw new StoreClosedError();
  }

  #enqueue(event: NewInboxEvent): void {
    this.#inbox.push(event.conversationId, event);
    this.#journal.accepted(event);
  }

  #apply(conversationId: string, change: ConversationChange): void {
    if (change.kind !== 'changed') return;
    this.#conversations.save(conversationId, change.record);
    for (const notice of change.notices) this.#enqueue(notice);
  }

  #toTurn({ item, attempt, fence, lane }: LaneClaim<NewInboxEvent>): ClaimedTurn {
    return { event: item, attempt, fence, conversation: this.#conversations.findEventful(lane) };
  }

  #bury(message: OutboxMessage, attempts: number, death: Extract<SendSettlement, { kind: 'dead' }>): void {
    this.#deadLetters.set(message.id, { ...message, attempts, reason: death.reason, diedAt: death.at });
    if (death.notice !== undefined) this.#enqueue(death.notice);
  }
}
