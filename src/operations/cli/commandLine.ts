import { parseArgs } from 'node:util';
import { Args, UsageError } from './args';
import type { Command, OptionSpecs } from './command';

/** The options that every command has. */
export const COMMON_OPTIONS = {
  store: {
    type: 'string',
    value: '<place>',
    help: "'sqlite:<path>' or 'postgres://…' [WEBEX_CONNECT_STORE]",
  },
  schema: {
    type: 'string',
    value: '<name>',
    help: "PostgreSQL's schema, when the bot uses another than the default [WEBEX_CONNECT_SCHEMA]",
  },
  json: { type: 'boolean', help: 'the result as JSON, for scripts' },
  help: { type: 'boolean', help: 'what the command does' },
  version: { type: 'boolean', help: 'the version of this package' },
} as const satisfies OptionSpecs;

/** What was asked for. */
export type Invocation =
  | { readonly kind: 'help'; readonly topic: Command | string | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly command: Command; readonly args: Args };

/**
 * Reads the command line.
 *
 * @throws {UsageError} when it cannot be understood.
 */
export function readCommandLine(args: readonly string[], commands: readonly Command[]): Invocation {
  const { values, words } = readLoosely(args, commands);
  const command = commands.find(({ name }) => beginsWith(words, name.split(' ')));
  if (values.version === true) return { kind: 'version' };
  if (values.help === true || words[0] === 'help') return { kind: 'help', topic: topicOf(words, commands) };
  if (command === undefined) {
    if (words.length === 0) throw new UsageError('What is to be done?');
    throw new UsageError(whyUnknown(words, commands));
  }
  return { kind: 'run', command, args: readStrictly(args, command) };
}

/** Only to find the command: options may stand before it. */
function readLoosely(args: readonly string[], commands: readonly Command[]) {
  const options = Object.assign({}, COMMON_OPTIONS, ...commands.map((command) => command.options));
  const { values, positionals } = parseArgs({
    args: [...args],
    options: toParseOptions(options),
    allowPositionals: true,
    strict: false,
  });
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(options, name));
  if (unknown !== undefined) throw new UsageError(`There is no option --${unknown}.`);
  return { values, words: positionals };
}

function readStrictly(args: readonly string[], command: Command): Args {
  const { name, positionals: expected } = command;
  const options = toParseOptions({ ...COMMON_OPTIONS, ...command.options });
  const { values, positionals } = parseOrRefuse(args, options);
  const given = positionals.slice(name.split(' ').length);
  if (given.length < expected.least) throw new UsageError(`'${name}' needs ${expected.help}.`);
  if (given.length > expected.most) {
    throw new UsageError(`'${name}' takes ${expected.help === '' ? 'no arguments' : expected.help}.`);
  }
  return new Args(values, given);
}

function parseOrRefuse(args: readonly string[], options: ReturnType<typeof toParseOptions>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Its message names the option.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function toParseOptions(options: OptionSpecs): Record<string, { type: 'string' | 'boolean' }> {
  return Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
}

function beginsWith(words: readonly string[], begin: readonly string[]): boolean {
  return begin.every((word, index) => words[index] === word);
}

/** A command, or the words that several begin with. */
function topicOf(words: readonly string[], commands: readonly Command[]): Command | string | undefined {
  const asked = words[0] === 'help' ? words.slice(1) : words;
  const command = commands.find(({ name }) => beginsWith(asked, name.split(' ')));
  if (command !== undefined) return command;
  const [group] = asked;
  if (group === undefined) return undefined;
  if (commands.some(({ name }) => name.startsWith(`${group} `))) return group;
  throw new UsageError(whyUnknown(asked, commands));
}

function whyUnknown(words: readonly string[], commands: readonly Command[]): string {
  const [first = ''] = words;
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length === 0) return `There is no command '${first}'.`;
  const choices = group.map(({ name }) => name.slice(first.length + 1)).join(', ');
  return `'${first}' is followed by one of: ${choices}.`;
}
