import { LeaseLostError } from '../errors';
import type { ClaimTerms } from './deliveryStore';

/** One entry of a lane, and how often it was claimed. */
interface Entry<Item> {
  item: Item;
  attempts: number;
  notBefore: number;
}

interface Lane<Item> {
  readonly key: string;
  readonly entries: Entry<Item>[];
  fence: number;
  lease: { readonly worker: string; until: number } | undefined;
}

/** The head of a lane, held by one worker. */
export interface LaneClaim<Item> {
  readonly lane: string;
  readonly item: Item;
  readonly attempt: number;
  readonly fence: number;
}

/** What becomes of a lane's head when its holder is done with it. */
export type LaneSettlement<Item> =
  | { readonly kind: 'remove' }
  | { readonly kind: 'retry'; readonly notBefore: number; readonly item: Item }
  /** Back to the head, the attempt not counted. */
  | { readonly kind: 'release'; readonly item: Item }
  /** The same, but not before a time. */
  | { readonly kind: 'hold'; readonly notBefore: number; readonly item: Item };

/** Told of a head that was left unsettled, and of its attempt; says what it is from now on. */
export type OnAbandon<Item> = (item: Item, attempt: number) => Item;

/**
 * Queues in memory, one per lane, each strictly in order: only a lane's head can be claimed, by one worker at a
 * time, and nothing overtakes a head that waits for its retry. Serves the inbox (a lane per conversation) and
 * the outbox (a lane per conversation of one destination).
 */
export class LaneQueue<Item> {
  readonly #lanes = new Map<string, Lane<Item>>();
  /** Lanes that may be claimable: superset of the due ones, oldest first. */
  readonly #idle = new Set<Lane<Item>>();
  readonly #leased = new Set<Lane<Item>>();
  readonly #waiting = new Set<Lane<Item>>();
  /** Nothing in `#waiting` is due before this. */
  #nextWaiting = Number.POSITIVE_INFINITY;
  #fences = 0;
  #size = 0;

  /** How many entries wait or are being worked on. */
  get size(): number {
    return this.#size;
  }

  /** The first of each lane, in no order. */
  *heads(): Iterable<Item> {
    for (const { entries } of this.#lanes.values()) {
      const [head] = entries;
      if (head !== undefined) yield head.item;
    }
  }

  push(key: string, item: Item): void {
    const lane = this.#lanes.get(key) ?? this.#open(key);
    lane.entries.push({ item, attempts: 0, notBefore: 0 });
    this.#size++;
    if (lane.entries.length === 1) this.#idle.add(lane);
  }

  /** Claims the heads of up to `limit` lanes that are due. */
  claim(limit: number, terms: ClaimTerms): LaneClaim<Item>[] {
    this.#wakeUp(terms.now);
    const claims: LaneClaim<Item>[] = [];
    for (const lane of this.#idle) {
      if (claims.length >= limit) break;
      const claim = this.#claim(lane, terms);
      if (claim !== undefined) claims.push(claim);
    }
    return claims;
  }

  /** Claims the head of one lane, if it is free and due. */
  claimLane(key: string, terms: ClaimTerms): LaneClaim<Item> | undefined {
    this.#wakeUp(terms.now);
    const lane = this.#lanes.get(key);
    return lane !== undefined && this.#idle.has(lane) ? this.#claim(lane, terms) : undefined;
  }

  /** @throws {LeaseLostError} when `claim` is not the lane's newest, or has been given up. */
  settle(claim: LaneClaim<Item>, settlement: LaneSettlement<Item>): void {
    const lane = this.#held(claim);
    const [head] = lane.entries;
    if (head === undefined) throw new LeaseLostError(claim.lane);
    lane.lease = undefined;
    this.#leased.delete(lane);
    if (settlement.kind === 'remove') {
      lane.entries.shift();
      this.#size--;
    } else {
      head.item = settlement.item;
      head.notBefore = settlement.kind === 'release' ? head.notBefore : settlement.notBefore;
      head.attempts -= settlement.kind === 'retry' ? 0 : 1;
    }
    this.#file(lane);
  }

  /** @throws {LeaseLostError} when `claim` is not the lane's newest, or has been given up. */
  check(claim: Pick<LaneClaim<Item>, 'lane' | 'fence'>): void {
    this.#held(claim);
  }

  renew(terms: ClaimTerms): void {
    for (const lane of this.#leased) {
      if (lane.lease?.worker === terms.worker) lane.lease.until = terms.now + terms.leaseMs;
    }
  }

  /** Gives up the leases of `worker`; `onAbandon` may change the head that was left unsettled. */
  release(worker: string, onAbandon: OnAbandon<Item>): void {
    for (const lane of this.#leased) {
      if (lane.lease?.worker === worker) this.#abandon(lane, onAbandon);
    }
  }

  /** Gives up the leases that have run out by `now`. */
  expire(now: number, onAbandon: OnAbandon<Item>): void {
    for (const lane of this.#leased) {
      if (lane.lease !== undefined && lane.lease.until <= now) this.#abandon(lane, onAbandon);
    }
  }

  /** When the next lane becomes claimable that is not so at `now`. */
  nextDueAt(now: number): number | undefined {
    let earliest: number | undefined;
    const consider = (time: number) => {
      if (time > now && (earliest === undefined || time < earliest)) earliest = time;
    };
    for (const lane of this.#waiting) consider(lane.entries[0]?.notBefore ?? 0);
    for (const lane of this.#leased) consider(lane.lease?.until ?? 0);
    return earliest;
  }

  /** @param key Of this lane alone. */
  expedite(key?: string): void {
    for (const lane of this.#waiting) {
      if (key !== undefined && lane.key !== key) continue;
      for (const entry of lane.entries) entry.notBefore = 0;
      this.#idle.add(lane);
      this.#waiting.delete(lane);
    }
  }

  #open(key: string): Lane<Item> {
    const lane: Lane<Item> = { key, entries: [], fence: 0, lease: undefined };
    this.#lanes.set(key, lane);
    return lane;
  }

  #claim(lane: Lane<Item>, terms: ClaimTerms): LaneClaim<Item> | undefined {
    const [head] = lane.entries;
    this.#idle.delete(lane);
    if (head === undefined) return undefined;
    if (head.notBefore > terms.now) {
      this.#wait(lane, head.notBefore);
      return undefined;
    }
    head.attempts++;
    // One counter for all lanes: a lane that was emptied and opened again must not reuse an old fence.
    lane.fence = ++this.#fences;
    lane.lease = { worker: terms.worker, until: terms.now + terms.leaseMs };
    this.#leased.add(lane);
    return { lane: lane.key, item: head.item, attempt: head.attempts, fence: lane.fence };
  }

  #held(claim: Pick<LaneClaim<Item>, 'lane' | 'fence'>): Lane<Item> {
    const lane = this.#lanes.get(claim.lane);
    if (lane?.lease === undefined || lane.fence !== claim.fence) throw new LeaseLostError(claim.lane);
    return lane;
  }

  #abandon(lane: Lane<Item>, onAbandon: OnAbandon<Item>): void {
    const [head] = lane.entries;
    if (head !== undefined) head.item = onAbandon(head.item, head.attempts);
    lane.lease = undefined;
    this.#leased.delete(lane);
    this.#file(lane);
  }

  /** Puts a free lane where it belongs. */
  #file(lane: Lane<Item>): void {
    const [head] = lane.entries;
    if (head === undefined) this.#lanes.delete(lane.key);
    else if (head.notBefore > 0) this.#wait(lane, head.notBefore);
    else this.#idle.add(lane);
  }

  #wait(lane: Lane<Item>, until: number): void {
    this.#waiting.add(lane);
    this.#nextWaiting = Math.min(this.#nextWaiting, until);
  }

  #wakeUp(now: number): void {
    if (now < this.#nextWaiting) return;
    this.#nextWaiting = Number.POSITIVE_INFINITY;
    for (const lane of this.#waiting) {
      const dueAt = lane.entries[0]?.notBefore ?? 0;
      if (dueAt > now) {
        this.#nextWaiting = Math.min(this.#nextWaiting, dueAt);
        continue;
      }
      this.#waiting.delete(lane);
      this.#idle.add(lane);
    }
  }
}
