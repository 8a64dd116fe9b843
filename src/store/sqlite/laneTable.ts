import type { ClaimTerms } from '../deliveryStore';
import { Counter } from './counter';
import { integer, optionalInteger } from './driver/row';
import type { Row, SqliteStatement, SqliteValue } from './driver/sqliteDriver';
import { LaneSizes } from './laneSizes';
import { type Lease, Leases } from './leases';
import type { TableContext } from './tableContext';

/** `due_at` of a head that may be claimed at once. */
export const AT_ONCE = 0;

/** `attempts` and `due_at` of a row that is added to a lane. */
export interface LaneEntry {
  readonly attempts: 0 | 1;
  readonly dueAt: typeof AT_ONCE | null;
}

/** A row that was added to a lane. */
export interface AddedRow {
  readonly seq: number;
  /** When it was claimed. */
  readonly fence: number | undefined;
}

/** A table whose rows wait in lanes. */
export interface LaneDefinition {
  readonly table: 'inbox' | 'outbox';
  /** The column that says since when a row is there; the last of the index `<table>_lanes`. */
  readonly since: 'received_at' | 'staged_at';
  /** What narrows down a claim of many lanes, such as the destination. */
  readonly scope: readonly string[];
  /** What names a lane; begins with the scope. */
  readonly lane: readonly string[];
  /** What else is set, as SQL, when a claim is given up without a settlement. */
  readonly onAbandon: Readonly<Record<string, string>>;
  /** Told of every claim that is given up without a settlement. */
  readonly logAbandoned: (seq: number, attempt: number, at: number) => void;
  /** Rows whose claim was void when the database was opened: nobody knows yet. */
  readonly voided: readonly number[];
}

/** A head that was claimed. */
export interface ClaimedHead {
  /** As it is since the claim: the attempt is counted. */
  readonly row: Row;
  readonly fence: number;
}

/**
 * The mechanics of lanes in a table: only a lane's head can be claimed, by one worker at a time, and nothing
 * overtakes a head that waits for its retry. Everything that writes runs inside of a transaction.
 */
export class LaneTable {
  readonly leases: Leases;
  readonly #context: TableContext;
  readonly #sizes: LaneSizes;
  /** Heads that nobody has claimed, due or not. While there is none, no query is needed to know it. */
  readonly #free: Counter;
  readonly #claimHead: SqliteStatement;
  readonly #claimSuccessor: SqliteStatement;
  readonly #promote: SqliteStatement;
  readonly #claim: SqliteStatement;
  readonly #dueRetries: SqliteStatement;
  readonly #dueAtOnce: SqliteStatement;
  readonly #nextDue: SqliteStatement;
  readonly #oldest: SqliteStatement;
  readonly #putBack: SqliteStatement;
  readonly #abandon: SqliteStatement;
  readonly #logAbandoned: LaneDefinition['logAbandoned'];
  readonly #voided: Set<number>;

  constructor(context: TableContext, definition: LaneDefinition) {
    const { table, since, scope, lane, onAbandon } = definition;
    const { driver, undo } = context;
    const inScope = scope.map((column) => `${column} = ? AND `).join('');
    const inLane = lane.map((column) => `${column} = ? AND `).join('');
    const head = `(SELECT seq FROM ${table} WHERE ${inLane} ended_at IS NULL ORDER BY seq LIMIT 1)`;
    const claim = `UPDATE ${table} SET due_at = NULL, attempts = attempts + 1`;
    const giveUp = ['due_at', ...Object.keys(onAbandon)].map(
      (column) => `${column} = ${onAbandon[column] ?? AT_ONCE}`,
    );
    this.#context = context;
    this.#logAbandoned = definition.logAbandoned;
    this.#voided = new Set(definition.voided);
    this.leases = new Leases(undo);
    this.#sizes = new LaneSizes(driver, undo, table, lane);
    this.#free = Counter.ofRows(driver, undo, table, 'due_at IS NOT NULL');
    this.#claimHead = driver.prepare(`${claim} WHERE seq = ${head} AND due_at <= ? RETURNING *`);
    this.#claimSuccessor = driver.prepare(`${claim} WHERE seq = ${head} RETURNING *`);
    this.#promote = driver.prepare(`UPDATE ${table} SET due_at = ${AT_ONCE} WHERE seq = ${head}`);
    this.#claim = driver.prepare(`${claim} WHERE seq = ? RETURNING *`);
    this.#dueRetries = driver.prepare(
      `SELECT seq FROM ${table} WHERE ${inScope} due_at > ${AT_ONCE} AND due_at <= ? ORDER BY due_at LIMIT ?`,
    );
    this.#dueAtOnce = driver.prepare(
      `SELECT seq FROM ${table} WHERE ${inScope} due_at = ${AT_ONCE} ORDER BY seq LIMIT ?`,
    );
    this.#nextDue = driver.prepare(
      `SELECT due_at FROM ${table} WHERE ${inScope} due_at > ? ORDER BY due_at LIMIT 1`,
    );
    this.#oldest = driver.prepare(
      `SELECT min(${since}) AS since FROM ${table} INDEXED BY ${table}_lanes WHERE ended_at IS NULL`,
    );
    this.#putBack = driver.prepare(`UPDATE ${table} SET due_at = ?, attempts = attempts - ? WHERE seq = ?`);
    this.#abandon = driver.prepare(
      `UPDATE ${table} SET ${giveUp.join(', ')} WHERE seq = ? RETURNING attempts`,
    );
  }

  /** How many rows wait or are being worked on. */
  get waiting(): number {
    return this.#sizes.total;
  }

  /** Since when the oldest of them is there. Reads only. */
  oldestSince(): number | undefined {
    const row = this.waiting === 0 ? undefined : this.#oldest.get();
    return row && optionalInteger(row, 'since');
  }

  /** Whether there are heads that nobody has claimed, due or not. */
  get hasFree(): boolean {
    return this.#free.value > 0;
  }

  /** How many rows wait, or are being worked on, in one lane. */
  sizeOf(lane: readonly SqliteValue[]): number {
    return this.#sizes.of(lane);
  }

  /**
   * Adds a row to a lane. The first is its head, and is claimed at once where `claim` is given.
   *
   * @param insert Stores the row with these fields. @returns Its number; `undefined` when it was left out.
   */
  add(
    lane: readonly SqliteValue[],
    claim: ClaimTerms | undefined,
    insert: (entry: LaneEntry) => number | undefined,
  ): AddedRow | undefined {
    const isHead = this.sizeOf(lane) === 0;
    const seq = insert({
      attempts: isHead && claim !== undefined ? 1 : 0,
      dueAt: isHead && claim === undefined ? AT_ONCE : null,
    });
    if (seq === undefined) return undefined;
    this.#sizes.add(lane, 1);
    if (isHead && claim === undefined) this.#free.add(1);
    return { seq, fence: isHead && claim !== undefined ? this.#grant(seq, claim) : undefined };
  }

  /** Claims the head of one lane, if it is free and due. */
  claimHead(lane: readonly SqliteValue[], terms: ClaimTerms): ClaimedHead | undefined {
    if (!this.hasFree) return undefined;
    const row = this.#claimHead.get(...lane, terms.now);
    return row && this.#claimed(row, terms);
  }

  /** Whether `claimDue` has anything to do. Reads only. */
  hasDue(scope: readonly SqliteValue[], now: number): boolean {
    if (this.leases.endedBy(now).length > 0) return true;
    return this.#due(scope, now, 1).length > 0;
  }

  /** Gives up the leases that have run out, and claims up to `limit` heads that are due: retries first. */
  claimDue(scope: readonly SqliteValue[], limit: number, terms: ClaimTerms): ClaimedHead[] {
    for (const fence of this.leases.endedBy(terms.now)) this.#giveUp(fence, terms.now);
    return this.#due(scope, terms.now, limit).flatMap((seq) => {
      const row = this.#claim.get(seq);
      return row === undefined ? [] : [this.#claimed(row, terms)];
    });
  }

  /** When the next head becomes claimable that is not so at `now`. Reads only. */
  nextDueAt(scope: readonly SqliteValue[], now: number): number | undefined {
    const leaseEnd = this.leases.nextEnd(now);
    const row = this.hasFree ? this.#nextDue.get(...scope, now) : undefined;
    if (row === undefined) return leaseEnd;
    return Math.min(integer(row, 'due_at'), leaseEnd ?? Number.POSITIVE_INFINITY);
  }

  /** @throws {LeaseLostError} when nobody holds `what` under this fence any more. */
  held(fence: number, what: string): Lease {
    return this.leases.held(fence, what);
  }

  /** Puts a claimed head back, to be claimed from `dueAt` on. */
  putBack(fence: number, { seq }: Lease, dueAt: number, attempt: 'counts' | 'does not count'): void {
    this.#putBack.run(Math.max(Math.ceil(dueAt), AT_ONCE), attempt === 'counts' ? 0 : 1, seq);
    this.leases.end(fence);
    this.#free.add(1);
  }

  /**
   * Notes that a claimed head has ended, and lets the next of its lane become the head.
   *
   * @returns The next, when `claim` is given.
   */
  ended(fence: number, lane: readonly SqliteValue[], claim: ClaimTerms | undefined): ClaimedHead | undefined {
    this.leases.end(fence);
    this.#sizes.add(lane, -1);
    if (this.sizeOf(lane) === 0) return undefined;
    if (claim === undefined) {
      this.#free.add(this.#promote.run(...lane));
      return undefined;
    }
    const row = this.#claimSuccessor.get(...lane);
    return row && { row, fence: this.#grant(integer(row, 'seq'), claim) };
  }

  /** Gives up every lease of a worker. */
  release(worker: string): void {
    for (const fence of this.leases.ofWorker(worker)) this.#giveUp(fence, this.#context.time.now);
  }

  #due(scope: readonly SqliteValue[], now: number, limit: number): number[] {
    if (!this.hasFree) return [];
    const retries = this.#dueRetries.all(...scope, now, limit);
    const fresh = retries.length < limit ? this.#dueAtOnce.all(...scope, limit - retries.length) : [];
    return [...retries, ...fresh].map((row) => integer(row, 'seq'));
  }

  #claimed(row: Row, terms: ClaimTerms): ClaimedHead {
    this.#free.add(-1);
    this.#tellVoided(row, terms.now);
    return { row, fence: this.#grant(integer(row, 'seq'), terms) };
  }

  #grant(seq: number, terms: ClaimTerms): number {
    const fence = this.#context.fences.next();
    this.leases.grant(fence, seq, terms);
    return fence;
  }

  #giveUp(fence: number, now: number): void {
    const { seq } = this.leases.held(fence, 'a lane');
    const row = this.#abandon.get(seq);
    if (row !== undefined) this.#logAbandoned(seq, integer(row, 'attempts'), now);
    this.leases.end(fence);
    this.#free.add(1);
  }

  /** The claim before this one was void. Until now there was no time to tell it with. */
  #tellVoided(row: Row, now: number): void {
    const seq = integer(row, 'seq');
    if (!this.#voided.delete(seq)) return;
    this.#context.undo.note(() => this.#voided.add(seq));
    this.#logAbandoned(seq, integer(row, 'attempts') - 1, now);
  }
}
