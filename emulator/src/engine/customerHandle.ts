import { timerDelay } from '../clock/realDelay';
import type { Customer } from '../emulatorApi';
import type { ChatMessage } from '../world';
import type { ChatEngine } from './chatEngine';
import type { CustomerState } from './conversation';

/** Milliseconds of real time that `reads` waits by default. */
const READS_WITHIN_MS = 10_000;
const STOPPED = ': the emulator was stopped';

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
    const found = find();
    if (found !== undefined) return Promise.resolve(found);
    const failed = (why: string) => new Error(`${this.name} did not read ${String(expected)}${why}.`);
    const stopped = this.#stopped;
    if (stopped.aborted) return Promise.reject(failed(STOPPED));
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(limit);
        unsubscribe();
        stopped.removeEventListener('abort', onStop);
        act();
      };
      const unsubscribe = chat.subscribe(() => {
        const message = find();
        if (message !== undefined) finish(() => resolve(message));
      });
      const onStop = () => finish(() => reject(failed(STOPPED)));
      stopped.addEventListener('abort', onStop);
      const limit = setTimeout(() => {
        const read = chat.after(since).map(({ author, text }) => `${author}: ${text}`);
        const instead = read.length === 0 ? 'nothing' : JSON.stringify(read);
        finish(() => reject(failed(` within ${withinMs} ms, but ${instead}`)));
      }, timerDelay(withinMs));
    });
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
