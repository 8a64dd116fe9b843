/** Counting costs more the more waits, so what was counted serves for a while. */
const VALID_MS = 1000;
/** From this part of the limit on every event is counted. */
const CLOSE_TO_LIMIT = 0.9;

/**
 * Knows at most how many events wait, so that they need not be counted for each new one. Exact for one replica, but
 * for what it takes in during its first count; several may together exceed the limit by what comes within a second.
 */
export class BacklogGauge {
  #atMost = 0;
  #countedAt = Number.NEGATIVE_INFINITY;
  #isCounting = false;

  /** Whether the next event is to be counted; if not, it is added to what is known. */
  mustCount(maxBacklog: number): boolean {
    const isClose = this.#countedAt > Number.NEGATIVE_INFINITY && this.#atMost >= maxBacklog * CLOSE_TO_LIMIT;
    const isStale = performance.now() - this.#countedAt > VALID_MS;
    if (isClose || (isStale && !this.#isCounting)) {
      this.#isCounting = true;
      return true;
    }
    this.#atMost++;
    return false;
  }

  /** The database has counted so many before it stored one more; `undefined` when that came to nothing. */
  counted(backlog: number | undefined): void {
    this.#isCounting = false;
    if (backlog === undefined) return;
    this.#countedAt = performance.now();
    this.#atMost = backlog + 1;
  }

  forget(): void {
    this.#isCounting = false;
    this.#countedAt = Number.NEGATIVE_INFINITY;
    this.#atMost = 0;
  }
}
