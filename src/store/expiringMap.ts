interface Entry<Key, Value> {
  readonly key: Key;
  readonly value: Value;
  readonly expiresAt: number;
}

/** So many dead entries are not worth the work of clearing them out. */
const DEAD_ENTRIES_BORNE = 1024;

/**
 * A map whose entries run out. As every caller gives all its entries the same life, the oldest runs out first.
 *
 * The order is kept in a queue beside the map: a JavaScript `Map` walks over all that was deleted at its front to find
 * its first entry, which at a thousand entries a second takes longer than all the rest of a message's way.
 */
export class ExpiringMap<Key, Value> {
  readonly #entries = new Map<Key, Entry<Key, Value>>();
  /** In the order they were set, those before `#first` left out; the dead among them are no longer in the map. */
  #queue: Entry<Key, Value>[] = [];
  #first = 0;

  get size(): number {
    return this.#entries.size;
  }

  /** Entries that take memory, the dead included. */
  get held(): number {
    return this.#queue.length;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  /** @param expiresAt Milliseconds since the epoch. */
  set(key: Key, value: Value, expiresAt: number): void {
    const entry = { key, value, expiresAt };
    this.#entries.set(key, entry);
    this.#queue.push(entry);
    this.#clearOut();
  }

  delete(key: Key): void {
    this.#entries.delete(key);
    this.#clearOut();
  }

  /** Drops what has run out by `now`. */
  prune(now: number): void {
    for (let entry = this.#queue[this.#first]; entry !== undefined; entry = this.#queue[this.#first]) {
      if (entry.expiresAt > now) return;
      if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
      this.#first++;
    }
  }

  /** Frees the memory of the dead once there are more of them than of the living. */
  #clearOut(): void {
    const dead = this.#queue.length - this.#entries.size;
    if (dead <= DEAD_ENTRIES_BORNE + this.#entries.size) return;
    this.#queue = this.#queue.slice(this.#first).filter((entry) => this.#entries.get(entry.key) === entry);
    this.#first = 0;
  }
}
