import type { NewInboxEvent, StoreStats } from '../deliveryStore';
import { AttemptLog } from './attemptLog';
import { Conversations } from './conversations';
import { DeadLetters } from './deadLetters';
import { DedupeKeys } from './dedupeKeys';
import { DestinationHealths } from './destinationHealth';
import { Inbox } from './inbox';
import { OperatorCommandTable } from './operatorCommandTable';
import { Outbox } from './outbox';
import { Quarantine } from './quarantine';
import type { VoidedClaims } from './recovery';
import { Retention } from './retention';
import type { TableContext } from './tableContext';
import type { Transcripts } from './transcripts';

/** Everything that delivery works on, of a database that this process owns. */
export interface DeliveryTables {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly deadLetters: DeadLetters;
  readonly quarantine: Quarantine;
  readonly conversations: Conversations;
  readonly transcripts: Transcripts;
  readonly healths: DestinationHealths;
  readonly operatorCommands: OperatorCommandTable;
  readonly retention: Retention;
}

/** Prepares the statements, and counts what waits. */
export function openDeliveryTables(
  context: TableContext,
  transcripts: Transcripts,
  retentionMs: number,
  voided: VoidedClaims,
): DeliveryTables {
  const { driver } = context;
  const dedupeKeys = new DedupeKeys(driver);
  const attempts = new AttemptLog(driver);
  const retention = new Retention(context, retentionMs, dedupeKeys, attempts);
  const conversations = new Conversations(context);
  const quarantine = new Quarantine(context);
  const neighbours = { dedupeKeys, conversations, transcripts, quarantine, retention, attempts };
  const inbox = new Inbox(context, neighbours, voided.inbox);
  const onDeath = (notice: NewInboxEvent | undefined) => {
    deadLetters.added();
    if (notice !== undefined) inbox.append(notice);
  };
  const outbox = new Outbox(context, { retention, attempts, onDeath }, voided.outbox);
  const deadLetters = new DeadLetters(context, outbox.lanes, conversations, retention, attempts);
  const healths = new DestinationHealths(context);
  const operatorCommands = new OperatorCommandTable(driver);
  return {
    inbox,
    outbox,
    deadLetters,
    quarantine,
    conversations,
    transcripts,
    healths,
    operatorCommands,
    retention,
  };
}

/** What waits, and what an operator has to look at. */
export function statsOf({ inbox, outbox, deadLetters, quarantine }: DeliveryTables): StoreStats {
  return {
    waitingEvents: inbox.lanes.waiting,
    waitingMessages: outbox.lanes.waiting,
    oldestWaitingEventAt: inbox.lanes.oldestSince(),
    oldestWaitingMessageAt: outbox.lanes.oldestSince(),
    deadLetters: deadLetters.size,
    quarantined: quarantine.size,
  };
}
