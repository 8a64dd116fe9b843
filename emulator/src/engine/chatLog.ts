import type { ChatMessage } from '../world';
import { Listeners } from './listeners';

/** Enough to read back; when there are more, the older half is let go. */
const MAX_MESSAGES = 2000;
const MAX_CHARACTERS = 2_000_000;

/** What was said in one chat, oldest first. */
export class ChatLog {
  #messages: ChatMessage[] = [];
  /** What was shown last, while it is still true. */
  #view: readonly ChatMessage[] | undefined;
  #characters = 0;
  #lastOfCustomer: string | undefined;
  readonly #listeners = new Listeners();

  /** Stays as it is when more is said, and is the same as long as nothing is. */
  get messages(): readonly ChatMessage[] {
    this.#view ??= [...this.#messages];
    return this.#view;
  }

  add(message: ChatMessage): void {
    this.#messages.push(message);
    this.#view = undefined;
    this.#characters += lengthOf(message);
    if (message.author === 'customer') this.#lastOfCustomer = message.id;
    if (this.#messages.length > MAX_MESSAGES || this.#characters > MAX_CHARACTERS) this.#forget();
    this.#listeners.notify();
  }

  /** Puts a receipt on the bot's messages that do not have it yet. @returns Those messages. */
  mark(receipt: 'Delivered' | 'Read' | 'Failed'): readonly ChatMessage[] {
    const marked: ChatMessage[] = [];
    this.#messages = this.#messages.map((message) => {
      if (message.author !== 'bot' || !canFollow(message.receipt, receipt)) return message;
      const changed = { ...message, receipt };
      marked.push(changed);
      return changed;
    });
    if (marked.length > 0) this.#view = undefined;
    return marked;
  }

  /** What was said after the message `id`; everything when there is none. */
  after(id: string | undefined): readonly ChatMessage[] {
    if (id === undefined) return this.messages;
    let start = this.#messages.length;
    // From the end: it is seldom far back.
    while (start > 0 && this.#messages[start - 1]?.id !== id) start--;
    return this.#messages.slice(start);
  }

  /** The `Messageid` of what the customer said last. */
  get lastOfCustomer(): string | undefined {
    return this.#lastOfCustomer;
  }

  /** Calls `listener` after each new message. @returns What ends it. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  #forget(): void {
    this.#messages = this.#messages.slice(Math.ceil(this.#messages.length / 2));
    this.#characters = this.#messages.reduce((sum, message) => sum + lengthOf(message), 0);
  }
}

function lengthOf({ text, media, postback }: ChatMessage): number {
  return text.length + (media?.length ?? 0) + (postback?.length ?? 0);
}

function canFollow(now: ChatMessage['receipt'], next: 'Delivered' | 'Read' | 'Failed'): boolean {
  return now === 'none' || (now === 'Delivered' && next === 'Read');
}
