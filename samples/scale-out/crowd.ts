import { setTimeout as wait } from 'node:timers/promises';
import type { Emulator } from 'webex-connect-emulator';
import { CountingCustomer } from './countingCustomer';

const NAMES = ['Ada', 'Ben', 'Cem', 'Dia', 'Eva', 'Fay', 'Gus', 'Hal'];
/** Milliseconds between two messages of a customer, more or less. */
const PAUSE = { least: 600, most: 1400 };
const ROW_EVERY_MS = 1000;
const ROWS_PER_HEAD = 20;
const COLUMN = 10;

/** Customers who write once a second or so, and a table of who was answered by which replica. */
export class Crowd {
  readonly #customers: readonly CountingCustomer[];
  readonly #print: (line: string) => void;
  readonly #stopped = new AbortController();
  #rows = 0;

  constructor(emulator: Emulator, print: (line: string) => void) {
    this.#customers = NAMES.map((name) => new CountingCustomer(emulator.customer(name, 'WHATSAPP')));
    this.#print = print;
  }

  start(): void {
    for (const customer of this.#customers) void this.#talk(customer);
    void this.#show();
  }

  /** @returns What has become of all that was written. */
  stop(): string {
    this.#stopped.abort();
    for (const customer of this.#customers) customer.read();
    const sum = (count: (customer: CountingCustomer) => number) =>
      this.#customers.reduce((total, customer) => total + count(customer), 0);
    const written = sum((customer) => customer.written);
    const waiting = sum((customer) => customer.waiting);
    return [
      `${written} messages written, ${written - waiting} answered, ${waiting} still waiting;`,
      `${sum(({ again }) => again)} answers read twice, ${sum(({ late }) => late)} read late.`,
    ].join(' ');
  }

  async #talk(customer: CountingCustomer): Promise<void> {
    while (await this.#goesOnAfter(PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least))) {
      // What becomes of it is seen when the answer is read.
      customer.write().catch(() => undefined);
    }
  }

  async #show(): Promise<void> {
    while (await this.#goesOnAfter(ROW_EVERY_MS)) {
      for (const customer of this.#customers) customer.read();
      if (this.#rows++ % ROWS_PER_HEAD === 0) this.#printRow('', ({ name }) => name);
      this.#printRow(new Date().toTimeString().slice(0, 8), ({ state }) => state);
    }
  }

  /** Resolves after a while, with whether the crowd has not been stopped. */
  #goesOnAfter(milliseconds: number): Promise<boolean> {
    return wait(milliseconds, true, { signal: this.#stopped.signal }).catch(() => false);
  }

  #printRow(head: string, cellOf: (customer: CountingCustomer) => string): void {
    const cells = [head, ...this.#customers.map(cellOf)].map((cell) => cell.padEnd(COLUMN));
    this.#print(cells.join('').trimEnd());
  }
}
