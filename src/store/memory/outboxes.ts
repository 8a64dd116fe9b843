import type { ClaimedSend, ClaimTerms, NewOutboxMessage, OutboxMessage } from '../deliveryStore';
import { LaneQueue } from '../laneQueue';
import { toSend } from './claims';

/** The queues of messages, one per destination. */
export class Outboxes {
  readonly #byDestination = new Map<string, LaneQueue<OutboxMessage>>();

  all(): readonly LaneQueue<OutboxMessage>[] {
    return [...this.#byDestination.values()];
  }

  of(destination: string): LaneQueue<OutboxMessage> {
    const known = this.#byDestination.get(destination);
    if (known !== undefined) return known;
    const outbox = new LaneQueue<OutboxMessage>();
    this.#byDestination.set(destination, outbox);
    return outbox;
  }

  push(message: OutboxMessage): void {
    this.of(message.destination).push(message.conversationId, message);
  }

  /** Claims the heads of the lanes that messages were put into. */
  claimLanesOf(messages: readonly NewOutboxMessage[], claim: ClaimTerms): ClaimedSend[] {
    return messages.flatMap(({ destination, conversationId }) => {
      const claimed = this.of(destination).claimLane(conversationId, claim);
      return claimed === undefined ? [] : [toSend(claimed)];
    });
  }
}
