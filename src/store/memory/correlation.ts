import type { OutboxMessage } from '../deliveryStore';
import { ExpiringMap } from '../expiringMap';

/**
 * How long a delivered message is remembered, so that its delivery receipt can be tied to it. The platform names
 * no limit for receipts (assumption).
 */
const WINDOW_MS = 24 * 60 * 60 * 1000;

/** The activities of delivered messages, by the ids that a receipt may name. */
export class Correlation {
  readonly #activityIds = new ExpiringMap<string, string>();

  remember(message: OutboxMessage, at: number, platformMessageId: string | undefined): void {
    this.#activityIds.prune(at);
    for (const id of [platformMessageId, message.id]) {
      if (id === undefined) continue;
      this.#activityIds.set(keyOf(message.conversationId, id), message.activityId, at + WINDOW_MS);
    }
  }

  find(conversationId: string, messageId: string): string | undefined {
    return this.#activityIds.get(keyOf(conversationId, messageId));
  }
}

function keyOf(conversationId: string, messageId: string): string {
  return `${conversationId.length} ${conversationId} ${messageId}`;
}
