import type { ChatMessage } from '../world';

/** Enough to read back; what is older is let go. */
const MAX_MESSAGES = 10_000;

/** What was said in one chat, oldest first. */
export class ChatLog {
  #messages: ChatMessage[] = [];
  #lastOfCustomer: string | undefined;
  readonly #listeners = new Set<() => void>();

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  add(message: ChatMessage): void {
    this.#messages.push(message);
    if (message.author === 'customer') this.#lastOfCustomer = message.id;
    if (this.#messages.length > MAX_MESSAGES) this.#messages = this.#messages.slice(-MAX_MESSAGES / 2);
    for (const listener of this.#listeners) listener();
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
    return marked;
  }

  /** What was said after the message `id`; everything when there is none. */
  after(id: string | undefined): readonly ChatMessage[] {
    if (id === undefined) return this.#messages;
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
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function canFollow(now: ChatMessage['receipt'], next: 'Delivered' | 'Read' | 'Failed'): boolean {
  return now === 'none' || (now === 'Delivered' && next === 'Read');
}
