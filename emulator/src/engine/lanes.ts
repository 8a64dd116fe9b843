/** Runs what has the same lane one after the other, and different lanes side by side. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();

  run(lane: string, work: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(lane) ?? Promise.resolve();
    const run = before.then(work);
    const tail = run
      .catch(() => undefined)
      .then(() => {
        if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
      });
    this.#tails.set(lane, tail);
    return run;
  }
}
