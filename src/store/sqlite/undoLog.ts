/**
 * How to take back what was changed in memory, for when the transaction that it belongs to is rolled back. Whoever
 * keeps something in memory that mirrors the database notes each change here.
 */
export class UndoLog {
  #steps: (() => void)[] = [];

  note(undo: () => void): void {
    this.#steps.push(undo);
  }

  /** A point to come back to. */
  mark(): number {
    return this.#steps.length;
  }

  /** Takes back everything since `mark`, the newest first. */
  undoTo(mark: number): void {
    for (const undo of this.#steps.splice(mark).reverse()) undo();
  }

  /** Forgets: it is committed. */
  clear(): void {
    this.#steps = [];
  }
}
