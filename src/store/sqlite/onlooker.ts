import { existsSync } from 'node:fs';
import { StoreSchemaError, StoreUnavailableError } from '../../errors';
import { LatestTime } from '../latestTime';
import type { OperatorRequests, StoreUser } from '../operatorCommands';
import type { StoreReading, StoreView } from '../storeView';
import { AccessedTranscriptStore } from '../transcriptAccess';
import { type DeliveryTables, openDeliveryTables, statsOf } from './deliveryTables';
import { openDriver } from './driver/openDriver';
import type { OpenDriver, SqliteDriver } from './driver/sqliteDriver';
import { reading, unavailable } from './failure';
import { History } from './history';
import { SCHEMA_VERSION, versionOf } from './migrations/migrate';
import { SqliteOperatorRequests } from './operatorCommands';
import { OperatorCommandTable } from './operatorCommandTable';
import { lastOwner } from './owner';
import { isOwned } from './ownership';
import type { VoidedClaims } from './recovery';
import { SerialNumbers } from './serialNumbers';
import { Transcripts } from './transcripts';
import { UndoLog } from './undoLog';

/** Milliseconds for which an onlooker waits for the owner's transactions. */
const BUSY_TIMEOUT_MS = 5000;
/** Only an owner frees what a former one had claimed. */
const NOTHING_VOIDED: VoidedClaims = { inbox: [], outbox: [] };

/**
 * A database as a process sees it that does not own it. It makes no file, changes no schema, and writes nothing but
 * commands for the owner; SQLite itself holds it to that.
 */
export class SqliteOnlooker implements StoreView {
  readonly reading: StoreReading;
  readonly requests: OperatorRequests;
  readonly #path: string;
  readonly #open: OpenDriver;
  readonly #driver: SqliteDriver;

  /**
   * @throws {StoreUnavailableError} when there is no such file, or it cannot be read.
   * @throws {StoreSchemaError} when it is of another version of this package.
   */
  constructor(path: string, open: OpenDriver = openDriver) {
    this.#path = path;
    this.#open = open;
    this.#driver = openExisting(path, open);
    this.reading = this.#makeReading();
    this.requests = new SqliteOperatorRequests({
      read: (query) => reading(path, () => query(new OperatorCommandTable(this.#driver))),
      write: async (_operation, change) => this.#write(() => change(new OperatorCommandTable(this.#driver))),
    });
  }

  async users(): Promise<readonly StoreUser[]> {
    return reading(this.#path, () => {
      if (!isOwned(this.#open, this.#path)) return [];
      const unknown: StoreUser = { role: 'bot', host: undefined, pid: undefined, since: undefined };
      return [lastOwner(this.#driver) ?? unknown];
    });
  }

  async close(): Promise<void> {
    this.#driver.close();
  }

  #makeReading(): StoreReading {
    const read = async <Result>(query: (tables: DeliveryTables) => Result): Promise<Result> =>
      reading(this.#path, () => query(this.#tables()));
    return {
      transcripts: new AccessedTranscriptStore({
        read: async (query) => reading(this.#path, () => query(new Transcripts(this.#driver))),
        write: () => Promise.reject(new TypeError('An onlooker writes no transcript.')),
      }),
      listDeadLetters: (page) => read(({ deadLetters }) => deadLetters.list(page)),
      findDeadLetter: (id) => read(({ deadLetters }) => deadLetters.find(id)),
      listQuarantine: (page) => read(({ quarantine }) => quarantine.list(page)),
      findQuarantined: (id) => read(({ quarantine }) => quarantine.find(id)),
      findConversation: (id) => read(({ conversations }) => conversations.find(id)),
      listConversations: (kind, page) => read(({ conversations }) => conversations.list(kind, page)),
      loadHealth: (destination) => read(({ healths }) => healths.load(destination)),
      listDestinations: () => read(({ healths }) => healths.names()),
      stats: () => read(statsOf),
      history: async (id, page) =>
        reading(this.#path, () => new History(this.#driver).ofConversation(id, page)),
      activity: async (after, limit) =>
        reading(this.#path, () => new History(this.#driver).activity(after, limit)),
    };
  }

  /** Made anew for every question, for they count as they are made, and the owner tells nobody of changes. */
  #tables(): DeliveryTables {
    const context = {
      driver: this.#driver,
      undo: new UndoLog(),
      // For claims, of which an onlooker makes none.
      fences: new SerialNumbers(0),
      time: new LatestTime(),
    };
    return openDeliveryTables(context, new Transcripts(this.#driver), 0, NOTHING_VOIDED);
  }

  #write<Result>(change: () => Result): Result {
    const driver = this.#driver;
    try {
      driver.exec('PRAGMA query_only = OFF; BEGIN IMMEDIATE');
      const result = change();
      driver.exec('COMMIT');
      return result;
    } catch (error) {
      rollBack(driver);
      throw unavailable(this.#path, error);
    } finally {
      driver.exec('PRAGMA query_only = ON');
    }
  }
}

function openExisting(path: string, open: OpenDriver): SqliteDriver {
  if (!existsSync(path)) {
    throw new StoreUnavailableError(
      `There is no database '${path}'. Check the path; a bot makes the file when it first starts.`,
    );
  }
  let driver: SqliteDriver | undefined;
  try {
    driver = open(path);
    driver.exec(
      `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA synchronous = FULL; PRAGMA query_only = ON`,
    );
    mustBeCurrent(driver, path);
    return driver;
  } catch (error) {
    driver?.close();
    throw unavailable(path, error);
  }
}

function mustBeCurrent(driver: SqliteDriver, path: string): void {
  const version = versionOf(driver);
  if (version === SCHEMA_VERSION) return;
  throw new StoreSchemaError(
    `The database '${path}' has schema version ${version}, and this version of botbuilder-adapter-webex-connect ` +
      `knows ${SCHEMA_VERSION}. Use the version that the bot runs on; a bot of this one brings the schema up to date.`,
  );
}

function rollBack(driver: SqliteDriver): void {
  try {
    driver.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, or the transaction never began.
  }
}
