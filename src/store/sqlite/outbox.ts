import type {
  ClaimedSend,
  ClaimTerms,
  NewInboxEvent,
  NewOutboxMessage,
  SendSettlement,
} from '../deliveryStore';
import type { AttemptLog } from './attemptLog';
import { text } from './driver/row';
import type { SqliteStatement } from './driver/sqliteDriver';
import { AT_ONCE, LaneTable } from './laneTable';
import type { Lease } from './leases';
import { toSend } from './messageRow';
import type { Retention } from './retention';
import type { TableContext } from './tableContext';

type Delivered = Extract<SendSettlement, { kind: 'delivered' }>;
type Dead = Extract<SendSettlement, { kind: 'dead' }>;
type Unsent = Extract<SendSettlement, { kind: 'retry' | 'held' | 'released' }>;

/** `event_seq` of a message that no turn sends. */
const PROACTIVE = 0;

/** What became of messages that were to be stored. */
export interface StagedMessages {
  readonly sends: ClaimedSend[];
  /** How many of them were not stored before. */
  readonly stored: number;
}

/** What the outbox sets in motion elsewhere, in the same transaction. */
export interface OutboxNeighbours {
  readonly retention: Retention;
  readonly attempts: AttemptLog;
  /** Called with each dead letter that is made. */
  readonly onDeath: (notice: NewInboxEvent | undefined) => void;
}

/** Messages on their way, a lane per conversation of each destination; and, for a while, those that arrived. */
export class Outbox {
  readonly lanes: LaneTable;
  readonly #context: TableContext;
  readonly #neighbours: OutboxNeighbours;
  readonly #insert: SqliteStatement;
  readonly #deliver: SqliteStatement;
  readonly #bury: SqliteStatement;
  readonly #noteFailure: SqliteStatement;
  readonly #expedite: SqliteStatement;
  readonly #findDelayed: SqliteStatement;
  readonly #findKnown: SqliteStatement;
  readonly #findStaged: SqliteStatement;
  readonly #rename: SqliteStatement;

  /** @param voided Rows whose claim was void when the database was opened. */
  constructor(context: TableContext, neighbours: OutboxNeighbours, voided: readonly number[]) {
    const { driver } = context;
    this.#context = context;
    this.#neighbours = neighbours;
    this.lanes = new LaneTable(context, {
      table: 'outbox',
      since: 'staged_at',
      scope: ['destination'],
      lane: ['destination', 'conversation_id'],
      onAbandon: { ambiguous_attempts: 'ambiguous_attempts + 1' },
      logAbandoned: (seq, attempt, at) => neighbours.attempts.abandonedSend(seq, attempt, at),
      voided,
    });
    // What is stored is left as it is (I4).
    this.#insert = driver.prepare(
      `INSERT INTO outbox (id, activity_id, conversation_id, destination, event_seq, staged_at, role,
          reports_failure, body, trace_context, event_received_at, attempts, due_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (event_seq, id) DO NOTHING`,
    );
    this.#deliver = driver.prepare(
      `UPDATE outbox SET due_at = NULL, outcome = 'delivered', ended_at = ?, ended_no = ?,
        keep_until = ?, known_as = coalesce(?, id) WHERE seq = ?`,
    );
    this.#bury = driver.prepare(
      `UPDATE outbox SET due_at = NULL, outcome = 'dead', ended_at = ?, last_error = ?,
        ambiguous_attempts = ambiguous_attempts + ? WHERE seq = ?`,
    );
    this.#noteFailure = driver.prepare(
      'UPDATE outbox SET last_error = ?, ambiguous_attempts = ambiguous_attempts + ? WHERE seq = ?',
    );
    const isDelayed = `destination = ?1 AND due_at > ${AT_ONCE} AND (?2 IS NULL OR conversation_id = ?2)`;
    this.#expedite = driver.prepare(`UPDATE outbox SET due_at = ${AT_ONCE} WHERE ${isDelayed}`);
    this.#findDelayed = driver.prepare(`SELECT 1 FROM outbox WHERE ${isDelayed} LIMIT 1`);
    this.#findKnown = driver.prepare(
      'SELECT activity_id FROM outbox WHERE conversation_id = ? AND known_as = ? ORDER BY seq DESC LIMIT 1',
    );
    this.#findStaged = driver.prepare('SELECT 1 FROM outbox WHERE event_seq = ? AND id = ?');
    this.#rename = driver.prepare('UPDATE outbox SET event_seq = ? WHERE event_seq = ?');
  }

  /**
   * Appends messages to their lanes, but for those that are stored already.
   *
   * @param eventSeq The row of the event whose turn sends them.
   */
  stage(
    messages: readonly NewOutboxMessage[],
    eventSeq: number | undefined,
    claim: ClaimTerms | undefined,
  ): StagedMessages {
    const before = this.lanes.waiting;
    const sends = messages.flatMap((message) => {
      const send = this.#append(message, eventSeq ?? PROACTIVE, claim);
      return send === undefined ? [] : [send];
    });
    return { sends, stored: this.lanes.waiting - before };
  }

  /** Whether an earlier run of the event's turn has sent all of it (I4). */
  holdsAll(messages: readonly NewOutboxMessage[], eventSeq: number): boolean {
    return messages.every(({ id }) => this.#findStaged.get(eventSeq, id) !== undefined);
  }

  /** Ties what the turns of an event have sent to the row that the event has now (I4). */
  moveTo(eventSeq: number, formerEventSeq: number): void {
    this.#rename.run(eventSeq, formerEventSeq);
  }

  hasDue(destination: string, now: number): boolean {
    return this.lanes.hasDue([destination], now);
  }

  claim(destination: string, limit: number, terms: ClaimTerms): ClaimedSend[] {
    return this.lanes.claimDue([destination], limit, terms).map(toSend);
  }

  nextDueAt(destination: string, now: number): number | undefined {
    return this.lanes.nextDueAt([destination], now);
  }

  /** Whether `expedite` has anything to do. Reads only. */
  hasDelayed(destination: string, conversationId: string | undefined): boolean {
    return this.lanes.hasFree && this.#findDelayed.get(destination, conversationId ?? null) !== undefined;
  }

  expedite(destination: string, conversationId: string | undefined): void {
    this.#expedite.run(destination, conversationId ?? null);
  }

  settle(
    send: ClaimedSend,
    settlement: SendSettlement,
    claim: ClaimTerms | undefined,
  ): ClaimedSend | undefined {
    const { message, fence } = send;
    const lane = [message.destination, message.conversationId];
    const lease = this.lanes.held(fence, message.conversationId);
    this.#neighbours.attempts.settledSend(lease.seq, send, settlement);
    if (settlement.kind === 'retry' || settlement.kind === 'held' || settlement.kind === 'released') {
      this.#putBack(fence, lease, settlement);
      const head = claim && this.lanes.claimHead(lane, claim);
      return head && toSend(head);
    }
    if (settlement.kind === 'delivered') this.#end(lease, settlement);
    else this.#die(lease, settlement);
    const next = this.lanes.ended(fence, lane, claim);
    return next && toSend(next);
  }

  /** The activity of a delivered message, by the platform's id of it; else by the one that it went out with. */
  findActivityId(conversationId: string, platformMessageId: string): string | undefined {
    const row = this.#findKnown.get(conversationId, platformMessageId);
    return row && text(row, 'activity_id');
  }

  #append(
    message: NewOutboxMessage,
    eventSeq: number,
    claim: ClaimTerms | undefined,
  ): ClaimedSend | undefined {
    const lane = [message.destination, message.conversationId];
    const added = this.lanes.add(lane, claim, ({ attempts, dueAt }) =>
      this.#insert.insert(
        message.id,
        message.activityId,
        message.conversationId,
        message.destination,
        eventSeq,
        message.stagedAt,
        message.role,
        message.reportsFailure ? 1 : 0,
        message.body,
        message.traceContext ?? null,
        message.eventReceivedAt ?? null,
        attempts,
        dueAt,
      ),
    );
    if (added === undefined) return undefined;
    const { fence } = added;
    if (fence !== undefined) {
      return { message: { ambiguousAttempts: 0, lastError: undefined, ...message }, attempt: 1, fence };
    }
    const head = claim && this.lanes.claimHead(lane, claim);
    return head && toSend(head);
  }

  #putBack(fence: number, lease: Lease, settlement: Unsent): void {
    if (settlement.kind !== 'released') {
      this.#noteFailure.run(settlement.error, settlement.isAmbiguous ? 1 : 0, lease.seq);
    }
    if (settlement.kind === 'retry') this.lanes.putBack(fence, lease, settlement.notBefore, 'counts');
    else this.lanes.putBack(fence, lease, AT_ONCE, 'does not count');
  }

  #end({ seq }: Lease, { at, platformMessageId }: Delivered): void {
    const keepUntil = this.#neighbours.retention.keepUntil();
    this.#deliver.run(at, this.#context.fences.next(), keepUntil, platformMessageId ?? null, seq);
  }

  #die({ seq }: Lease, { at, reason, isAmbiguous, notice }: Dead): void {
    this.#bury.run(at, reason, isAmbiguous ? 1 : 0, seq);
    this.#neighbours.onDeath(notice);
  }
}
