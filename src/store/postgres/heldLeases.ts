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
  readonly #byWorker = new Map<string, Map<string, HeldLease>>();

  add(worker: string, lease: HeldLease): void {
    const leases = this.#byWorker.get(worker) ?? new Map<string, HeldLease>();
    leases.set(keyOf(lease), lease);
    this.#byWorker.set(worker, leases);
  }

  /** The lease was settled, or lost. */
  drop(lease: HeldLease): void {
    for (const [worker, leases] of this.#byWorker) {
      if (leases.get(keyOf(lease))?.fence !== lease.fence) continue;
      leases.delete(keyOf(lease));
      if (leases.size === 0) this.#byWorker.delete(worker);
    }
  }

  dropAllOf(worker: string): void {
    this.#byWorker.delete(worker);
  }

  of(worker: string): readonly HeldLease[] {
    return [...(this.#byWorker.get(worker)?.values() ?? [])];
  }
}

function keyOf({ destination, conversationId }: HeldLease): string {
  return JSON.stringify([destination, conversationId]);
}
