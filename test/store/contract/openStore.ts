import type { DeliveryStore } from '../../../src/store/deliveryStore';

/** Gives a test an empty, open store. */
export type OpenStore = () => Promise<DeliveryStore>;

/** Opens stores for the tests of a suite and closes them after each. */
export function keepStores(make: () => Promise<DeliveryStore>): OpenStore {
  const opened: DeliveryStore[] = [];
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  return async () => {
    const store = await make();
    await store.open();
    opened.push(store);
    return store;
  };
}
