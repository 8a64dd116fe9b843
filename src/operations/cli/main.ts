import type { Clock } from '../../clock';
import { errorMessage, WebexConnectError, type WebexConnectErrorCode } from '../../errors';
import { UsageError } from './args';
import { type Invocation, readCommandLine } from './commandLine';
import { COMMANDS } from './commandList';
import type { Runtime } from './doctor/checkRuntime';
import type { Probe } from './doctor/probe';
import { EXIT, type ExitCode } from './exitCodes';
import { helpOf, helpOfCommand } from './help';
import { escapeText } from './output/escapeText';
import { Output } from './output/output';
import { packageVersion } from './packageVersion';
import type { OperatorStore } from './store/operatorStore';
import { readStoreLocation, type StoreLocation } from './store/storeLocation';
import type { Terminal } from './terminal';

/** What the commands reach for, outside of the terminal. */
export interface World {
  readonly clock: Clock;
  readonly runtime: Runtime;
  readonly probe: Probe;
  openStore(location: StoreLocation, schema: string | undefined): Promise<OperatorStore>;
}

/** What an error of this package means to a script. */
const EXIT_OF: Partial<Record<WebexConnectErrorCode, ExitCode>> = {
  WEBEX_CONNECT_NOT_FOUND: EXIT.notFound,
  WEBEX_CONNECT_STORE_UNAVAILABLE: EXIT.unavailable,
  WEBEX_CONNECT_STORE_IN_USE: EXIT.unavailable,
  WEBEX_CONNECT_STORE_SCHEMA: EXIT.unavailable,
  WEBEX_CONNECT_STORE_CLOSED: EXIT.unavailable,
  WEBEX_CONNECT_CONFIGURATION: EXIT.unavailable,
};

/** Runs a command line. Never rejects. @returns The exit code. */
export async function main(args: readonly string[], terminal: Terminal, world: World): Promise<ExitCode> {
  try {
    return await execute(readCommandLine(args, COMMANDS), terminal, world);
  } catch (error) {
    terminal.warn(`${escapeText(errorMessage(error))}\n`);
    if (error instanceof UsageError) {
      terminal.warn("See 'webex-connect-bot --help'.\n");
      return EXIT.usage;
    }
    return (error instanceof WebexConnectError ? EXIT_OF[error.code] : undefined) ?? EXIT.wrong;
  }
}

async function execute(invocation: Invocation, terminal: Terminal, world: World): Promise<ExitCode> {
  switch (invocation.kind) {
    case 'version':
      terminal.write(`${packageVersion()}\n`);
      return EXIT.ok;
    case 'help': {
      const { topic } = invocation;
      const isGroup = topic === undefined || typeof topic === 'string';
      terminal.write(`${isGroup ? helpOf(COMMANDS, topic) : helpOfCommand(topic)}\n`);
      return EXIT.ok;
    }
    case 'run':
      return run(invocation, terminal, world);
  }
}

async function run(
  { command, args }: Extract<Invocation, { kind: 'run' }>,
  terminal: Terminal,
  world: World,
): Promise<ExitCode> {
  const { env, signal } = terminal;
  const out = new Output(terminal, args.flag('json'));
  let store: OperatorStore | undefined;
  const openStore = async () => {
    const location = readStoreLocation(args.text('store') ?? env.WEBEX_CONNECT_STORE);
    store ??= await world.openStore(location, args.text('schema') ?? (env.WEBEX_CONNECT_SCHEMA || undefined));
    return store;
  };
  try {
    const { clock, runtime, probe } = world;
    const code = await command.run({ args, out, env, clock, signal, runtime, probe, openStore });
    return signal.aborted && code === EXIT.unavailable ? EXIT.interrupted : code;
  } finally {
    await store?.close();
  }
}
