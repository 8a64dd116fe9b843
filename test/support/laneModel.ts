import assert from 'node:assert/strict';

interface ModelEntry {
  readonly id: string;
  attempts: number;
  notBefore: number;
}

interface ModelLane {
  readonly entries: ModelEntry[];
  holder: { readonly worker: string; readonly fence: number; until: number } | undefined;
  lastFence: number;
}

/** A claim, as far as the model looks at it. */
export interface ModelClaim {
  readonly lane: string;
  readonly id: string;
  readonly attempt: number;
  readonly fence: number;
}

export type ModelSettlement =
  | 'remove'
  | 'retry'
  /** Back to the head, the attempt not counted. */
  | 'release'
  /** The same, but not before a time. */
  | 'hold';

/** What a queue of lanes must do, in the plainest words: the reference for property tests. */
export class LaneModel {
  readonly #lanes = new Map<string, ModelLane>();
  /** What left each lane, in order. */
  readonly removed = new Map<string, string[]>();

  push(lane: string, id: string): void {
    this.#lane(lane).entries.push({ id, attempts: 0, notBefore: 0 });
  }

  /** Lanes whose head may be claimed: nobody holds them, or no longer, and it is due. */
  claimable(now: number): string[] {
    return [...this.#lanes.keys()].filter((lane) => this.isFree(lane, now) && this.isDue(lane, now));
  }

  isFree(lane: string, now: number): boolean {
    const { holder } = this.#lane(lane);
    return holder === undefined || holder.until <= now;
  }

  /** Whether somebody still has a claim whose lease has run out. */
  hasLapsed(lane: string, now: number): boolean {
    const { holder } = this.#lane(lane);
    return holder !== undefined && holder.until <= now;
  }

  anyLapsed(now: number): boolean {
    return [...this.#lanes.keys()].some((lane) => this.hasLapsed(lane, now));
  }

  isDue(lane: string, now: number): boolean {
    const [head] = this.#lane(lane).entries;
    return head !== undefined && head.notBefore <= now;
  }

  isHeldUnder({ lane, fence }: ModelClaim): boolean {
    return this.#lane(lane).holder?.fence === fence;
  }

  /** Checks that the claim is right, and takes note of it. */
  claimed(claim: ModelClaim, worker: string, now: number, until: number): void {
    const lane = this.#lane(claim.lane);
    assert.ok(this.isFree(claim.lane, now), `${claim.lane} was given to two`);
    const [head] = lane.entries;
    assert.ok(head, `${claim.lane} gave what it does not hold`);
    assert.equal(claim.id, head.id, `${claim.lane} is out of order`);
    assert.ok(this.isDue(claim.lane, now), `${claim.id} was claimed before its time`);
    assert.equal(claim.attempt, head.attempts + 1, `the attempt of ${claim.id}`);
    assert.ok(claim.fence > lane.lastFence, `the fence of ${claim.lane} did not grow`);
    head.attempts++;
    lane.lastFence = claim.fence;
    lane.holder = { worker, fence: claim.fence, until };
  }

  settled({ lane: name }: ModelClaim, settlement: ModelSettlement, notBefore: number): void {
    const lane = this.#lane(name);
    const [head] = lane.entries;
    assert.ok(head);
    lane.holder = undefined;
    if (settlement === 'release' || settlement === 'hold') head.attempts--;
    if (settlement === 'retry' || settlement === 'hold') head.notBefore = notBefore;
    if (settlement !== 'remove') return;
    lane.entries.shift();
    this.removed.set(name, [...(this.removed.get(name) ?? []), head.id]);
  }

  renewed(worker: string, until: number): void {
    for (const { holder } of this.#lanes.values()) if (holder?.worker === worker) holder.until = until;
  }

  released(worker: string): void {
    for (const lane of this.#lanes.values()) if (lane.holder?.worker === worker) lane.holder = undefined;
  }

  #lane(name: string): ModelLane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const lane: ModelLane = { entries: [], holder: undefined, lastFence: 0 };
    this.#lanes.set(name, lane);
    return lane;
  }
}
