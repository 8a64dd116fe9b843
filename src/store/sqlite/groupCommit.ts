import type { SqliteDriver, SqliteStatement } from './driver/sqliteDriver';
import { isDatabaseFailure, notKept, unavailable } from './failure';
import type { LogSync } from './logSync';
import type { UndoLog } from './undoLog';

/** Told at every commit, with the names of the operations that it holds, in order. Must not throw. */
export type CommitListener = (
  boundary: 'before-commit' | 'after-commit',
  operations: readonly string[],
) => void;

/** What is done beside the callers' operations, now and then, in their transaction. */
export interface Housekeeping {
  /** Runs once per this many operations. */
  readonly everyOperations: number;
  run(): void;
}

interface WaitingOperation {
  readonly name: string;
  /** Runs in the transaction. @returns What tells the caller, once it is known that all is durable. */
  apply(): () => void;
  reject(error: unknown): void;
}

/** A group that is committed, but may not be on the disk yet. */
interface Group {
  readonly operations: readonly WaitingOperation[];
  /** What tells the callers. */
  readonly resolutions: readonly (() => void)[];
}

/** What {@link GroupCommit} is made of. */
export interface GroupCommitParts {
  readonly driver: SqliteDriver;
  /** `undefined` where what is committed is durable. */
  readonly log: LogSync | undefined;
  /** Names the database in errors. */
  readonly path: string;
  readonly undo: UndoLog;
  readonly housekeeping: Housekeeping;
  readonly onCommit: CommitListener;
}

/**
 * Milliseconds that a write which nobody waits for holds out for a transaction to go along with. A webhook's answer
 * mostly comes within it, and brings one.
 */
const ALONG_WITHIN_MS = 50;

/**
 * Puts everything that waits to be written into one transaction, so that one fsync serves it all. What comes in while
 * the event loop handles its sockets, and while the group before is on its way to the disk, makes a group. A caller hears
 * of success only when it is there. One operation that fails takes back its own changes, no one else's.
 */
export class GroupCommit {
  readonly #parts: GroupCommitParts;
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  #waiting: WaitingOperation[] = [];
  /** Whether somebody waits for the group to be written, or has waited long enough. */
  #isDue = false;
  #flushSoon: NodeJS.Immediate | undefined;
  #flushLater: NodeJS.Timeout | undefined;
  /** On its way to the disk. */
  #group: Group | undefined;
  #failure: Error | undefined;
  #sinceHousekeeping = 0;
  #commits = 0;

  constructor(parts: GroupCommitParts) {
    this.#parts = parts;
    this.#begin = parts.driver.prepare('BEGIN IMMEDIATE');
    this.#commit = parts.driver.prepare('COMMIT');
  }

  /** How many transactions were committed: one fsync each, at most. */
  get commits(): number {
    return this.#commits;
  }

  /**
   * Why nothing can be written any more: the disk has failed to keep what was committed. Whether it is there can be told
   * only by who opens the database anew; a second fsync may well succeed, and would mean nothing.
   */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * Runs `operation` in the next group's transaction.
   *
   * @param name Tells the operation in the commit listener.
   * @returns What `operation` returned, once it is durable.
   * @throws What `operation` threw; nothing of it was written then.
   * @throws {StoreUnavailableError} when the group could not be committed, or not be forced onto the disk.
   */
  write<Result>(name: string, operation: () => Result): Promise<Result> {
    const written = this.#enqueue(name, operation);
    this.#isDue = true;
    this.#schedule();
    return written;
  }

  /** Like {@link write}, but waits a moment for somebody else's transaction to go along with. */
  writeAlong<Result>(name: string, operation: () => Result): Promise<Result> {
    const written = this.#enqueue(name, operation);
    this.#flushLater ??= setTimeout(() => {
      this.#isDue = true;
      this.#flush();
    }, ALONG_WITHIN_MS);
    return written;
  }

  #enqueue<Result>(name: string, operation: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const apply = () => {
        const result = operation();
        return () => resolve(result);
      };
      this.#waiting.push({ name, apply, reject });
    });
  }

  #schedule(): void {
    if (this.#group === undefined) this.#flushSoon ??= setImmediate(() => this.#flush());
  }

  /** Writes what waits, unless a group is on its way to the disk: then what waits makes the next. */
  #flush(): void {
    if (this.#group !== undefined) return;
    const group = this.#commitWaiting();
    if (group === undefined) return;
    const { log } = this.#parts;
    if (log === undefined) {
      tell(group);
      return;
    }
    this.#group = group;
    log.begin((error) => {
      // It was ended meanwhile, at once.
      if (this.#group !== group) return;
      this.#group = undefined;
      this.#conclude(group, error);
      if (this.#isDue) this.#schedule();
    });
  }

  /** Writes what waits, and resolves when all is on the disk, now. */
  end(): void {
    const groups = [this.#group, this.#commitWaiting()].filter((group) => group !== undefined);
    this.#group = undefined;
    let failure: Error | null = null;
    try {
      this.#parts.log?.now();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    for (const group of groups) this.#conclude(group, failure);
  }

  #conclude(group: Group, error: Error | null): void {
    if (error === null) {
      tell(group);
      return;
    }
    this.#failure = notKept(this.#parts.path, error);
    for (const { reject } of group.operations) reject(this.#failure);
  }

  #commitWaiting(): Group | undefined {
    clearImmediate(this.#flushSoon);
    clearTimeout(this.#flushLater);
    this.#flushSoon = undefined;
    this.#flushLater = undefined;
    this.#isDue = false;
    const operations = this.#waiting;
    if (operations.length === 0) return undefined;
    this.#waiting = [];
    try {
      if (this.#failure !== undefined) throw this.#failure;
      return { operations, resolutions: this.#transact(operations) };
    } catch (error) {
      if (this.#failure === undefined) this.#rollBack();
      const failure = unavailable(this.#parts.path, error);
      for (const { reject } of operations) reject(failure);
      return undefined;
    }
  }

  #transact(group: readonly WaitingOperation[]): (() => void)[] {
    const { onCommit, undo } = this.#parts;
    const names = group.map(({ name }) => name);
    const resolutions = this.#applyAll(group);
    onCommit('before-commit', names);
    this.#commit.run();
    this.#commits++;
    undo.clear();
    onCommit('after-commit', names);
    return resolutions;
  }

  /**
   * Operations hardly ever fail, and savepoints cost as much as a third of the work: so the group is tried without. When
   * one fails, all is taken back and done again, each in a savepoint.
   */
  #applyAll(group: readonly WaitingOperation[]): (() => void)[] {
    this.#begin.run();
    try {
      const resolutions = group.map(({ apply }) => apply());
      this.#keepHouse(group.length);
      return resolutions;
    } catch (error) {
      if (isDatabaseFailure(error)) throw error;
      this.#rollBack();
    }
    this.#begin.run();
    return group.map((operation) => this.#applyInSavepoint(operation));
  }

  #applyInSavepoint({ apply, reject }: WaitingOperation): () => void {
    const { driver, undo } = this.#parts;
    const mark = undo.mark();
    driver.exec('SAVEPOINT operation');
    try {
      const resolve = apply();
      driver.exec('RELEASE operation');
      return resolve;
    } catch (error) {
      if (isDatabaseFailure(error)) throw error;
      undo.undoTo(mark);
      driver.exec('ROLLBACK TO operation; RELEASE operation');
      return () => reject(error);
    }
  }

  #keepHouse(operations: number): void {
    const { everyOperations, run } = this.#parts.housekeeping;
    this.#sinceHousekeeping += operations;
    if (this.#sinceHousekeeping < everyOperations) return;
    this.#sinceHousekeeping = 0;
    run();
  }

  #rollBack(): void {
    this.#parts.undo.undoTo(0);
    try {
      this.#parts.driver.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, or the transaction never began.
    }
  }
}

function tell({ resolutions }: Group): void {
  for (const resolve of resolutions) resolve();
}
