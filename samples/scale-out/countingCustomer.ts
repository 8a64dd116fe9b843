import type { Customer } from 'webex-connect-emulator';

const REPLY = /^(\d+) \(replica (\w+)\)$/;

/** A customer who writes 1, 2, 3 …, whether the bot answers or not, and notes what comes back. */
export class CountingCustomer {
  readonly #customer: Customer;
  readonly #open = new Set<number>();
  #written = 0;
  #latest = 0;
  #latestBy = '';
  #readUpTo: string | undefined;
  #again = 0;
  #late = 0;

  constructor(customer: Customer) {
    this.#customer = customer;
  }

  get name(): string {
    return this.#customer.name;
  }

  get written(): number {
    return this.#written;
  }

  /** What waits for its answer. */
  get waiting(): number {
    return this.#open.size;
  }

  /** Answers that were read a second time. */
  get again(): number {
    return this.#again;
  }

  /** Answers that were read after the answer to a later message. */
  get late(): number {
    return this.#late;
  }

  /** The latest answer, the replica that has given it, and how many messages wait: `12 A`, `12 A +3`. */
  get state(): string {
    const waiting = this.waiting === 0 ? '' : ` +${this.waiting}`;
    return this.#latest === 0 ? `-${waiting}` : `${this.#latest} ${this.#latestBy}${waiting}`;
  }

  write(): Promise<void> {
    this.#written++;
    this.#open.add(this.#written);
    return this.#customer.says(String(this.#written));
  }

  /** Reads what has come since the last time. */
  read(): void {
    const { chat } = this.#customer;
    const isRead = chat.findLastIndex(({ id }) => id === this.#readUpTo);
    for (const { author, text } of chat.slice(isRead + 1)) {
      const [, number, replica = ''] = (author === 'bot' && REPLY.exec(text)) || [];
      if (number !== undefined) this.#note(Number(number), replica);
    }
    this.#readUpTo = chat.at(-1)?.id;
  }

  #note(number: number, replica: string): void {
    if (!this.#open.delete(number)) this.#again++;
    else if (number < this.#latest) this.#late++;
    if (number < this.#latest) return;
    this.#latest = number;
    this.#latestBy = replica;
  }
}
