/** How operations are put together. */
export interface BatchRun<Operation, Result> {
  /** Runs operations in one transaction; gives one result per operation, in their order. */
  readonly run: (operations: readonly Operation[]) => Promise<readonly Result[]>;
  /** Whether a failure is the fault of one operation, so that the others deserve a run of their own. */
  readonly blamesOne: (error: unknown) => boolean;
  readonly maxBatch: number;
  /** Batches under way at the same time: but for the first, only those that are full. */
  readonly maxInFlight: number;
}

interface Waiting<Operation, Result> {
  readonly operation: Operation;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: what comes while the database is busy goes to it together, as one transaction with one fsync, for a
 * transaction costs as much as ten operations. When little is going on an operation goes at once and alone.
 */
export class Batcher<Operation, Result> {
  readonly #batch: BatchRun<Operation, Result>;
  #waiting: Waiting<Operation, Result>[] = [];
  #inFlight = 0;
  #isScheduled = false;

  constructor(batch: BatchRun<Operation, Result>) {
    this.#batch = batch;
  }

  submit(operation: Operation): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation, resolve, reject });
      this.#schedule();
    });
  }

  /** What came in the same turn of the event loop goes together. */
  #schedule(): void {
    if (this.#isScheduled || !this.#mayRun()) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const batch = this.#waiting.splice(0, this.#batch.maxBatch);
      void this.#run(batch);
      this.#schedule();
    });
  }

  #mayRun(): boolean {
    const { maxBatch, maxInFlight } = this.#batch;
    if (this.#inFlight === 0) return this.#waiting.length > 0;
    return this.#waiting.length >= maxBatch && this.#inFlight < maxInFlight;
  }

  async #run(batch: readonly Waiting<Operation, Result>[]): Promise<void> {
    this.#inFlight++;
    await this.#settle(batch);
    this.#inFlight--;
    this.#schedule();
  }

  async #settle(batch: readonly Waiting<Operation, Result>[]): Promise<void> {
    try {
      const results = await this.#batch.run(batch.map(({ operation }) => operation));
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      if (batch.length > 1 && this.#batch.blamesOne(error)) {
        for (const one of batch) await this.#settle([one]);
        return;
      }
      for (const { reject } of batch) reject(error);
    }
  }
}
