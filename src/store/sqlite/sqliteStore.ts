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
import type { OperatorCommands } from '../operatorCommands';
import { AccessedTranscriptStore } from '../transcriptAccess';
import { prepareDocuments } from './botState';
import { settleSend, stageMessages, tieConversation, updateConversation } from './conversationActions';
import { Database } from './database';
import { type DeliveryTables, statsOf } from './deliveryTables';
import { SqliteOperatorCommands } from './operatorCommands';
import { patiently } from './ownership';
import { discardQuarantined, replayQuarantined } from './quarantineActions';
import {
  readSqliteStoreOptions,
  type SqliteStoreInternals,
  type SqliteStoreOptions,
  type SqliteStoreSettings,
} from './sqliteStoreOptions';

/** An operator's command owns a database for moments, and a bot that is being replaced may still be ending. */
const PATIENCE_MS = 3000;

/**
 * Keeps everything in one SQLite file: inbox, outbox, conversations and health for the adapter, bot state as
 * botbuilder's `Storage`, and {@link SqliteStore.transcripts}. Every write is on the disk before its promise resolves.
 *
 * One process owns the file for delivery (see `open`); others may read it. For several replicas of a bot, use
 * `PostgresStore`.
 */
export class SqliteStore implements DeliveryStore, Storage {
  readonly isShared = false;
  /** botbuilder's `TranscriptStore`. Opens the database when it is first used. */
  readonly transcripts: TranscriptStore;
  readonly operatorCommands: OperatorCommands;
  readonly #settings: SqliteStoreSettings;
  readonly #internals: SqliteStoreInternals;
  #database: Database | undefined;
  #isClosed = false;

  /**
   * Touches nothing yet: the file, and the folder it lies in, are made when the store is first used.
   *
   * @param options The path of the database file, or all options.
   * @param internals For the tests of this package.
   * @throws {WebexConnectConfigurationError} when an option is wrong, with its path.
   */
  constructor(options: string | SqliteStoreOptions, internals: SqliteStoreInternals = {}) {
    this.#settings = readSqliteStoreOptions(options);
    this.#internals = internals;
    this.transcripts = new AccessedTranscriptStore({
      read: async (query) => {
        const database = this.#opened();
        return database.read(() => query(database.transcripts));
      },
      write: async (operation, change) => {
        const database = this.#opened();
        await database.write(operation, () => change(database.transcripts));
      },
    });
    const hasCommands = () => this.#read(({ operatorCommands }) => operatorCommands.hasWaiting());
    this.operatorCommands = new SqliteOperatorCommands(
      {
        read: (query) => this.#read(({ operatorCommands }) => query(operatorCommands)),
        write: async (operation, change) =>
          this.#write(operation, undefined, ({ operatorCommands }) => change(operatorCommands)),
      },
      (listener) => this.#opened().watchOthers(hasCommands, listener),
    );
  }

  /** Transactions committed since the database was opened: with full synchronisation, one fsync each. */
  get commits(): number {
    return this.#database?.commits ?? 0;
  }

  /**
   * Opens the database, makes its schema current, and makes this process its one owner until `close`, or until the
   * process ends: the lock is an open transaction on `<path>-lock`, which the operating system lifts with the process.
   *
   * Waits three seconds for an owner that goes.
   *
   * @throws {StoreInUseError} when another process, or another store of this one, has it.
   * @throws {StoreSchemaError} when it was written by a newer version of this package.
   * @throws {StoreUnavailableError} when it cannot be opened or written.
   */
  async open(): Promise<void> {
    this.#isClosed = false;
    await patiently(() => this.#opened().own(), this.#internals.patienceMs ?? PATIENCE_MS);
  }

  /** Writes what waits, and gives the database up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const database = this.#database;
    this.#database = undefined;
    database?.close();
  }

  watch(): () => void {
    return () => {};
  }

  async accept(event: NewInboxEvent, terms: AcceptTerms): Promise<AcceptOutcome> {
    return this.#write('accept', terms.now, ({ inbox }) => inbox.accept(event, terms));
  }

  async claimTurns(limit: number, terms: ClaimTerms): Promise<readonly ClaimedTurn[]> {
    if (!this.#read(({ inbox }) => inbox.hasDue(terms.now))) return [];
    return this.#write('claimTurns', terms.now, ({ inbox }) => inbox.claim(limit, terms));
  }

  async settleTurn(
    turn: ClaimedTurn,
    settlement: TurnSettlement,
    claimNext: ClaimTerms | undefined,
  ): Promise<ClaimedTurn | undefined> {
    const { inbox } = this.#delivery();
    const settle = () => inbox.settle(turn, settlement, claimNext);
    // Nobody waits for the end of a turn but the conversation's next event. Should the process die in the meantime,
    // the turn is run again, and what it sent is stored already (I4).
    const isAwaited = settlement.kind !== 'completed' || inbox.hasFollower(turn);
    if (isAwaited) return this.#write('settleTurn', claimNext?.now, settle);
    const database = this.#opened();
    if (claimNext !== undefined) database.time.see(claimNext.now);
    return database.writeAlong('settleTurn', settle);
  }

  async nextTurnAt(now: number): Promise<number | undefined> {
    return this.#read(({ inbox }) => inbox.nextDueAt(now));
  }

  async stage(messages: readonly NewOutboxMessage[], terms: StageTerms): Promise<StageOutcome> {
    return this.#write('stage', terms.claim?.now, (tables) => stageMessages(tables, messages, terms));
  }

  async claimSends(destination: string, limit: number, terms: ClaimTerms): Promise<readonly ClaimedSend[]> {
    if (!this.#read(({ outbox }) => outbox.hasDue(destination, terms.now))) return [];
    return this.#write('claimSends', terms.now, ({ outbox }) => outbox.claim(destination, limit, terms));
  }

  async settleSend(
    send: ClaimedSend,
    settlement: SendSettlement,
    terms: SettleSendTerms,
  ): Promise<SettledSend> {
    return this.#write('settleSend', terms.claimNext?.now, (tables) =>
      settleSend(tables, send, settlement, terms),
    );
  }

  async nextSendAt(destination: string, now: number): Promise<number | undefined> {
    return this.#read(({ outbox }) => outbox.nextDueAt(destination, now));
  }

  async expedite(destination: string, conversationId?: string): Promise<void> {
    if (!this.#read(({ outbox }) => outbox.hasDelayed(destination, conversationId))) return;
    await this.#write('expedite', undefined, ({ outbox }) => outbox.expedite(destination, conversationId));
  }

  async findActivityId(conversationId: string, platformMessageId: string): Promise<string | undefined> {
    return this.#read(({ outbox }) => outbox.findActivityId(conversationId, platformMessageId));
  }

  async loadHealth(destination: string): Promise<DestinationHealth> {
    return this.#read(({ healths }) => healths.load(destination));
  }

  async updateHealth(destination: string, update: HealthUpdate): Promise<DestinationHealth> {
    return this.#write('updateHealth', undefined, ({ healths }) => healths.update(destination, update));
  }

  async listDestinations(): Promise<readonly string[]> {
    return this.#read(({ healths }) => healths.names());
  }

  async renewLeases(terms: ClaimTerms): Promise<void> {
    const { inbox, outbox } = this.#delivery();
    inbox.lanes.leases.renew(terms);
    outbox.lanes.leases.renew(terms);
  }

  async releaseLeases(worker: string): Promise<void> {
    await this.#write('releaseLeases', undefined, ({ inbox, outbox }) => {
      inbox.lanes.release(worker);
      outbox.lanes.release(worker);
    });
  }

  async listDeadLetters(page: Page): Promise<readonly DeadLetter[]> {
    return this.#read(({ deadLetters }) => deadLetters.list(page));
  }

  async findDeadLetter(id: string): Promise<DeadLetter | undefined> {
    return this.#read(({ deadLetters }) => deadLetters.find(id));
  }

  async replayDeadLetter(id: string): Promise<ReplayOutcome> {
    return this.#write('replayDeadLetter', undefined, ({ deadLetters }) => deadLetters.replay(id));
  }

  async discardDeadLetter(id: string): Promise<boolean> {
    return this.#write('discardDeadLetter', undefined, ({ deadLetters }) => deadLetters.discard(id));
  }

  async quarantine(item: NewQuarantinedRequest, limit: number): Promise<void> {
    await this.#write('quarantine', item.receivedAt, ({ quarantine }) => quarantine.putRequest(item, limit));
  }

  async listQuarantine(page: Page): Promise<readonly QuarantinedItem[]> {
    return this.#read(({ quarantine }) => quarantine.list(page));
  }

  async findQuarantined(id: string): Promise<QuarantinedItem | undefined> {
    return this.#read(({ quarantine }) => quarantine.find(id));
  }

  async replayQuarantined(id: string, event: NewInboxEvent): Promise<boolean> {
    return this.#write('replayQuarantined', undefined, (tables) => replayQuarantined(tables, id, event));
  }

  async discardQuarantined(id: string): Promise<boolean> {
    return this.#write('discardQuarantined', undefined, (tables) => discardQuarantined(tables, id));
  }

  async findConversation(conversationId: string): Promise<ConversationRecord | undefined> {
    return this.#read(({ conversations }) => conversations.find(conversationId));
  }

  async listConversations(
    kind: ConversationRecord['kind'],
    page: Page,
  ): Promise<readonly ConversationRecord[]> {
    return this.#read(({ conversations }) => conversations.list(kind, page));
  }

  async updateConversation(
    conversationId: string,
    update: ConversationUpdate,
  ): Promise<ConversationRecord | undefined> {
    return this.#write('updateConversation', undefined, (tables) => {
      updateConversation(tables, conversationId, update);
      return tables.conversations.find(conversationId);
    });
  }

  async tieConversation(ids: TieIds, tie: ConversationTie): Promise<boolean> {
    return this.#write('tieConversation', undefined, (tables) => tieConversation(tables, ids, tie));
  }

  async recentTranscript(
    channelId: string,
    conversationId: string,
    limit: number,
  ): Promise<readonly string[]> {
    return this.#read(({ transcripts }) => transcripts.recent(channelId, conversationId, limit));
  }

  async history(conversationId: string, page: Page): Promise<readonly HistoryEntry[]> {
    return this.#read((_tables, { history }) => history.ofConversation(conversationId, page));
  }

  async activity(after: string | undefined, limit: number): Promise<RecentActivity> {
    return this.#read((_tables, { history }) => history.activity(after, limit));
  }

  async stats(): Promise<StoreStats> {
    return this.#read(statsOf);
  }

  /** botbuilder's `Storage`: what is stored under `keys`. Opens the database when it is first used. */
  async read(keys: string[]): Promise<StoreItems> {
    if (!keys) throw new ReferenceError('Keys are required when reading.');
    const database = this.#opened();
    return database.read(() => database.botState.read(keys));
  }

  /**
   * botbuilder's `Storage`: stores all of `changes` or none, and gives each a new eTag.
   *
   * @throws {Error} when one of them has an eTag other than `*` and was changed since it was read.
   */
  async write(changes: StoreItems): Promise<void> {
    if (!changes) throw new ReferenceError('Changes are required when writing.');
    const documents = prepareDocuments(changes);
    const database = this.#opened();
    await database.write('write', () => database.botState.write(documents));
  }

  /** botbuilder's `Storage`. */
  async delete(keys: string[]): Promise<void> {
    if (!keys) throw new ReferenceError('Keys are required when deleting.');
    const database = this.#opened();
    await database.write('delete', () => database.botState.delete(keys));
  }

  #opened(): Database {
    if (this.#isClosed) throw new StoreClosedError();
    this.#database ??= new Database(this.#settings, this.#internals);
    return this.#database;
  }

  #delivery(): DeliveryTables {
    const tables = this.#database?.delivery;
    if (tables === undefined) throw new StoreClosedError();
    return tables;
  }

  #read<Result>(query: (tables: DeliveryTables, database: Database) => Result): Result {
    const tables = this.#delivery();
    const database = this.#opened();
    return database.read(() => query(tables, database));
  }

  /** @param now The caller's time, when it names one. */
  #write<Result>(
    operation: string,
    now: number | undefined,
    change: (tables: DeliveryTables) => Result,
  ): Promise<Result> {
    const tables = this.#delivery();
    const database = this.#opened();
    if (now !== undefined) database.time.see(now);
    return database.write(operation, () => change(tables));
  }
}
