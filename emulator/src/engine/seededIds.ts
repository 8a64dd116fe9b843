import { createHash } from 'node:crypto';
import type { Channel } from '../world';

const INTEGRATION = 'asset, service and bot of the emulator';

/**
 * Every ID and every draw is a hash of the seed and of what it is for: the same in each run, whatever overtakes
 * what on the way.
 */
export class SeededIds {
  readonly #messages = new Map<string, number>();

  constructor(readonly seed: number) {}

  /** One for each combination of channel asset, user, service and bot, for ever. */
  botConversation(channel: Channel, userId: string): string {
    return `CONV-${this.#uuid('bot', channel, userId, INTEGRATION)}`;
  }

  /** @param ordinal Which conversation with an agent it is, from 1. */
  agentConversation(botConversationId: string, ordinal: number): string {
    return `CONV-${this.#uuid('agent', botConversationId, String(ordinal))}`;
  }

  message(conversationId: string): string {
    const ordinal = (this.#messages.get(conversationId) ?? 0) + 1;
    this.#messages.set(conversationId, ordinal);
    return `MSG-${this.#hash('message', conversationId, String(ordinal)).slice(0, 16)}`;
  }

  /** What identifies a user on a channel: a number, an address. */
  userId(channel: Channel, name: string): string {
    const hash = this.#hash('user', channel, name);
    const digits = BigInt(`0x${hash.slice(0, 16)}`)
      .toString()
      .slice(0, 10)
      .padStart(10, '0');
    if (channel === 'EMAIL') return `${name.replace(/[^a-z0-9]+/gi, '.').toLowerCase()}@example.com`;
    return ['SMS', 'MMS', 'RCS', 'WHATSAPP', 'VOICE'].includes(channel) ? `+${digits}` : digits;
  }

  /** A number in [0, 1), drawn for `what`. */
  draw(...what: readonly string[]): number {
    return Number.parseInt(this.#hash('draw', ...what).slice(0, 12), 16) / 2 ** 48;
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
