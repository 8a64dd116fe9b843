import type { LaneQueue } from '../laneQueue';

/** The earliest time of what is first in its lane: what stands behind it came later. */
export function earliest<Item>(
  queues: readonly LaneQueue<Item>[],
  timeOf: (item: Item) => number,
): number | undefined {
  let found: number | undefined;
  for (const queue of queues) {
    for (const item of queue.heads()) found = Math.min(timeOf(item), found ?? Number.POSITIVE_INFINITY);
  }
  return found;
}
