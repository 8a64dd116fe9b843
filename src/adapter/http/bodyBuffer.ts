/**
 * Joins the pieces of a body in one block of memory that grows with it. To keep the pieces would let a caller who
 * sends single bytes use hundreds of times as much memory as the limit says.
 */
export class BodyBuffer {
  readonly #limit: number;
  #bytes = Buffer.alloc(0);
  #length = 0;

  /** @param limit Bytes that are kept at most. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns Whether the piece was within the limit. If it was not, nothing is kept, and no more may be added. */
  add(piece: Buffer): boolean {
    const length = this.#length + piece.length;
    if (length > this.#limit) {
      this.#bytes = Buffer.alloc(0);
      return false;
    }
    if (length > this.#bytes.length) this.#grow(length);
    piece.copy(this.#bytes, this.#length);
    this.#length = length;
    return true;
  }

  /** What was added. */
  toBuffer(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(needed: number): void {
    // Most bodies come in one piece. Its own memory, not a part of Node's pool: who sends slowly would hold on to all of that.
    const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(this.#bytes.length * 2, needed), this.#limit));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
