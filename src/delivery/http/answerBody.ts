import { MAX_ANSWER_BYTES } from './httpTransport';

/** The first bytes of an answer's body, up to a limit. */
export class AnswerBody {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  get isFull(): boolean {
    return this.#length > MAX_ANSWER_BYTES;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  toString(): string {
    const [first = ''] = this.#chunks;
    if (this.#chunks.length <= 1) return first.toString('utf8', 0, MAX_ANSWER_BYTES);
    return Buffer.concat(this.#chunks).toString('utf8', 0, MAX_ANSWER_BYTES);
  }
}
