import { LeaseLostError } from '../../errors';
import type { ClaimTerms } from '../deliveryStore';
import type { UndoLog } from './undoLog';

/** Who works on the head of a lane, and until when. */
export interface Lease {
  /** The head's row. */
  readonly seq: number;
  readonly worker: string;
  readonly until: number;
}

/**
 * The leases of one queue, by fence. They live in memory: one process owns the database, so no lease outlives it.
 * That a head was claimed stands in its row, and voids the claim when the database is opened next.
 */
export class Leases {
  readonly #undo: UndoLog;
  readonly #byFence = new Map<number, Lease>();
  /** No lease ends before this; it is asked all the time whether one has. */
  #earliestEnd = Number.POSITIVE_INFINITY;

  constructor(undo: UndoLog) {
    this.#undo = undo;
  }

  grant(fence: number, seq: number, terms: ClaimTerms): void {
    this.#put(fence, { seq, worker: terms.worker, until: terms.now + terms.leaseMs });
    this.#undo.note(() => this.#byFence.delete(fence));
  }

  /** @throws {LeaseLostError} when nobody holds `what` under this fence any more. */
  held(fence: number, what: string): Lease {
    const lease = this.#byFence.get(fence);
    if (lease === undefined) throw new LeaseLostError(what);
    return lease;
  }

  end(fence: number): void {
    const lease = this.#byFence.get(fence);
    if (lease === undefined) return;
    this.#byFence.delete(fence);
    this.#undo.note(() => this.#put(fence, lease));
  }

  /** Prolongs every lease of a worker. Nothing is written, so nothing can be taken back. */
  renew({ worker, now, leaseMs }: ClaimTerms): void {
    for (const [fence, lease] of this.#byFence) {
      if (lease.worker === worker) this.#put(fence, { ...lease, until: now + leaseMs });
    }
  }

  /** The fences of the leases that have run out by `now`. */
  endedBy(now: number): number[] {
    if (now < this.#earliestEnd) return [];
    this.#earliestEnd = this.#earliest(Number.NEGATIVE_INFINITY) ?? Number.POSITIVE_INFINITY;
    return this.#fencesOf(({ until }) => until <= now);
  }

  ofWorker(worker: string): number[] {
    return this.#fencesOf((lease) => lease.worker === worker);
  }

  /** When the next lease runs out that runs at `now`. */
  nextEnd(now: number): number | undefined {
    return this.#earliest(now);
  }

  /** When the first lease runs out after `time`. */
  #earliest(time: number): number | undefined {
    let earliest: number | undefined;
    for (const { until } of this.#byFence.values()) {
      if (until > time && (earliest === undefined || until < earliest)) earliest = until;
    }
    return earliest;
  }

  #put(fence: number, lease: Lease): void {
    this.#byFence.set(fence, lease);
    this.#earliestEnd = Math.min(this.#earliestEnd, lease.until);
  }

  #fencesOf(matches: (lease: Lease) => boolean): number[] {
    const fences: number[] = [];
    for (const [fence, lease] of this.#byFence) if (matches(lease)) fences.push(fence);
    return fences;
  }
}
