/** Counts what is under way, so that one can wait for silence. */
export class UnderWay {
  readonly #isDue: () => boolean;
  #count = 0;
  #waiting: (() => void)[] = [];

  /** @param isDue Whether something will start by itself, now. */
  constructor(isDue: () => boolean) {
    this.#isDue = isDue;
  }

  /** Counts `work` until it ends. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await work();
    } finally {
      this.#count--;
      if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  /** Resolves when nothing is under way and nothing is due. */
  async idle(): Promise<void> {
    for (let quietRounds = 0; quietRounds < 2; ) {
      if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      // What has just ended may set off the next thing.
      await new Promise(setImmediate);
      quietRounds = this.#count === 0 && !this.#isDue() ? quietRounds + 1 : 0;
    }
  }
}
