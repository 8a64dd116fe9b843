import { botTables } from './botTables';
import { deliveryTables } from './deliveryTables';
import { healthFunctions } from './healthFunctions';
import { inboxFunctions } from './inboxFunctions';
import { laneFunctions } from './laneFunctions';
import type { Migration } from './migration';
import { operatorFunctions } from './operatorFunctions';
import { outboxFunctions } from './outboxFunctions';
import { pruningFunctions } from './pruningFunctions';

/** The schema, step by step. */
export const MIGRATIONS: readonly Migration[] = [
  deliveryTables,
  laneFunctions,
  inboxFunctions,
  outboxFunctions,
  healthFunctions,
  operatorFunctions,
  pruningFunctions,
  botTables,
];
