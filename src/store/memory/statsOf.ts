import type { NewInboxEvent, OutboxMessage, StoreStats } from '../deliveryStore';
import type { LaneQueue } from '../laneQueue';
import { earliest } from './earliest';

/** What waits. */
export function statsOf(
  inbox: LaneQueue<NewInboxEvent>,
  outboxes: readonly LaneQueue<OutboxMessage>[],
): Omit<StoreStats, 'deadLetters' | 'quarantined'> {
  return {
    waitingEvents: inbox.size,
    waitingMessages: outboxes.reduce((sum, { size }) => sum + size, 0),
    oldestWaitingEventAt: earliest([inbox], ({ receivedAt }) => receivedAt),
    oldestWaitingMessageAt: earliest(outboxes, ({ stagedAt }) => stagedAt),
  };
}
