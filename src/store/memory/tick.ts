/**
 * Tells all that ask in one turn of the event loop at once when it ends. What they do next is to answer, and answers that
 * go out one by one wake whoever waits for them each time, which costs more than the event.
 */
export class Tick {
  #end: Promise<void> | undefined;

  /** Resolves when this turn of the event loop has ended, in the order in which it was asked. */
  ended(): Promise<void> {
    this.#end ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#end = undefined;
        resolve();
      });
    });
    return this.#end;
  }
}
