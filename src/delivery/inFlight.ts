import { AsyncResource } from 'node:async_hooks';

/** Counts work under way, and tells when there is none. */
export class InFlight {
  readonly #onIdle: () => void;
  readonly #scope = new AsyncResource('WebexConnectDelivery');
  #count = 0;
  #waiters: (() => void)[] = [];

  /** @param onIdle Called at once whenever the last work ends, before anybody who waits. */
  constructor(onIdle: () => void = () => {}) {
    this.#onIdle = onIdle;
  }

  get count(): number {
    return this.#count;
  }

  /** Counts `work` until it settles. */
  async track<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#count++;
    try {
      return await work();
    } finally {
      this.#count--;
      if (this.#count === 0) this.#announce();
    }
  }

  /**
   * Runs work that is nobody's in particular. One request wakes what then serves all others: as part of that request it
   * would write into its trace for as long as the process lives.
   */
  detach<Result>(work: () => Result): Result {
    return this.#scope.runInAsyncScope(work);
  }

  /** Resolves as soon as nothing is under way. */
  settled(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #announce(): void {
    this.#onIdle();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
