import type { Customer } from '../emulatorApi';
import type { ChatMessage } from '../world';
import type { ChatEngine } from './chatEngine';
import type { CustomerState } from './conversation';
import { waitFor } from './waiting';

/** Milliseconds of real time that `reads` waits by default. */
const READS_WITHIN_MS = 10_000;

/** A customer, as a test holds it. */
export class CustomerHandle implements Customer {
  readonly #state: CustomerState;
  readonly #engine: ChatEngine;
  readonly #stopped: AbortSignal;

  /** @param stopped When nothing can come any more. */
  constructor(state: CustomerState, engine: ChatEngine, stopped: AbortSignal) {
    this.#state = state;
    this.#engine = engine;
    this.#stopped = stopped;
  }

  get id(): string {
    return this.#state.id;
  }

  get name(): string {
    return this.#state.name;
  }

  get conversationId(): string | undefined {
    return this.#state.conversation?.id;
  }

  get chat(): readonly ChatMessage[] {
    return this.#state.chat.messages;
  }

  says(text: string): Promise<void> {
    return this.#engine.customerWrites(this.#state, { kind: 'text', text });
  }

  taps(payload: string): Promise<void> {
    return this.#engine.customerWrites(this.#state, { kind: 'postback', payload });
  }

  sends(mediaUrl: string, text = ''): Promise<void> {
    return this.#engine.customerWrites(this.#state, { kind: 'text', text, media: mediaUrl });
  }

  reads(expected: string | RegExp, withinMs = READS_WITHIN_MS): Promise<ChatMessage> {
    const { chat } = this.#state;
    const since = chat.lastOfCustomer;
    const find = () =>
      chat.after(since).find(({ author, text }) => author !== 'customer' && matches(text, expected));
    const instead = () => {
      const read = chat.after(since).map(({ author, text }) => `${author}: ${text}`);
      return read.length === 0 ? 'nothing' : JSON.stringify(read);
    };
    const subscribe = (listener: () => void) => chat.subscribe(listener);
    const complaint = `${this.name} did not read ${String(expected)}`;
    return waitFor({ find, subscribe, withinMs, complaint, instead }, this.#stopped);
  }

  acknowledges(receipt: 'Delivered' | 'Read' | 'Failed' = 'Read'): Promise<void> {
    return this.#engine.acknowledge(this.#state, receipt);
  }
}

/** Text is matched whole. A pattern with the flag `g` remembers where it was, so a copy of it is asked. */
function matches(text: string, expected: string | RegExp): boolean {
  if (typeof expected === 'string') return text === expected;
  return new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).test(text);
}
