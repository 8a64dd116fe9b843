/** What stands between a caller and a method of a store. */
export type Interceptor = (method: string, run: () => Promise<unknown>) => Promise<unknown>;

/** A store whose every call that waits for an answer goes through `intercept`. */
export function interceptStore<Store extends object>(store: Store, intercept: Interceptor): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      if (name === 'watch') return method.bind(target);
      return (...args: unknown[]) =>
        intercept(String(name), async () => {
          const result: unknown = await Reflect.apply(method, target, args);
          return result;
        });
    },
  });
}
