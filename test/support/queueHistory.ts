import assert from 'node:assert/strict';
import { LeaseLostError } from '../../src/errors';
import type { ClaimTerms, DeliveryStore } from '../../src/store/deliveryStore';
import { LaneModel } from './laneModel';
import type { QueueOperation } from './queueOperations';
import type { QueueClaim, QueueUnderTest } from './queueUnderTest';
import { claimBy, HOUR, LEASE_MS, T0 } from './storeSamples';

/** More lanes than any history has. */
const ALL = 100;

/** Runs a history on a store and on the model beside it, and compares after every step. */
export class QueueHistory {
  readonly #store: DeliveryStore;
  readonly #queue: QueueUnderTest;
  readonly #model = new LaneModel();
  readonly #claims: QueueClaim[] = [];
  readonly #pushed = new Map<string, string[]>();
  #now = T0;
  #serial = 0;

  constructor(store: DeliveryStore, queue: QueueUnderTest) {
    this.#store = store;
    this.#queue = queue;
  }

  async run(operation: QueueOperation): Promise<void> {
    switch (operation.kind) {
      case 'push':
        return this.#push(operation.lane, operation.claimAs);
      case 'claim':
        return this.#claim(operation.limit, operation.worker);
      case 'settle':
        return this.#settle(operation);
      case 'advance':
        this.#now += operation.byMs;
        return;
      case 'renew':
        return this.#renew(operation.worker);
      case 'release':
        await this.#store.releaseLeases(operation.worker);
        this.#model.released(operation.worker);
    }
  }

  /** Takes everything out, and checks that each lane gave it in the order it came. */
  async finish(): Promise<void> {
    this.#now += HOUR;
    for (;;) {
      const claims = await this.#queue.claim(ALL, claimBy('last', this.#now));
      if (claims.length === 0) break;
      for (const claim of claims) {
        this.#note(claim, 'last');
        await claim.settle('remove', 0, undefined);
        this.#model.settled(claim, 'remove', 0);
      }
    }
    assert.deepEqual(Object.fromEntries(this.#model.removed), Object.fromEntries(this.#pushed));
  }

  #terms(worker: string): ClaimTerms {
    return claimBy(worker, this.#now);
  }

  async #push(lane: string, claimAs: string | undefined): Promise<void> {
    const id = `${lane}-${++this.#serial}`;
    const claim = await this.#queue.push(
      lane,
      id,
      this.#now,
      claimAs === undefined ? undefined : this.#terms(claimAs),
    );
    this.#pushed.set(lane, [...(this.#pushed.get(lane) ?? []), id]);
    this.#model.push(lane, id);
    if (claim !== undefined && claimAs !== undefined) {
      assert.ok(!this.#model.hasLapsed(lane, this.#now), `${lane} was taken over`);
      this.#note(claim, claimAs);
      return;
    }
    // A lease that has run out is left to who looks for work.
    const mustClaim = claimAs !== undefined && !this.#model.hasLapsed(lane, this.#now);
    if (mustClaim) assert.ok(!this.#model.claimable(this.#now).includes(lane), `${lane} was not claimed`);
  }

  async #claim(limit: number, worker: string): Promise<void> {
    // Whether a lapsed claim that the limit leaves out may still be settled is the store's affair.
    const asked = this.#model.anyLapsed(this.#now) ? ALL : limit;
    const due = this.#model.claimable(this.#now).length;
    const claims = await this.#queue.claim(asked, this.#terms(worker));
    for (const claim of claims) this.#note(claim, worker);
    assert.equal(claims.length, Math.min(asked, due), 'what is due was not claimed');
  }

  async #settle(operation: Extract<QueueOperation, { kind: 'settle' }>): Promise<void> {
    const claim = this.#claims[operation.which % Math.max(this.#claims.length, 1)];
    if (claim === undefined) return;
    const { settlement, claimsNext } = operation;
    const notBefore = this.#now + operation.delayMs;
    const settling = claim.settle(settlement, notBefore, claimsNext ? this.#terms('a') : undefined);
    if (!this.#model.isHeldUnder(claim)) {
      await assert.rejects(settling, LeaseLostError);
      return;
    }
    const next = await settling;
    this.#model.settled(claim, settlement, notBefore);
    if (next !== undefined) this.#note(next, 'a');
    else if (claimsNext) assert.ok(!this.#model.isDue(claim.lane, this.#now), 'the next was not claimed');
  }

  async #renew(worker: string): Promise<void> {
    // Whether a lapsed lease can be renewed is the store's affair.
    if (this.#model.anyLapsed(this.#now)) return;
    await this.#store.renewLeases(this.#terms(worker));
    this.#model.renewed(worker, this.#now + LEASE_MS);
  }

  #note(claim: QueueClaim, worker: string): void {
    this.#model.claimed(claim, worker, this.#now, this.#now + LEASE_MS);
    this.#claims.push(claim);
  }
}
