import { randomUUID } from 'node:crypto';

/**
 * A new event's ID: a UUID of version 7 (RFC 9562), which begins with the time. Messages are named after the event that they
 * answer, and what comes in order costs an index of a big table no more than its last page.
 *
 * @param receivedAt Milliseconds since the epoch, not before it.
 */
export function newEventId(receivedAt: number): string {
  const time = Math.floor(receivedAt).toString(16).padStart(12, '0');
  // All behind the version of a random one: 12 bits, the variant, 62 bits.
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${randomUUID().slice(15)}`;
}
