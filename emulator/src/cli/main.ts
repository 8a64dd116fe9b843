import { ScenarioError } from '../scenario/scenario';
import { type Command, readCommandLine, UsageError } from './commandLine';
import { HELP, readVersion } from './help';
import { runScenarios } from './runScenarios';
import { serve } from './serve';
import type { Terminal } from './terminal';

const OK = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs a command line. @returns The exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await execute(readCommandLine(args, terminal.env), terminal);
  } catch (error) {
    terminal.warn(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) {
      terminal.warn("See 'webex-connect-emulator --help'.");
      return WRONG_USAGE;
    }
    return error instanceof ScenarioError ? WRONG_USAGE : FAILED;
  }
}

async function execute(command: Command, terminal: Terminal): Promise<number> {
  switch (command.kind) {
    case 'help':
      terminal.print(HELP);
      return OK;
    case 'version':
      terminal.print(readVersion());
      return OK;
    case 'serve':
      await serve(command.options, terminal);
      return OK;
    case 'run':
      return (await runScenarios(command, terminal)) ? OK : FAILED;
  }
}
