import type { Clock } from '../../clock';
import { persist } from '../../delivery/persist';
import { StoreClosedError } from '../../errors';
import type { DeliveryStore, DestinationHealth } from '../../store/deliveryStore';

/** How a value lies in the store, and how it changes. All are pure. */
export interface RecordShape<Value, Change> {
  /** See `reservedDestinations.ts`. */
  readonly name: string;
  readonly read: (health: DestinationHealth) => Value;
  readonly write: (value: Value) => DestinationHealth;
  readonly apply: (value: Value, change: Change) => Value;
  /** Two changes, one after the other, as one: so what waits for the store does not grow. */
  readonly merge: (earlier: Change, later: Change) => Change;
}

/** Whether a value was read for the first time, or has changed since. */
export type RecordNews = 'restored' | 'changed';

/**
 * A value that is known at once in memory and as soon as possible in the store, where it survives a restart and is
 * shared with other replicas. Nobody waits for the store, and nothing fails when it does.
 */
export class BestEffortRecord<Value, Change> {
  readonly #store: DeliveryStore;
  readonly #clock: Clock;
  readonly #shape: RecordShape<Value, Change>;
  readonly #onNews: (news: RecordNews, stored: Value) => void;
  readonly #onFailure: (error: unknown) => void;
  #stored: Value;
  #underWay: Change | undefined;
  #pending: Change | undefined;
  #isOpen = false;
  #isWriting = false;
  #writes = 0;
  #isLoaded = false;
  #loadedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param initial The value until the store has told.
   * @param onNews Called when the store has told something: what it holds, without what it does not know yet.
   * @param onFailure Called for each failed try to write.
   */
  constructor(
    { store, clock }: { readonly store: DeliveryStore; readonly clock: Clock },
    shape: RecordShape<Value, Change>,
    initial: Value,
    onNews: (news: RecordNews, stored: Value) => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#shape = shape;
    this.#stored = initial;
    this.#onNews = onNews;
    this.#onFailure = onFailure;
  }

  /** What is stored, with all that has happened since. */
  get value(): Value {
    const { apply } = this.#shape;
    const underWay = this.#underWay === undefined ? this.#stored : apply(this.#stored, this.#underWay);
    return this.#pending === undefined ? underWay : apply(underWay, this.#pending);
  }

  /** Whether the store knows all that is known here. */
  get isSettled(): boolean {
    return this.#underWay === undefined && this.#pending === undefined;
  }

  /** From now on the store can be used. Resolves when it was asked, whatever it said. */
  async open(): Promise<void> {
    this.#isOpen = true;
    await this.#load();
    void this.#flush();
  }

  /** From now on the store is left alone. */
  close(): void {
    this.#isOpen = false;
  }

  /** Takes a change in. */
  note(change: Change): void {
    const { merge } = this.#shape;
    this.#pending = this.#pending === undefined ? change : merge(this.#pending, change);
    void this.#flush();
  }

  /** Looks at what others have written, when it was never read or `maxAgeMs` ago. */
  async refresh(maxAgeMs: number): Promise<void> {
    const age = this.#clock.now() - this.#loadedAt;
    // A clock that was set back must not stop this for hours.
    const isFresh = age >= 0 && age < maxAgeMs;
    if (!this.#isOpen || isFresh || (this.#isLoaded && !this.#store.isShared)) return;
    await this.#load();
  }

  async #load(): Promise<void> {
    this.#loadedAt = this.#clock.now();
    const began = { isWriting: this.#isWriting, writes: this.#writes };
    try {
      const stored = this.#shape.read(await this.#store.loadHealth(this.#shape.name));
      // What is being written will tell what came of it; and what was read before a write is older than what it told,
      // though it may be heard of later.
      const isLatest = !began.isWriting && !this.#isWriting && began.writes === this.#writes;
      if (isLatest) this.#adopt(stored);
    } catch {
      // It is asked again at the next refresh; whether the store is well, others say.
    }
  }

  async #flush(): Promise<void> {
    if (!this.#isOpen || this.#isWriting) return;
    this.#isWriting = true;
    try {
      while (this.#isOpen && this.#pending !== undefined) await this.#write(this.#pending);
    } catch {
      // The store was closed. What waits is kept, should it be opened again.
      this.#isOpen = false;
      this.#keep();
    } finally {
      this.#isWriting = false;
    }
  }

  async #write(change: Change): Promise<void> {
    const { name, read, write, apply } = this.#shape;
    this.#writes++;
    this.#underWay = change;
    this.#pending = undefined;
    let before = this.#stored;
    const update = (health: DestinationHealth) => {
      before = read(health);
      return write(apply(before, change));
    };
    const stored = await persist(
      this.#clock,
      async () => {
        if (!this.#isOpen) throw new StoreClosedError();
        return this.#store.updateHealth(name, update);
      },
      this.#onFailure,
    );
    // Whoever could not read it at the start learns here what was there before.
    if (!this.#isLoaded) this.#adopt(before);
    this.#underWay = undefined;
    this.#adopt(read(stored));
  }

  #keep(): void {
    const { merge } = this.#shape;
    const underWay = this.#underWay;
    if (underWay === undefined) return;
    this.#underWay = undefined;
    this.#pending = this.#pending === undefined ? underWay : merge(underWay, this.#pending);
  }

  #adopt(stored: Value): void {
    const news = this.#isLoaded ? 'changed' : 'restored';
    this.#isLoaded = true;
    this.#stored = stored;
    this.#onNews(news, stored);
  }
}
