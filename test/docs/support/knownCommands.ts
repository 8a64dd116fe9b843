import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { z } from 'zod';
import { readCommandLine as readEmulatorLine } from '../../../emulator/src/cli/commandLine';
import { readCommandLine } from '../../../src/operations/cli/commandLine';
import { COMMANDS } from '../../../src/operations/cli/commandList';
import { isEnvironmentVariable } from './environmentVariables';
import { ROOT } from './pages';
import type { ShellCommand } from './shellCommands';

const { scripts, name, devDependencies, dependencies, peerDependencies } = z
  .object({
    name: z.string(),
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
    peerDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

const emulator = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'emulator', 'package.json'), 'utf8')));

const INSTALLABLE = new Set([
  name,
  'webex-connect-emulator',
  ...Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
]);

/** Files of the reader's own that our docs speak of. */
const READERS_FILES = ['bot.js', 'index.js', './telemetry.js', 'bot.log', 'bot.db'];

type Check = (args: readonly string[]) => void;

/** How we know that a command is real. A program that is not here must not be in the docs. */
const PROGRAMS: Readonly<Record<string, Check>> = {
  npm: checkNpm,
  npx: checkNpx,
  node: checkNode,
  'webex-connect-bot': (args) => void readCommandLine(args, COMMANDS),
  'webex-connect-emulator': (args) => void readEmulatorLine(args, {}),
  mocha: checkMocha,
  stryker: checkStryker,
  sqlite3: ([file, sql, ...more]) => {
    if (file !== 'bot.db' || sql === undefined || more.length > 0)
      throw new Error('takes a file and a statement');
  },
  grep: (args) => mustBeReaders(args.at(-1)),
  // What these do shows only where they are run: see `docs/curl.test.ts`.
  curl: () => {},
  jq: ([option, filter]) => {
    if (option !== '-r' || filter === undefined) throw new Error('takes -r and a filter');
  },
  echo: () => {},
  export: checkExport,
};

/**
 * @param functions Those that the page's scripts define.
 * @throws {Error} when the command is not real: no such script, file, option, or variable.
 */
export function checkCommand(
  { environment, program, args }: ShellCommand,
  functions: readonly string[],
): void {
  for (const variable of environment.keys()) mustBeRead(variable);
  // Assignments alone, or a function of the page.
  if (program === '' || functions.includes(program)) return;
  const check = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  if (check === undefined) throw new Error(`nobody here knows '${program}'`);
  check(args);
}

function mustBeRead(variable: string): void {
  if (!isEnvironmentVariable(variable)) throw new Error(`nothing reads ${variable}`);
}

function checkExport(assignments: readonly string[]): void {
  for (const assignment of assignments) mustBeRead(assignment.split('=')[0] ?? '');
}

function checkNpm([command = '', ...args]: readonly string[]): void {
  if (command === 'ci' || command === 'init') return;
  if (command === 'install') {
    checkInstall(args);
    return;
  }
  const [script = '', ...rest] = command === 'run' ? args : [command, ...args];
  if (rest[0] === '--workspace') checkEmulatorScript(script, rest.slice(1));
  else mustBeScript(scripts, script);
}

/** `npm start --workspace emulator -- --port 4000`: what follows `--` is the emulator's own. */
function checkEmulatorScript(script: string, [workspace, ...rest]: readonly string[]): void {
  if (workspace !== 'emulator') throw new Error(`there is no workspace '${workspace}'`);
  mustBeScript(emulator.scripts, script);
  if (rest[0] === '--') readEmulatorLine(rest.slice(1), {});
}

function mustBeScript(known: Readonly<Record<string, string>>, script: string): void {
  if (!Object.hasOwn(known, script)) throw new Error(`there is no script '${script}'`);
}

function checkInstall(args: readonly string[]): void {
  for (const argument of args) {
    if (argument === '--save-dev') continue;
    if (!INSTALLABLE.has(argument))
      throw new Error(`'${argument}' is no package that this one has to do with`);
  }
}

function checkNpx([program = '', ...args]: readonly string[]): void {
  if (!['mocha', 'stryker', 'webex-connect-bot', 'webex-connect-emulator'].includes(program)) {
    throw new Error(`'${program}' does not come with this package`);
  }
  PROGRAMS[program]?.(args);
}

/** `stryker run --mutate src/protocol/media.ts:45-60`. */
function checkStryker([command, option, files, ...more]: readonly string[]): void {
  if (command !== 'run' || more.length > 0) throw new Error('takes `run`, and one option');
  if (option === '--incremental' && files === undefined) return;
  const file = files?.replace(/:\d+-\d+$/, '') ?? '';
  if (option !== '--mutate' || !existsSync(join(ROOT, file))) throw new Error(`takes no ${option} ${file}`);
}

function checkNode(args: readonly string[]): void {
  if (args[0] === '-e') {
    // Throws at what is no JavaScript.
    new Script(args[1] ?? '');
    return;
  }
  for (const argument of args) {
    const isOption = argument.startsWith('--');
    if (isOption && !process.allowedNodeEnvironmentFlags.has(argument))
      throw new Error(`node has no ${argument}`);
    if (!isOption) mustBeReaders(argument);
  }
}

function checkMocha(args: readonly string[]): void {
  const path = args.at(-1) ?? '';
  if (path === '' || !existsSync(join(ROOT, path))) throw new Error(`there is no '${path}' to test`);
}

function mustBeReaders(file: string | undefined): void {
  if (file === undefined || !READERS_FILES.includes(file))
    throw new Error(`nobody here knows the file '${file}'`);
}
