import { z } from 'zod';
import { fromAnswerJson, fromCommandJson } from '../operatorCommandJson';
import {
  type CommandState,
  KEEP_COMMANDS_MS,
  type OperatorAnswer,
  type OperatorCommands,
  type SubmitTerms,
  type SubmittedCommand,
  type TakenCommand,
} from '../operatorCommands';
import type { Database } from './database';
import type { Notifications } from './notifications';
import type { StoreTime } from './storeTime';
import { encodeJson } from './textCodec';

/** Milliseconds between looks, for a notification that was lost. */
const LOOK_MS = 5000;

const rowShape = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'taken', 'answered']),
  answer: z.string().nullable(),
});

/** The commands that any replica may carry out. */
export class PostgresOperatorCommands implements OperatorCommands {
  readonly #database: Database;
  readonly #time: StoreTime;
  readonly #notifications: Notifications;

  constructor(database: Database, time: StoreTime, notifications: Notifications) {
    this.#database = database;
    this.#time = time;
    this.#notifications = notifications;
  }

  async submit(commands: readonly SubmittedCommand[], terms: SubmitTerms): Promise<void> {
    const { schema } = this.#database;
    const rows = commands.map(({ id, command }, index) => ({ index, id, command: JSON.stringify(command) }));
    await this.#database.query(
      {
        name: 'submit-commands',
        text: `
          INSERT INTO ${schema}.operator_commands (id, command, state, expires_at)
          SELECT r.id, r.command, 'waiting', coalesce($2, ${schema}.now_ms()) + $3
          FROM json_to_recordset($1) AS r (index int, id text, command text) ORDER BY r.index`,
      },
      [encodeJson(rows), this.#time.clockOf(terms), terms.expiresAfterMs],
    );
    await this.#notifications.announceCommands();
  }

  async take(limit: number, now: number): Promise<readonly TakenCommand[]> {
    const rows = await this.#database.query<{ id: string; command: string }>(
      {
        name: 'take-commands',
        text: `SELECT id, command FROM ${this.#database.schema}.take_commands($1, $2, $3)`,
      },
      [limit, KEEP_COMMANDS_MS, this.#time.clockOf({ now })],
    );
    return rows.map(({ id, command }) => ({ id, command: fromCommandJson(command) }));
  }

  async answer(id: string, answer: OperatorAnswer): Promise<void> {
    await this.#database.query(
      {
        name: 'answer-command',
        text: `UPDATE ${this.#database.schema}.operator_commands SET state = 'answered', answer = $2
          WHERE id = $1 AND state = 'taken'`,
      },
      [id, JSON.stringify(answer)],
    );
  }

  async states(ids: readonly string[]): Promise<readonly CommandState[]> {
    const rows = await this.#database.query(
      {
        name: 'command-states',
        text: `SELECT id, state, answer FROM ${this.#database.schema}.operator_commands
          WHERE id IN (SELECT json_array_elements_text($1))`,
      },
      [encodeJson(ids)],
    );
    const byId = new Map(
      z
        .array(rowShape)
        .parse(rows)
        .map((row) => [row.id, toState(row)]),
    );
    return ids.map((id) => byId.get(id) ?? { status: 'unknown' });
  }

  async withdraw(ids: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#database.query<{ id: string }>(
      {
        name: 'withdraw-commands',
        text: `DELETE FROM ${this.#database.schema}.operator_commands
          WHERE id IN (SELECT json_array_elements_text($1)) AND state = 'waiting' RETURNING id`,
      },
      [encodeJson(ids)],
    );
    return rows.map(({ id }) => id);
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.#database.query(
      {
        name: 'forget-commands',
        text: `DELETE FROM ${this.#database.schema}.operator_commands
          WHERE id IN (SELECT json_array_elements_text($1))`,
      },
      [encodeJson(ids)],
    );
  }

  attend(listener: () => void): () => void {
    const stopListening = this.#notifications.attend(listener);
    // Nobody waits for it: it keeps no process alive.
    const timer = setInterval(listener, LOOK_MS).unref();
    return () => {
      stopListening();
      clearInterval(timer);
    };
  }
}

function toState({ state, answer }: z.output<typeof rowShape>): CommandState {
  if (state !== 'answered') return { status: state };
  return { status: 'answered', answer: fromAnswerJson(answer ?? '') };
}
