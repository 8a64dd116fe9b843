import type { Storage, StoreItems, TranscriptStore } from 'botbuilder';
import { StoreClosedError } from '../../errors';
import type { ConversationRecord } from '../conversationRecord';
import type {
  AcceptOutcome,
  AcceptTerms,
  ClaimedSend,
  ClaimedTurn,
  ClaimTerms,
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
} from '../deliveryStore';
import type { OperatorCommands, StoreUser } from '../operatorCommands';
import { bots } from './attendance';
import { BotState } from './botState';
import { Conversations } from './conversations';
import { Database } from './database';
import { DeadLetters } from './deadLetters';
import { HealthBook } from './healthBook';
import { HeldLeases } from './heldLeases';
import { History } from './history';
import { Inbox } from './inbox';
import { Leases } from './leases';
import { checkSchema, migrate } from './migrate';
import { Notifications } from './notifications';
import { PostgresOperatorCommands } from './operatorCommands';
import { Outbox } from './outbox';
import {
  type PostgresStoreInternals,
  type PostgresStoreOptions,
  type PostgresStoreSettings,
  readPostgresStoreOptions,
} from './postgresStoreOptions';
import { PostgresTranscriptStore } from './postgresTranscriptStore';
import { Pruner } from './pruner';
import { Quarantine } from './quarantine';
import { recentActivities } from './recentActivities';
import { countAll } from './stats';
import { StoreTime } from './storeTime';

/**
 * Keeps everything in PostgreSQL: inbox, outbox and health for the adapter, bot state as botbuilder's `Storage`,
 * and {@link PostgresStore.transcripts}. Several replicas of a bot may work on one schema: each conversation is
 * worked on by one of them at a time, in order, and another takes over when it dies.
 *
 * ```ts
 * const store = new PostgresStore(process.env.DATABASE_URL ?? '');
 * const adapter = new WebexConnectAdapter({ webhookUrl, store });
 * const conversationState = new ConversationState(store);
 * ```
 *
 * Needs the package `pg`, and connections of its own: a pooler that hands a session from one to another, as
 * PgBouncer does in transaction mode, knows neither LISTEN nor prepared statements.
 */
export class PostgresStore implements DeliveryStore, Storage {
  readonly isShared = true;
  /** botbuilder's `TranscriptStore`. Opens the store when it is first used. */
  readonly transcripts: TranscriptStore;
  readonly operatorCommands: OperatorCommands;
  readonly #settings: PostgresStoreSettings;
  readonly #database: Database;
  readonly #notifications: Notifications;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #health: HealthBook;
  readonly #leases: Leases;
  readonly #deadLetters: DeadLetters;
  readonly #quarantine: Quarantine;
  readonly #conversations: Conversations;
  readonly #history: History;
  readonly #botState: BotState;
  readonly #pruner: Pruner;
  readonly #onlooks: boolean;
  readonly #prunesByItself: boolean;
  #opening: Promise<void> | undefined;
  #isClosed = false;

  /**
   * Connects to nothing yet.
   *
   * @param options The connection string, or all options.
   * @param internals For the tests of this package.
   * @throws {WebexConnectConfigurationError} when an option is wrong, with its path.
   */
  constructor(options: string | PostgresStoreOptions, internals: PostgresStoreInternals = {}) {
    this.#settings = readPostgresStoreOptions(options);
    const time = new StoreTime(internals);
    const held = new HeldLeases();
    const database = new Database(this.#settings);
    const announce = () => this.#notifications.announce();
    this.#database = database;
    this.#notifications = new Notifications(database, this.#settings);
    this.#inbox = new Inbox(database, time, held, announce);
    this.#health = new HealthBook(database);
    this.#outbox = new Outbox(database, time, held, this.#health, announce);
    this.#leases = new Leases(database, time, held, announce);
    this.#deadLetters = new DeadLetters(database, time, announce);
    this.#quarantine = new Quarantine(database, time, announce);
    this.#conversations = new Conversations(database, time, announce);
    this.#history = new History(database);
    this.#botState = new BotState(database);
    this.#pruner = new Pruner(database, time, this.#settings);
    this.#onlooks = internals.onlooks ?? false;
    this.#prunesByItself = !time.trustsCaller && !this.#onlooks;
    this.operatorCommands = new PostgresOperatorCommands(database, time, this.#notifications);
    this.transcripts = new PostgresTranscriptStore(() => this.#opened());
  }

  /**
   * Connects, and makes the schema current.
   *
   * @throws {StoreUnavailableError} when the server cannot be reached or refuses us.
   * @throws {StoreSchemaError} when a newer version of this package has written the schema.
   */
  async open(): Promise<void> {
    this.#isClosed = false;
    this.#opening ??= this.#open();
    await this.#opening;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => {});
    this.#opening = undefined;
    this.#pruner.stop();
    this.#notifications.close();
    await this.#database.close();
  }

  /** Calls `listener` when another replica may have left work. */
  watch(listener: () => void): () => void {
    return this.#notifications.watch(listener);
  }

  async accept(event: NewInboxEvent, terms: AcceptTerms): Promise<AcceptOutcome> {
    return this.#inbox.accept(event, terms);
  }

  async claimTurns(limit: number, terms: ClaimTerms): Promise<readonly ClaimedTurn[]> {
    return this.#inbox.claim(limit, terms);
  }

  async settleTurn(
    turn: ClaimedTurn,
    settlement: TurnSettlement,
    claimNext: ClaimTerms | undefined,
  ): Promise<ClaimedTurn | undefined> {
    return this.#inbox.settle(turn, settlement, claimNext);
  }

  async nextTurnAt(now: number): Promise<number | undefined> {
    return this.#inbox.nextTurnAt(now);
  }

  async stage(messages: readonly NewOutboxMessage[], terms: StageTerms): Promise<StageOutcome> {
    return this.#outbox.stage(messages, terms);
  }

  async claimSends(destination: string, limit: number, terms: ClaimTerms): Promise<readonly ClaimedSend[]> {
    return this.#outbox.claim(destination, limit, terms);
  }

  async settleSend(
    send: ClaimedSend,
    settlement: SendSettlement,
    terms: SettleSendTerms,
  ): Promise<SettledSend> {
    return this.#outbox.settle(send, settlement, terms);
  }

  async nextSendAt(destination: string, now: number): Promise<number | undefined> {
    return this.#outbox.nextSendAt(destination, now);
  }

  async expedite(destination: string, conversationId?: string): Promise<void> {
    return this.#outbox.expedite(destination, conversationId);
  }

  async findActivityId(conversationId: string, platformMessageId: string): Promise<string | undefined> {
    return this.#outbox.findActivityId(conversationId, platformMessageId);
  }

  async loadHealth(destination: string): Promise<DestinationHealth> {
    return this.#health.load(destination);
  }

  async updateHealth(destination: string, update: HealthUpdate): Promise<DestinationHealth> {
    return this.#health.update(destination, update);
  }

  async listDestinations(): Promise<readonly string[]> {
    return this.#health.names();
  }

  async renewLeases(terms: ClaimTerms): Promise<void> {
    return this.#leases.renew(terms);
  }

  async releaseLeases(worker: string): Promise<void> {
    return this.#leases.release(worker);
  }

  async listDeadLetters(page: Page): Promise<readonly DeadLetter[]> {
    return this.#deadLetters.list(page);
  }

  async findDeadLetter(id: string): Promise<DeadLetter | undefined> {
    return this.#deadLetters.find(id);
  }

  async replayDeadLetter(id: string): Promise<ReplayOutcome> {
    return this.#deadLetters.replay(id);
  }

  async discardDeadLetter(id: string): Promise<boolean> {
    return this.#deadLetters.discard(id);
  }

  async quarantine(item: NewQuarantinedRequest, limit: number): Promise<void> {
    return this.#quarantine.add(item, limit);
  }

  async listQuarantine(page: Page): Promise<readonly QuarantinedItem[]> {
    return this.#quarantine.list(page);
  }

  async findQuarantined(id: string): Promise<QuarantinedItem | undefined> {
    return this.#quarantine.find(id);
  }

  async replayQuarantined(id: string, event: NewInboxEvent): Promise<boolean> {
    return this.#quarantine.replay(id, event);
  }

  async discardQuarantined(id: string): Promise<boolean> {
    return this.#quarantine.discard(id);
  }

  async findConversation(conversationId: string): Promise<ConversationRecord | undefined> {
    return this.#conversations.find(conversationId);
  }

  async listConversations(
    kind: ConversationRecord['kind'],
    page: Page,
  ): Promise<readonly ConversationRecord[]> {
    return this.#conversations.list(kind, page);
  }

  async updateConversation(
    conversationId: string,
    update: ConversationUpdate,
  ): Promise<ConversationRecord | undefined> {
    return this.#conversations.update(conversationId, update);
  }

  async tieConversation(ids: TieIds, tie: ConversationTie): Promise<boolean> {
    return this.#conversations.tie(ids, tie);
  }

  async recentTranscript(
    channelId: string,
    conversationId: string,
    limit: number,
  ): Promise<readonly string[]> {
    return recentActivities(this.#database, { channelId, conversationId }, limit);
  }

  async history(conversationId: string, page: Page): Promise<readonly HistoryEntry[]> {
    return this.#history.ofConversation(conversationId, page);
  }

  async activity(after: string | undefined, limit: number): Promise<RecentActivity> {
    return this.#history.activity(after, limit);
  }

  async stats(): Promise<StoreStats> {
    return countAll(this.#database);
  }

  /** botbuilder's `Storage`: what is stored under `keys`. Opens the store when it is first used. */
  async read(keys: string[]): Promise<StoreItems> {
    if (!keys) throw new ReferenceError('Keys are required when reading.');
    await this.#opened();
    return this.#botState.read(keys);
  }

  /**
   * botbuilder's `Storage`: writes all of `changes` or none.
   *
   * @throws {Error} at an eTag conflict, naming the key.
   */
  async write(changes: StoreItems): Promise<void> {
    if (!changes) throw new ReferenceError('Changes are required when writing.');
    const writing = this.#botState.prepare(changes);
    await this.#opened();
    return writing();
  }

  /** botbuilder's `Storage`: deletes what is stored under `keys`. */
  async delete(keys: string[]): Promise<void> {
    await this.#opened();
    return this.#botState.delete(keys);
  }

  /** The bots that run on the schema. @internal */
  async users(): Promise<readonly StoreUser[]> {
    return bots(this.#database, this.#settings.schema);
  }

  /**
   * Drops what has been kept long enough; the store does so by itself now and then.
   *
   * @internal
   */
  async prune(): Promise<void> {
    return this.#pruner.run();
  }

  async #open(): Promise<void> {
    try {
      await (this.#onlooks ? checkSchema(this.#settings) : migrate(this.#settings));
      this.#database.open();
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    this.#inbox.forget();
    this.#health.forget();
    this.#notifications.open();
    if (this.#prunesByItself) this.#pruner.start();
  }

  /** Bot state and transcripts are used as in any bot, which opens no store. */
  async #opened(): Promise<Database> {
    if (this.#isClosed) throw new StoreClosedError();
    if (!this.#database.isOpen) await this.open();
    return this.#database;
  }
}
