/** A lane held under a fence. */
export interface HeldLease {
  /** Empty for the inbox. */
  readonly destination: string;
  readonly conversationId: string;
  readonly fence: number;
}

/**
 * The claims that were handed out and are not settled. Only these are renewed: a claim whose answer was lost on
 * its way here, as when the server restarts, is held by nobody, and must run out for somebody to work on it.
 */
export class HeldLeases {
  /** By their fences, of which no two claims have the same. */
  readonly #byWorker = new Map<string, Map<number, HeldLease>>();

  add(worker: string, lease: HeldLease): void {
    const leases = this.#byWorker.get(worker) ?? new Map<number, HeldLease>();
    leases.set(lease.fence, lease);
    this.#byWorker.set(worker, leases);
  }

  /** The lease was settled, or lost. */
  drop(fence: number): void {
    for (const [worker, leases] of this.#byWorker) {
      if (leases.delete(fence) && leases.size === 0) this.#byWorker.delete(worker);
    }
  }

  dropAllOf(worker: string): void {
    this.#byWorker.delete(worker);
  }

  of(worker: string): readonly HeldLease[] {
    return [...(this.#byWorker.get(worker)?.values() ?? [])];
  }
}
