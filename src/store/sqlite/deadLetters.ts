import { isGated } from '../conversationRecord';
import type { DeadLetter, Page, ReplayOutcome } from '../deliveryStore';
import type { AttemptLog } from './attemptLog';
import type { Conversations } from './conversations';
import { Counter } from './counter';
import { integer, text } from './driver/row';
import type { SqliteStatement } from './driver/sqliteDriver';
import type { LaneTable } from './laneTable';
import { toDeadLetter, toRole } from './messageRow';
import type { Retention } from './retention';
import type { TableContext } from './tableContext';

/** Messages that were given up. They stay in the outbox's table, outside of its lanes, until someone decides. */
export class DeadLetters {
  readonly #lanes: LaneTable;
  readonly #conversations: Conversations;
  readonly #retention: Retention;
  readonly #attempts: AttemptLog;
  readonly #size: Counter;
  readonly #list: SqliteStatement;
  readonly #find: SqliteStatement;
  readonly #findAbout: SqliteStatement;
  readonly #replay: SqliteStatement;
  readonly #discard: SqliteStatement;

  constructor(
    { driver, undo }: TableContext,
    lanes: LaneTable,
    conversations: Conversations,
    retention: Retention,
    attempts: AttemptLog,
  ) {
    this.#lanes = lanes;
    this.#conversations = conversations;
    this.#retention = retention;
    this.#attempts = attempts;
    this.#size = Counter.ofRows(driver, undo, 'outbox', "outcome = 'dead'");
    // The last letter of the page before may have been replayed by now: then the list begins anew.
    this.#list = driver.prepare(
      `SELECT * FROM outbox
        WHERE outcome = 'dead' AND (ended_at, seq) >
          (coalesce((SELECT ended_at FROM outbox WHERE id = ?1 AND outcome = 'dead'), -1),
           coalesce((SELECT seq FROM outbox WHERE id = ?1 AND outcome = 'dead'), -1))
        ORDER BY ended_at, seq LIMIT ?2`,
    );
    this.#find = driver.prepare("SELECT * FROM outbox WHERE id = ? AND outcome = 'dead'");
    this.#findAbout = driver.prepare(
      "SELECT seq, role, destination, conversation_id FROM outbox WHERE id = ? AND outcome = 'dead'",
    );
    this.#replay = driver.prepare(
      `UPDATE outbox SET seq = (SELECT max(seq) + 1 FROM outbox), is_replay = 1, attempts = 0, outcome = NULL, ended_at = NULL,
          due_at = ?
        WHERE id = ? AND outcome = 'dead' RETURNING seq`,
    );
    this.#discard = driver.prepare(
      "UPDATE outbox SET outcome = 'discarded', keep_until = ? WHERE id = ? AND outcome = 'dead'",
    );
  }

  get size(): number {
    return this.#size.value;
  }

  /** Notes that the outbox has made one. */
  added(): void {
    this.#size.add(1);
  }

  list({ limit, after }: Page): DeadLetter[] {
    return this.#list.all(after ?? null, limit).map(toDeadLetter);
  }

  find(id: string): DeadLetter | undefined {
    const row = this.#find.get(id);
    return row && toDeadLetter(row);
  }

  /** Puts one back at the end of its lane with its attempts reset, where the bot may say it. */
  replay(id: string): ReplayOutcome {
    const letter = this.#findAbout.get(id);
    if (letter === undefined) return 'unknown';
    if (toRole(text(letter, 'role')) !== 'message') return 'isHandover';
    if (isGated(this.#conversations.findEventful(text(letter, 'conversation_id')))) return 'gated';
    const lane = [text(letter, 'destination'), text(letter, 'conversation_id')];
    const added = this.#lanes.add(lane, undefined, ({ dueAt }) => {
      const row = this.#replay.get(dueAt, id);
      return row && integer(row, 'seq');
    });
    if (added === undefined) return 'unknown';
    this.#size.add(-1);
    this.#attempts.moveTo(added.seq, integer(letter, 'seq'), id);
    return 'replayed';
  }

  /** @returns false when it is not there. */
  discard(id: string): boolean {
    const discarded = this.#discard.run(this.#retention.keepUntil(), id);
    this.#size.add(-discarded);
    return discarded > 0;
  }
}
