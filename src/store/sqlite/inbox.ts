import type { ConversationRecord } from '../conversationRecord';
import type {
  AcceptOutcome,
  AcceptTerms,
  ClaimedTurn,
  ClaimTerms,
  InboxSource,
  NewInboxEvent,
  TurnSettlement,
} from '../deliveryStore';
import type { AttemptLog } from './attemptLog';
import type { Conversations } from './conversations';
import type { DedupeKeys } from './dedupeKeys';
import { integer, optionalText, text } from './driver/row';
import type { Row, SqliteStatement } from './driver/sqliteDriver';
import { type AddedRow, AT_ONCE, type ClaimedHead, LaneTable } from './laneTable';
import type { Lease } from './leases';
import type { Quarantine } from './quarantine';
import type { Retention } from './retention';
import type { TableContext } from './tableContext';
import type { Transcripts } from './transcripts';

/** The tables that the inbox writes to beside its own. */
export interface InboxNeighbours {
  readonly dedupeKeys: DedupeKeys;
  readonly conversations: Conversations;
  readonly transcripts: Transcripts;
  readonly quarantine: Quarantine;
  readonly retention: Retention;
  readonly attempts: AttemptLog;
}

/** Events whose turn has not ended, a lane per conversation; and, for a while, those that have. */
export class Inbox {
  readonly lanes: LaneTable;
  readonly #context: TableContext;
  readonly #neighbours: InboxNeighbours;
  readonly #insert: SqliteStatement;
  readonly #end: SqliteStatement;
  readonly #letGo: SqliteStatement;
  readonly #markReplay: SqliteStatement;

  /** @param voided Rows whose claim was void when the database was opened. */
  constructor(context: TableContext, neighbours: InboxNeighbours, voided: readonly number[]) {
    const { driver } = context;
    this.#context = context;
    this.#neighbours = neighbours;
    this.lanes = new LaneTable(context, {
      table: 'inbox',
      since: 'received_at',
      scope: [],
      lane: ['conversation_id'],
      onAbandon: {},
      logAbandoned: (seq, attempt, at) => neighbours.attempts.abandonedTurn(seq, attempt, at),
      voided,
    });
    this.#insert = driver.prepare(
      `INSERT INTO inbox
          (id, conversation_id, source, dedupe_key, received_at, payload, trace_context, attempts, due_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#letGo = driver.prepare('UPDATE inbox SET keep_until = ? WHERE seq = ?');
    this.#markReplay = driver.prepare('UPDATE inbox SET is_replay = 1 WHERE seq = ?');
    this.#end = driver.prepare(
      'UPDATE inbox SET due_at = NULL, ended_at = ?, keep_until = ?, ended_no = ? WHERE seq = ?',
    );
  }

  accept(event: NewInboxEvent, terms: AcceptTerms): AcceptOutcome {
    const { dedupeKeys, conversations, transcripts, retention } = this.#neighbours;
    const { dedupeKey, conversationId } = event;
    retention.seeDedupeWindow(terms.dedupeWindowMs);
    if (this.lanes.waiting >= terms.maxBacklog) {
      const isRepeat = dedupeKey !== undefined && dedupeKeys.isKnown(dedupeKey, terms.now);
      return { status: isRepeat ? 'duplicate' : 'full' };
    }
    const expiresAt = terms.now + terms.dedupeWindowMs;
    if (dedupeKey !== undefined && !dedupeKeys.add(dedupeKey, terms.now, expiresAt)) {
      return { status: 'duplicate' };
    }
    const stepped = conversations.stepByEvent(conversationId, terms.conversation);
    if (stepped.status === 'refused') {
      if (dedupeKey !== undefined) dedupeKeys.forget(dedupeKey);
      return { status: 'refused' };
    }
    for (const notice of stepped.notices) this.append(notice);
    const turn = this.#appendAndClaim(event, terms.claim, stepped.record);
    const transcript = terms.transcript === undefined ? [] : [terms.transcript];
    return { status: 'stored', turn, ...transcripts.tryLog(transcript) };
  }

  /** Stores an event at the end of its conversation's lane. */
  append(event: NewInboxEvent): void {
    this.#add(event, undefined);
  }

  /** Stores an event that was here before, and comes out of quarantine. @returns Its row. */
  replay(event: NewInboxEvent): number {
    const { seq } = this.#add(event, undefined);
    this.#markReplay.run(seq);
    return seq;
  }

  /** Lets the row of an event go that is in quarantine no longer. */
  letGo(seq: number): void {
    this.#letGo.run(this.#neighbours.retention.keepUntil(), seq);
  }

  hasDue(now: number): boolean {
    return this.lanes.hasDue([], now);
  }

  /** Whether another event of the conversation waits for the end of this turn. */
  hasFollower({ event }: ClaimedTurn): boolean {
    return this.lanes.sizeOf([event.conversationId]) > 1;
  }

  claim(limit: number, terms: ClaimTerms): ClaimedTurn[] {
    return this.lanes.claimDue([], limit, terms).map((head) => this.#toTurn(head));
  }

  nextDueAt(now: number): number | undefined {
    return this.lanes.nextDueAt([], now);
  }

  /** @throws {LeaseLostError} when the turn is no longer its worker's. */
  held({ event, fence }: ClaimedTurn): Lease {
    return this.lanes.held(fence, event.conversationId);
  }

  settle(
    turn: ClaimedTurn,
    settlement: TurnSettlement,
    claim: ClaimTerms | undefined,
  ): ClaimedTurn | undefined {
    const { event, fence } = turn;
    const lane = [event.conversationId];
    const lease = this.held(turn);
    this.#neighbours.attempts.settledTurn(lease.seq, turn, settlement);
    if (settlement.kind === 'completed' || settlement.kind === 'quarantined') {
      if (settlement.kind === 'completed') this.#complete(lease);
      else this.#quarantine(turn, settlement, lease);
      const next = this.lanes.ended(fence, lane, claim);
      return next && this.#toTurn(next);
    }
    const dueAt = settlement.kind === 'released' ? AT_ONCE : settlement.notBefore;
    this.lanes.putBack(fence, lease, dueAt, settlement.kind === 'retry' ? 'counts' : 'does not count');
    const head = claim && this.lanes.claimHead(lane, claim);
    return head && this.#toTurn(head);
  }

  #appendAndClaim(
    event: NewInboxEvent,
    claim: ClaimTerms | undefined,
    conversation: ConversationRecord | undefined,
  ): ClaimedTurn | undefined {
    const { fence } = this.#add(event, claim);
    if (fence !== undefined) return { event, attempt: 1, fence, conversation };
    const head = claim && this.lanes.claimHead([event.conversationId], claim);
    return head && toTurn(head, conversation);
  }

  #add(event: NewInboxEvent, claim: ClaimTerms | undefined): AddedRow {
    const added = this.lanes.add([event.conversationId], claim, ({ attempts, dueAt }) =>
      this.#insert.insert(
        event.id,
        event.conversationId,
        event.source,
        event.dedupeKey ?? null,
        event.receivedAt,
        event.payload,
        event.traceContext ?? null,
        attempts,
        dueAt,
      ),
    );
    if (added === undefined) throw new Error('SQLite did not say what it inserted.');
    return added;
  }

  #toTurn(head: ClaimedHead): ClaimedTurn {
    const { conversations } = this.#neighbours;
    return toTurn(head, conversations.findEventful(text(head.row, 'conversation_id')));
  }

  #complete({ seq }: Lease): void {
    const { time, fences } = this.#context;
    this.#end.run(time.now, this.#neighbours.retention.keepUntil(), fences.next(), seq);
  }

  #quarantine(
    { event, attempt }: ClaimedTurn,
    { at, reason, details }: Extract<TurnSettlement, { kind: 'quarantined' }>,
    { seq }: Lease,
  ): void {
    this.#end.run(at, null, null, seq);
    const { id } = event;
    this.#neighbours.quarantine.put(
      { kind: 'event', id, event, reason, details, attempts: attempt, quarantinedAt: at },
      seq,
    );
  }
}

function toTurn({ row, fence }: ClaimedHead, conversation: ConversationRecord | undefined): ClaimedTurn {
  return { event: toEvent(row), attempt: integer(row, 'attempts'), fence, conversation };
}

function toEvent(row: Row): NewInboxEvent {
  return {
    id: text(row, 'id'),
    conversationId: text(row, 'conversation_id'),
    source: toSource(text(row, 'source')),
    payload: text(row, 'payload'),
    dedupeKey: optionalText(row, 'dedupe_key'),
    receivedAt: integer(row, 'received_at'),
    traceContext: optionalText(row, 'trace_context'),
  };
}

function toSource(value: string): InboxSource {
  if (value === 'platform' || value === 'deliveryFailed' || value === 'handoffStatus') return value;
  throw new TypeError(`The inbox holds an event of an unknown source, '${value}'.`);
}
