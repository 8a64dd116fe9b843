import type { DeliveryStore } from '../../src/store/deliveryStore';

/** A store in this process that passes for one that several processes share. */
export class SharedStore {
  readonly #listeners = new Set<() => void>();
  readonly store: DeliveryStore;

  constructor(store: DeliveryStore) {
    const watch = (listener: () => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    };
    this.store = new Proxy(store, {
      get(target, name) {
        if (name === 'isShared') return true;
        if (name === 'watch') return watch;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  get watchers(): number {
    return this.#listeners.size;
  }

  /** Another process says that it has left work. */
  notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
