import { LatestTime } from '../latestTime';
import { BotState } from './botState';
import { type Connection, connect, makeFolder } from './connect';
import { type DeliveryTables, openDeliveryTables } from './deliveryTables';
import { openDriver } from './driver/openDriver';
import { reading, unavailable } from './failure';
import { GroupCommit } from './groupCommit';
import { History } from './history';
import { OutsideWrites } from './outsideWrites';
import { noteOwner } from './owner';
import { type Release, takeOwnership } from './ownership';
import { voidClaims } from './recovery';
import { SerialNumbers } from './serialNumbers';
import type { SqliteStoreInternals, SqliteStoreSettings } from './sqliteStoreOptions';
import type { TableContext } from './tableContext';
import { Transcripts } from './transcripts';
import { UndoLog } from './undoLog';

/** Ended rows are looked for once per this many operations. */
const OPERATIONS_PER_PRUNING = 32;

/**
 * An open database. Bot state and transcripts are there at once; what delivery needs, once the database is owned.
 */
export class Database {
  readonly time = new LatestTime();
  readonly botState: BotState;
  readonly transcripts: Transcripts;
  readonly history: History;
  readonly #settings: SqliteStoreSettings;
  readonly #internals: SqliteStoreInternals;
  readonly #connection: Connection;
  readonly #context: TableContext;
  readonly #group: GroupCommit;
  readonly #watches = new Set<OutsideWrites>();
  #owned: { readonly tables: DeliveryTables; readonly release: Release } | undefined;

  /**
   * Opens the database and brings its schema up to date.
   *
   * @throws {StoreInUseError} when it has an older schema, and another process delivers from it.
   * @throws {StoreUnavailableError} when it cannot be opened.
   * @throws {StoreSchemaError} when it was written by a newer version of this package.
   */
  constructor(settings: SqliteStoreSettings, internals: SqliteStoreInternals) {
    const open = internals.openDriver ?? openDriver;
    const connection = opening(settings.path, () => connect(open, settings, internals.openLog));
    const { driver, path, log } = connection;
    const undo = new UndoLog();
    const fences = new SerialNumbers(connection.opening);
    this.#settings = settings;
    this.#internals = internals;
    this.#connection = connection;
    this.#context = { driver, undo, fences, time: this.time };
    this.#group = new GroupCommit({
      driver,
      log,
      path,
      undo,
      housekeeping: {
        everyOperations: OPERATIONS_PER_PRUNING,
        run: () => this.#owned?.tables.retention.prune(),
      },
      onCommit: internals.onCommitBoundary ?? (() => {}),
    });
    this.botState = new BotState(driver, fences);
    this.transcripts = new Transcripts(driver);
    this.history = new History(driver);
  }

  get commits(): number {
    return this.#group.commits;
  }

  /** What delivery needs; `undefined` before the database is owned. */
  get delivery(): DeliveryTables | undefined {
    return this.#owned?.tables;
  }

  /**
   * Makes this process the one that delivers, and frees what a former one had claimed. Harmless when it is so.
   *
   * @throws {StoreInUseError} when another has it.
   */
  own(): void {
    if (this.#owned !== undefined) return;
    const { path, retentionMs } = this.#settings;
    opening(path, () => {
      const release = takeOwnership(this.#internals.openDriver ?? openDriver, path);
      try {
        noteOwner(this.#context.driver, this.#internals.role ?? 'bot');
        const voided = voidClaims(this.#context.driver);
        const tables = openDeliveryTables(this.#context, this.transcripts, retentionMs, voided);
        this.#owned = { tables, release };
      } catch (error) {
        release();
        throw error;
      }
    });
  }

  /** Puts `operation` into the next group commit. */
  write<Result>(name: string, operation: () => Result): Promise<Result> {
    return this.#group.write(name, operation);
  }

  /** Like `write`, but goes along with somebody else's transaction if there is one in the next moment. */
  writeAlong<Result>(name: string, operation: () => Result): Promise<Result> {
    return this.#group.writeAlong(name, operation);
  }

  /** @throws {StoreUnavailableError} when the database cannot be read. */
  read<Result>(query: () => Result): Result {
    if (this.#group.failure !== undefined) throw this.#group.failure;
    return reading(this.#settings.path, query);
  }

  /** Calls `listener` when another process has written, and `hasWork`. @returns What ends it. */
  watchOthers(hasWork: () => boolean, listener: () => void): () => void {
    const watch = new OutsideWrites(this.#connection.driver, hasWork, listener);
    this.#watches.add(watch);
    return () => {
      watch.stop();
      this.#watches.delete(watch);
    };
  }

  /** Writes what waits, closes the database and gives it up. */
  close(): void {
    for (const watch of this.#watches) watch.stop();
    this.#group.end();
    this.#connection.log?.close();
    this.#foldLog();
    this.#connection.driver.close();
    this.#owned?.release();
    this.#owned = undefined;
  }

  /** Leaves everything in the one file, to be copied or moved. Not all drivers do so by themselves. */
  #foldLog(): void {
    try {
      this.#connection.driver.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    } catch {
      // Without room or with a reader in the way, the log stays beside the file; nothing is lost.
    }
  }
}

function opening<Result>(path: string, open: () => Result): Result {
  try {
    makeFolder(path);
    return open();
  } catch (error) {
    throw unavailable(path, error);
  }
}
