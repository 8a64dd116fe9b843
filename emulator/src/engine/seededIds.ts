import { createHash } from 'node:crypto';
import type { Channel, ChatMessage } from '../world';

/** What can be told from its address. */
const PLAIN_NAME = /^[A-Z0-9][a-z0-9]*( [A-Z0-9][a-z0-9]*)*$/;
const INTEGRATION = 'asset, service and bot of the emulator';

/**
 * Every ID and every draw is a hash of the seed and of what it is for: the same in each run, whatever overtakes
 * what on the way.
 */
export class SeededIds {
  readonly #messages = new Map<string, number>();

  constructor(readonly seed: number) {}

  /**
   * One for each combination of channel asset, user, service and bot, until the bot closes it.
   *
   * @param ordinal Which of them it is, from 1.
   */
  botConversation(channel: Channel, user: string, ordinal: number): string {
    return `CONV-${this.#uuid('bot', channel, user, INTEGRATION, String(ordinal))}`;
  }

  /** @param ordinal Which conversation with an agent it is, from 1. */
  agentConversation(botConversationId: string, ordinal: number): string {
    return `CONV-${this.#uuid('agent', botConversationId, String(ordinal))}`;
  }

  /** By the author's own count: a message that crosses another on the way changes no ID. */
  message(botConversationId: string, author: ChatMessage['author']): string {
    const count = `${author} ${botConversationId}`;
    const ordinal = (this.#messages.get(count) ?? 0) + 1;
    this.#messages.set(count, ordinal);
    return `MSG-${this.#hash('message', count, String(ordinal)).slice(0, 16)}`;
  }

  /** What identifies a user on a channel: a number, an address. */
  userId(channel: Channel, name: string): string {
    const hash = this.#hash('user', channel, name);
    const digits = BigInt(`0x${hash.slice(0, 16)}`)
      .toString()
      .slice(0, 10)
      .padStart(10, '0');
    if (channel === 'EMAIL') return this.#address(name);
    return ['SMS', 'MMS', 'RCS', 'WHATSAPP', 'VOICE'].includes(channel) ? `+${digits}` : digits;
  }

  /** A number in [0, 1), drawn for `what`. */
  draw(...what: readonly string[]): number {
    return Number.parseInt(this.#hash('draw', ...what).slice(0, 12), 16) / 2 ** 48;
  }

  /** Names that differ have addresses that differ, and most have a simple one. */
  #address(name: string): string {
    const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
    const mark = PLAIN_NAME.test(name) ? [] : [this.#hash('address', name).slice(0, 8)];
    return `${[...words, ...mark].join('.')}@example.com`;
  }

  #uuid(...what: readonly string[]): string {
    return this.#hash(...what).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  }

  #hash(...what: readonly string[]): string {
    return createHash('sha256')
      .update(JSON.stringify([this.seed, ...what]))
      .digest('hex');
  }
}
