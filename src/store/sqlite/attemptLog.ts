import type { ClaimedSend, ClaimedTurn, SendSettlement, TurnSettlement } from '../deliveryStore';
import { ATTEMPTS_KEPT, failedSend, failedTurn } from '../failedAttempt';
import { integer } from './driver/row';
import type { SqliteDriver, SqliteStatement } from './driver/sqliteDriver';

/** Rows that one step of pruning looks at. */
const STEP = 64;
/** How long after a lap began the next may begin. */
const LAP_MS = 60 * 60 * 1000;

/** The attempts that came to nothing, written down as they are settled, or given up. */
export class AttemptLog {
  readonly #add: SqliteStatement;
  readonly #addAbandonedTurn: SqliteStatement;
  readonly #addAbandonedSend: SqliteStatement;
  readonly #forgetFirst: SqliteStatement;
  readonly #move: SqliteStatement;
  readonly #step: SqliteStatement;
  readonly #deleteOrphans: SqliteStatement;
  #position = 0;
  #nextLapAt = 0;

  constructor(driver: SqliteDriver) {
    const columns = 'kind, seq, id, conversation_id, destination, attempt, at, outcome, reason, is_ambiguous';
    this.#add = driver.prepare(`INSERT INTO attempts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#addAbandonedTurn = driver.prepare(
      `INSERT INTO attempts (${columns})
        SELECT 'turn', seq, id, conversation_id, NULL, ?2, ?3, 'abandoned', NULL, 0 FROM inbox WHERE seq = ?1`,
    );
    this.#addAbandonedSend = driver.prepare(
      `INSERT INTO attempts (${columns})
        SELECT 'send', seq, id, conversation_id, destination, ?2, ?3, 'abandoned', NULL, 1
        FROM outbox WHERE seq = ?1`,
    );
    this.#forgetFirst = driver.prepare(
      `DELETE FROM attempts WHERE kind = ?1 AND seq = ?2 AND position <=
        (SELECT position FROM attempts WHERE kind = ?1 AND seq = ?2 ORDER BY position DESC
          LIMIT 1 OFFSET ${ATTEMPTS_KEPT})`,
    );
    this.#move = driver.prepare("UPDATE attempts SET seq = ? WHERE kind = 'send' AND seq = ? AND id = ?");
    this.#step = driver.prepare(
      `SELECT max(position) AS last FROM
        (SELECT position FROM attempts WHERE position > ? ORDER BY position LIMIT ${STEP})`,
    );
    const of = (kind: string, table: string) =>
      `(kind = '${kind}' AND EXISTS
        (SELECT 1 FROM ${table} WHERE ${table}.seq = attempts.seq AND ${table}.id = attempts.id))`;
    this.#deleteOrphans = driver.prepare(
      `DELETE FROM attempts WHERE position > ? AND position <= ?
        AND NOT (${of('turn', 'inbox')} OR ${of('send', 'outbox')})`,
    );
  }

  /** @param seq The event's row. */
  settledTurn(seq: number, turn: ClaimedTurn, settlement: TurnSettlement): void {
    const failure = failedTurn(turn, settlement);
    if (failure === undefined) return;
    const { id, conversationId } = turn.event;
    const { attempt, at, outcome, reason } = failure;
    this.#add.run('turn', seq, id, conversationId, null, attempt, at, outcome, reason, 0);
    this.#forgetFirst.run('turn', seq);
  }

  /** @param seq The message's row. */
  settledSend(seq: number, send: ClaimedSend, settlement: SendSettlement): void {
    const failure = failedSend(send, settlement);
    if (failure === undefined) return;
    const { id, conversationId, destination } = send.message;
    const { attempt, at, outcome, reason, isAmbiguous } = failure;
    const about = ['send', seq, id, conversationId, destination] as const;
    this.#add.run(...about, attempt, at, outcome, reason, isAmbiguous ? 1 : 0);
    this.#forgetFirst.run('send', seq);
  }

  abandonedTurn(seq: number, attempt: number, at: number): void {
    this.#addAbandonedTurn.run(seq, attempt, at);
  }

  abandonedSend(seq: number, attempt: number, at: number): void {
    this.#addAbandonedSend.run(seq, attempt, at);
  }

  /** A message is in another row now. */
  moveTo(seq: number, formerSeq: number, id: string): void {
    this.#move.run(seq, formerSeq, id);
  }

  /** Takes one small step: what is of no event and no message any more is deleted. */
  prune(now: number): void {
    if (this.#position === 0) {
      if (now < this.#nextLapAt) return;
      this.#nextLapAt = now + LAP_MS;
    }
    const row = this.#step.get(this.#position);
    if (row === undefined || row.last === null) {
      this.#position = 0;
      return;
    }
    const last = integer(row, 'last');
    this.#deleteOrphans.run(this.#position, last);
    this.#position = last;
  }
}
