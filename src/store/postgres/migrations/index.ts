import { botTables } from './botTables';
import { conversationFunctions } from './conversationFunctions';
import { deliveryTables } from './deliveryTables';
import { healthFunctions } from './healthFunctions';
import { historyTables } from './historyTables';
import { inboxFunctions } from './inboxFunctions';
import { laneFunctions } from './laneFunctions';
import type { Migration } from './migration';
import { operatorFunctions } from './operatorFunctions';
import { operatorTables } from './operatorTables';
import { outboxFunctions } from './outboxFunctions';
import { pruningFunctions } from './pruningFunctions';
import { settlingFunctions } from './settlingFunctions';
import { transcriptTables } from './transcriptTables';

/** The schema, step by step. */
export const MIGRATIONS: readonly Migration[] = [
  deliveryTables,
  laneFunctions,
  inboxFunctions,
  conversationFunctions,
  outboxFunctions,
  settlingFunctions,
  healthFunctions,
  operatorFunctions,
  pruningFunctions,
  transcriptTables,
  botTables,
  historyTables,
  operatorTables,
];
