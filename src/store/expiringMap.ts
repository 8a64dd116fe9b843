/**
 * A map whose entries run out. Entries are kept in the order they were set; as every caller gives all its entries
 * the same life, the oldest runs out first and pruning looks only at those that go.
 */
export class ExpiringMap<Key, Value> {
  readonly #entries = new Map<Key, { readonly value: Value; readonly expiresAt: number }>();

  get size(): number {
    return this.#entries.size;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  /** @param expiresAt Milliseconds since the epoch. */
  set(key: Key, value: Value, expiresAt: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt });
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  /** Drops what has run out by `now`. */
  prune(now: number): void {
    for (const [key, { expiresAt }] of this.#entries) {
      if (expiresAt > now) return;
      this.#entries.delete(key);
    }
  }
}
