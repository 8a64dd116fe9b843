import type { Command } from './command';
import { conversationCommands } from './commands/conversations';
import { deadLetterCommands } from './commands/deadLetters';
import { doctorCommand } from './commands/doctor';
import { explainCommand } from './commands/explain';
import { quarantineCommands } from './commands/quarantine';
import { reactivateCommand } from './commands/reactivate';
import { statusCommand } from './commands/status';
import { tailCommand } from './commands/tail';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  doctorCommand,
  statusCommand,
  explainCommand,
  tailCommand,
  ...deadLetterCommands,
  ...quarantineCommands,
  ...conversationCommands,
  reactivateCommand,
];
