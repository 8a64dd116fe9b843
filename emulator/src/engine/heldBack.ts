/** What a fault holds back until the next of its lane has gone. */
export class HeldBack<T extends { readonly lane: string }> {
  #waiting: T[] = [];

  add(item: T): void {
    this.#waiting.push(item);
  }

  remove(item: T): void {
    this.#waiting = this.#waiting.filter((other) => other !== item);
  }

  /** Takes what waits in `lane`. */
  take(lane: string): readonly T[] {
    const taken = this.#waiting.filter((item) => item.lane === lane);
    this.#waiting = this.#waiting.filter((item) => item.lane !== lane);
    return taken;
  }

  takeAll(): readonly T[] {
    return this.#waiting.splice(0);
  }
}
