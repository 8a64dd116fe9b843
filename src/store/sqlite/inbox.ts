import type {
  AcceptOutcome,
  AcceptTerms,
  ClaimedTurn,
  ClaimTerms,
  InboxSource,
  NewInboxEvent,
  TurnSettlement,
} from '../deliveryStore';
import type { ClosedConversations } from './closedConversations';
import type { DedupeKeys } from './dedupeKeys';
import { integer, optionalText, text } from './driver/row';
import type { Row, SqliteStatement } from './driver/sqliteDriver';
import { AT_ONCE, type ClaimedHead, LaneTable } from './laneTable';
import type { Lease } from './leases';
import type { Quarantine } from './quarantine';
import type { Retention } from './retention';
import type { TableContext } from './tableContext';

/** The tables that the inbox writes to beside its own. */
export interface InboxNeighbours {
  readonly dedupeKeys: DedupeKeys;
  readonly conversations: ClosedConversations;
  readonly quarantine: Quarantine;
  readonly retention: Retention;
}

/** Events whose turn has not ended, a lane per conversation; and, for a while, those that have. */
export class Inbox {
  readonly lanes: LaneTable;
  readonly #context: TableContext;
  readonly #neighbours: InboxNeighbours;
  readonly #insert: SqliteStatement;
  readonly #end: SqliteStatement;
  readonly #letGo: SqliteStatement;
  readonly #follower: SqliteStatement;

  constructor(context: TableContext, neighbours: InboxNeighbours) {
    const { driver } = context;
    this.#context = context;
    this.#neighbours = neighbours;
    this.lanes = new LaneTable(context, {
      table: 'inbox',
      scope: [],
      lane: ['conversation_id'],
      onAbandon: {},
    });
    const isBusy = 'EXISTS (SELECT 1 FROM inbox WHERE conversation_id = ?2 AND ended_at IS NULL)';
    // Claims in the same statement when the lane is empty, which it mostly is.
    this.#insert = driver.prepare(
      `INSERT INTO inbox (id, conversation_id, source, dedupe_key, received_at, payload, attempts, due_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(${isBusy}, 0, ?7), iif(${isBusy}, NULL, ?8))
        RETURNING seq, due_at, attempts`,
    );
    this.#follower = driver.prepare(
      'SELECT seq FROM inbox WHERE conversation_id = ? AND ended_at IS NULL LIMIT 2',
    );
    this.#letGo = driver.prepare('UPDATE inbox SET keep_until = ? WHERE seq = ?');
    this.#end = driver.prepare('UPDATE inbox SET due_at = NULL, ended_at = ?, keep_until = ? WHERE seq = ?');
  }

  accept(event: NewInboxEvent, terms: AcceptTerms): AcceptOutcome {
    const { dedupeKeys, retention } = this.#neighbours;
    const { dedupeKey } = event;
    retention.seeDedupeWindow(terms.dedupeWindowMs);
    if (this.lanes.waiting >= terms.maxBacklog) {
      const isRepeat = dedupeKey !== undefined && dedupeKeys.isKnown(dedupeKey, terms.now);
      return { status: isRepeat ? 'duplicate' : 'full' };
    }
    const expiresAt = terms.now + terms.dedupeWindowMs;
    if (dedupeKey !== undefined && !dedupeKeys.add(dedupeKey, terms.now, expiresAt)) {
      return { status: 'duplicate' };
    }
    return { status: 'stored', turn: this.append(event, terms.claim) };
  }

  /** Stores an event at the end of its conversation's lane. */
  append(event: NewInboxEvent, claim?: ClaimTerms): ClaimedTurn | undefined {
    const row = this.#store(event, claim !== undefined);
    const fence = this.lanes.added(row, claim);
    if (fence !== undefined) return { event, attempt: 1, fence };
    const head = claim && this.lanes.claimHead([event.conversationId], claim);
    return head && toTurn(head);
  }

  /** Stores an event that comes out of quarantine. @returns Its row. */
  replay(event: NewInboxEvent): number {
    const row = this.#store(event, false);
    this.lanes.added(row, undefined);
    return integer(row, 'seq');
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
    return this.#follower.all(event.conversationId).length > 1;
  }

  claim(limit: number, terms: ClaimTerms): ClaimedTurn[] {
    return this.lanes.claimDue([], limit, terms).map(toTurn);
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
    if (settlement.kind === 'retry' || settlement.kind === 'released') {
      if (settlement.kind === 'retry') this.lanes.putBack(fence, lease, settlement.notBefore, 'counts');
      else this.lanes.putBack(fence, lease, AT_ONCE, 'does not count');
      const head = claim && this.lanes.claimHead(lane, claim);
      return head && toTurn(head);
    }
    if (settlement.kind === 'completed') this.#complete(lease);
    else this.#quarantine(turn, settlement, lease);
    const next = this.lanes.ended(fence, lane, claim);
    return next && toTurn(next);
  }

  #store(event: NewInboxEvent, claims: boolean): Row {
    if (event.source === 'platform') this.#neighbours.conversations.open(event.conversationId);
    const row = this.#insert.get(
      event.id,
      event.conversationId,
      event.source,
      event.dedupeKey ?? null,
      event.receivedAt,
      event.payload,
      claims ? 1 : 0,
      claims ? null : AT_ONCE,
    );
    if (row === undefined) throw new Error('SQLite did not say what it inserted.');
    return row;
  }

  #complete({ seq }: Lease): void {
    this.#end.run(this.#context.time.now, this.#neighbours.retention.keepUntil(), seq);
  }

  #quarantine(
    { event, attempt }: ClaimedTurn,
    { at, reason }: Extract<TurnSettlement, { kind: 'quarantined' }>,
    { seq }: Lease,
  ): void {
    this.#end.run(at, null, seq);
    const { id } = event;
    this.#neighbours.quarantine.put(
      { kind: 'event', id, event, reason, attempts: attempt, quarantinedAt: at },
      seq,
    );
  }
}

function toTurn({ row, fence }: ClaimedHead): ClaimedTurn {
  return { event: toEvent(row), attempt: integer(row, 'attempts'), fence };
}

function toEvent(row: Row): NewInboxEvent {
  return {
    id: text(row, 'id'),
    conversationId: text(row, 'conversation_id'),
    source: toSource(text(row, 'source')),
    payload: text(row, 'payload'),
    dedupeKey: optionalText(row, 'dedupe_key'),
    receivedAt: integer(row, 'received_at'),
  };
}

function toSource(value: string): InboxSource {
  if (value === 'platform' || value === 'deliveryFailed') return value;
  throw new TypeError(`The inbox holds an event of an unknown source, '${value}'.`);
}
