import { fromAnswerJson, fromCommandJson } from '../operatorCommandJson';
import {
  type CommandState,
  KEEP_COMMANDS_MS,
  type OperatorAnswer,
  type SubmitTerms,
  type SubmittedCommand,
  type TakenCommand,
} from '../operatorCommands';
import { integer, text } from './driver/row';
import type { Row, SqliteDriver, SqliteStatement } from './driver/sqliteDriver';

/** The commands in the database. Nothing of them is kept in memory: the owner and others work on them side by side. */
export class OperatorCommandTable {
  readonly #submit: SqliteStatement;
  readonly #prune: SqliteStatement;
  readonly #next: SqliteStatement;
  readonly #take: SqliteStatement;
  readonly #answer: SqliteStatement;
  readonly #find: SqliteStatement;
  readonly #withdraw: SqliteStatement;
  readonly #forget: SqliteStatement;

  constructor(driver: SqliteDriver) {
    this.#submit = driver.prepare(
      "INSERT INTO operator_commands (id, command, state, expires_at) VALUES (?, ?, 'waiting', ?)",
    );
    this.#prune = driver.prepare(
      `DELETE FROM operator_commands
        WHERE expires_at <= ?1 - ${KEEP_COMMANDS_MS} OR (state = 'waiting' AND expires_at <= ?1)`,
    );
    this.#next = driver.prepare(
      "SELECT seq, id, command FROM operator_commands WHERE state = 'waiting' ORDER BY seq LIMIT ?",
    );
    this.#take = driver.prepare("UPDATE operator_commands SET state = 'taken' WHERE seq = ?");
    this.#answer = driver.prepare(
      "UPDATE operator_commands SET state = 'answered', answer = ? WHERE id = ? AND state = 'taken'",
    );
    this.#find = driver.prepare('SELECT state, answer FROM operator_commands WHERE id = ?');
    this.#withdraw = driver.prepare("DELETE FROM operator_commands WHERE id = ? AND state = 'waiting'");
    this.#forget = driver.prepare('DELETE FROM operator_commands WHERE id = ?');
  }

  submit(commands: readonly SubmittedCommand[], { now, expiresAfterMs }: SubmitTerms): void {
    for (const { id, command } of commands)
      this.#submit.run(id, JSON.stringify(command), now + expiresAfterMs);
  }

  /** Whether there is anything to take, expired or not. Reads only. */
  hasWaiting(): boolean {
    return this.#next.get(1) !== undefined;
  }

  take(limit: number, now: number): TakenCommand[] {
    this.#prune.run(now);
    return this.#next.all(limit).map((row) => {
      this.#take.run(integer(row, 'seq'));
      return { id: text(row, 'id'), command: fromCommandJson(text(row, 'command')) };
    });
  }

  answer(id: string, answer: OperatorAnswer): void {
    this.#answer.run(JSON.stringify(answer), id);
  }

  state(id: string): CommandState {
    const row = this.#find.get(id);
    return row === undefined ? { status: 'unknown' } : toState(row);
  }

  /** @returns false when it was taken already, or is not there. */
  withdraw(id: string): boolean {
    return this.#withdraw.run(id) > 0;
  }

  forget(id: string): void {
    this.#forget.run(id);
  }
}

function toState(row: Row): CommandState {
  const state = text(row, 'state');
  if (state === 'answered') return { status: 'answered', answer: fromAnswerJson(text(row, 'answer')) };
  return { status: state === 'taken' ? 'taken' : 'waiting' };
}
