import type { DeliveryStore } from '../../src/store/deliveryStore';
import { interceptStore } from './interceptStore';

/** A process's view of a store that outlives it. */
export class MortalStore<Store extends DeliveryStore = DeliveryStore> {
  readonly store: Store;
  /** The same, for a process that cannot renew its leases. */
  readonly withoutRenewals: Store;
  #isDead = false;

  constructor(shared: Store) {
    this.store = interceptStore(shared, async (_method, run) => {
      if (this.#isDead) return new Promise(() => {});
      const result = await run();
      return this.#isDead ? new Promise(() => {}) : result;
    });
    this.withoutRenewals = interceptStore(this.store, async (method, run) => {
      if (method === 'renewLeases') throw new Error('the store is down');
      return run();
    });
  }

  /** The process ends: nothing it does reaches the store any more, and no answer reaches it. */
  kill(): void {
    this.#isDead = true;
  }
}
