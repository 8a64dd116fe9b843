import type { Activity } from 'botbuilder';
import { address } from './address';
import { HANDOFF_STATUS, type HandoffStatusValue } from './eventNames';
import type { ActivityStamp } from './toActivity';

/**
 * The event that tells the bot what became of a handover: what botbuilder's `EventFactory.createHandoffStatus` makes,
 * with the address that it leaves out. Pure.
 *
 * @param conversationId The BOT conversation's ID.
 */
export function handoffStatusActivity(
  conversationId: string,
  value: HandoffStatusValue,
  stamp: Pick<ActivityStamp, 'eventId' | 'receivedAt' | 'botId'>,
): Partial<Activity> {
  return {
    ...address(conversationId, conversationId, stamp.botId),
    id: stamp.eventId,
    timestamp: new Date(stamp.receivedAt),
    // The factory asks the machine. Times here are the platform's, which are UTC.
    localTimezone: 'UTC',
    type: 'event',
    name: HANDOFF_STATUS,
    value,
    attachments: [],
    entities: [],
  };
}
