/** Changes of one thing, one after the other: at the same time they would only find each other's work stale. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether a change of this thing is under way. */
  isBusy(key: string): boolean {
    return this.#last.has(key);
  }

  async run<Result>(key: string, change: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(change, change);
    this.#last.set(key, result);
    try {
      return await result;
    } finally {
      if (this.#last.get(key) === result) this.#last.delete(key);
    }
  }
}
