import { ClosedConversations } from './closedConversations';
import { DeadLetters } from './deadLetters';
import { DedupeKeys } from './dedupeKeys';
import { DestinationHealths } from './destinationHealth';
import { Inbox } from './inbox';
import { Outbox } from './outbox';
import { Quarantine } from './quarantine';
import { Retention } from './retention';
import type { TableContext } from './tableContext';

/** Everything that delivery works on, of a database that this process owns. */
export interface DeliveryTables {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly quarantine: Quarantine;
  readonly conversations: ClosedConversations;
  readonly healths: DestinationHealths;
  readonly retention: Retention;
}

/** Prepares the statements, and counts what waits. */
export function openDeliveryTables(context: TableContext, retentionMs: number): DeliveryTables {
  const { driver } = context;
  const dedupeKeys = new DedupeKeys(driver);
  const retention = new Retention(context, retentionMs, dedupeKeys);
  const conversations = new ClosedConversations(context);
  const quarantine = new Quarantine(context);
  const inbox = new Inbox(context, { dedupeKeys, conversations, quarantine, retention });
  const outbox = new Outbox(context, {
    retention,
    onDeath: (notice) => {
      deadLetters.added();
      if (notice !== undefined) inbox.append(notice);
    },
  });
  const deadLetters = new DeadLetters(context, outbox.lanes, retention);
  const healths = new DestinationHealths(context);
  return { inbox, outbox, deadLetters, quarantine, conversations, healths, retention };
}
