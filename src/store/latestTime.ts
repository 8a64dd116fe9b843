/**
 * The time that a caller has named last. The store has no clock of its own; what ends without a time of its own ended
 * at this one. Not the highest: a clock that was wrong for a moment must not be believed for ever.
 */
export class LatestTime {
  #now = 0;

  get now(): number {
    return this.#now;
  }

  see(time: number): void {
    this.#now = time;
  }
}
