/** How many numbers an opening has for itself; 2^21 openings fit beside it into a safe integer. */
const PER_OPENING = 2 ** 32;

/** Gives out numbers that grow and never come again, across restarts too, without writing any of them. */
export class SerialNumbers {
  #last: number;

  /** @param opening How often the database was opened before and with this. */
  constructor(opening: number) {
    this.#last = opening * PER_OPENING;
  }

  next(): number {
    return ++this.#last;
  }
}
