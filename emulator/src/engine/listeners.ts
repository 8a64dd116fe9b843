/** Who wants to hear of each change. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** @returns What ends it. */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whoever fails is heard of, but takes nobody along: the change has happened. */
  notify(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }
}
