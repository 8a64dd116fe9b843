import type { Clock } from '../../clock';
import type { Args } from './args';
import type { Runtime } from './doctor/checkRuntime';
import type { Probe } from './doctor/probe';
import type { ExitCode } from './exitCodes';
import type { Output } from './output/output';
import type { OperatorStore } from './store/operatorStore';

/** An option, as it stands in the help. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help: `<id>`. */
  readonly value?: string;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** How many arguments a command takes, and what they are called in the help. */
export interface Positionals {
  readonly help: string;
  readonly least: number;
  readonly most: number;
}

/** What a command works with. */
export interface CommandContext {
  readonly args: Args;
  readonly out: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Aborted at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly runtime: Runtime;
  readonly probe: Probe;
  /** Opens the store that the command line or the environment names; closed when the command ends. */
  openStore(): Promise<OperatorStore>;
}

/** One command of `webex-connect-bot`. */
export interface Command {
  /** Its words: `dead-letters list`. */
  readonly name: string;
  readonly summary: string;
  /** More than the summary, for its own help. */
  readonly details?: string;
  readonly positionals: Positionals;
  readonly options: OptionSpecs;
  run(context: CommandContext): Promise<ExitCode>;
}

export const NO_POSITIONALS: Positionals = { help: '', least: 0, most: 0 };
