import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, sleep } from '../../../clock';
import { StoreInUseError } from '../../../errors';
import type { OperatorCommand } from '../../../store/operatorCommands';
import { SqliteOnlooker } from '../../../store/sqlite/onlooker';
import { SqliteStore } from '../../../store/sqlite/sqliteStore';
import { actOnStore } from './actOnStore';
import { askBot } from './askBot';
import type { CarryOutTerms, OperatorStore, Outcome } from './operatorStore';

/** Between two times that this process owns the database, so that a bot that starts gets its turn. */
const PAUSE_MS = 250;

/**
 * A SQLite file. While a bot owns it, changes go through the bot, which keeps counters and leases in memory. While
 * nobody does, this process owns it for a moment and makes them itself.
 */
export class SqliteOperatorStore implements OperatorStore {
  readonly name: string;
  readonly view: SqliteOnlooker;
  readonly #path: string;
  readonly #clock: Clock;
  #ownedLast = false;

  /** @throws {StoreUnavailableError} when there is no such file. */
  constructor(path: string, clock: Clock) {
    this.name = `SQLite ${path}`;
    this.view = new SqliteOnlooker(path);
    this.#path = path;
    this.#clock = clock;
  }

  async carryOut(commands: readonly OperatorCommand[], terms: CarryOutTerms): Promise<readonly Outcome[]> {
    const store = await this.#own();
    if (store !== undefined) {
      try {
        return await actOnStore(store, this.#clock, commands);
      } finally {
        await store.close();
      }
    }
    const { requests } = this.view;
    const isAttended = async () => (await this.view.users()).length > 0;
    const { outcomes, ended } = await askBot({ requests, clock: this.#clock, isAttended }, commands, terms);
    return ended === 'botGone' ? this.#resume(commands, outcomes, terms) : outcomes;
  }

  async freeBytes(): Promise<number | undefined> {
    const { bavail, bsize } = await statfs(dirname(this.#path));
    return bavail * bsize;
  }

  close(): Promise<void> {
    return this.view.close();
  }

  /** Goes on with what the bot had not begun when it ended. */
  async #resume(
    commands: readonly OperatorCommand[],
    outcomes: readonly Outcome[],
    terms: CarryOutTerms,
  ): Promise<readonly Outcome[]> {
    const left = commands.filter((_, index) => outcomes[index]?.status === 'withdrawn');
    if (left.length === 0) return outcomes;
    const resumed = [...(await this.carryOut(left, terms))];
    return outcomes.map((outcome) =>
      outcome.status === 'withdrawn' ? (resumed.shift() ?? outcome) : outcome,
    );
  }

  /** @returns `undefined` while another process owns the database. */
  async #own(): Promise<SqliteStore | undefined> {
    if (this.#ownedLast) await sleep(this.#clock, PAUSE_MS);
    const store = new SqliteStore({ path: this.#path }, { role: 'command', patienceMs: 0 });
    try {
      await store.open();
      this.#ownedLast = true;
      return store;
    } catch (error) {
      await store.close();
      this.#ownedLast = false;
      if (error instanceof StoreInUseError) return undefined;
      throw error;
    }
  }
}
