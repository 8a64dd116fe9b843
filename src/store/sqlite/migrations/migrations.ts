import { inboxAndOutbox } from './0001-inbox-and-outbox';
import { botStateAndTranscripts } from './0002-bot-state-and-transcripts';
import { attempts } from './0003-attempts';
import { operatorTables } from './0004-operator';
import { messagesInOrder } from './0005-messages-in-order';

/** One step of the schema, applied once, in a transaction of its own. */
export interface Migration {
  /** From 1, without gaps; `PRAGMA user_version` once it is applied. */
  readonly version: number;
  readonly sql: string;
}

/** Every step of the schema, in order. A released one is never changed: what is to change becomes a new one. */
export const migrations: readonly Migration[] = [
  { version: 1, sql: inboxAndOutbox },
  { version: 2, sql: botStateAndTranscripts },
  { version: 3, sql: attempts },
  { version: 4, sql: operatorTables },
  { version: 5, sql: messagesInOrder },
];
