import type { NewInboxEvent } from '../deliveryStore';
import type { DeliveryTables } from './deliveryTables';

/**
 * Takes an item out of quarantine and stores `event` at the end of its conversation's lane. What the turns of an event
 * have sent already will not be sent again (I4).
 *
 * @returns false when the item is not there.
 */
export function replayQuarantined(
  { quarantine, inbox, outbox }: DeliveryTables,
  id: string,
  event: NewInboxEvent,
): boolean {
  const taken = quarantine.take(id);
  if (taken === undefined) return false;
  if (taken.eventSeq === undefined) {
    inbox.append(event);
    return true;
  }
  const seq = inbox.replay(event);
  outbox.moveTo(seq, taken.eventSeq);
  inbox.letGo(taken.eventSeq);
  return true;
}

/** @returns false when the item is not there. */
export function discardQuarantined({ quarantine, inbox }: DeliveryTables, id: string): boolean {
  const taken = quarantine.take(id);
  if (taken?.eventSeq !== undefined) inbox.letGo(taken.eventSeq);
  return taken !== undefined;
}
