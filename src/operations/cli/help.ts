import type { Command, OptionSpecs } from './command';
import { COMMON_OPTIONS } from './commandLine';
import { EXIT } from './exitCodes';

const NAME = 'webex-connect-bot';

const INTRODUCTION = `Looks after a bot on Webex Connect: how it is, what it could not deliver, what to do about it.
Safe beside a running bot.`;

const CODES: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, 'done; all is well'],
  [EXIT.wrong, 'something is wrong: a check has failed, a change was refused, somebody should look'],
  [EXIT.usage, 'the command line cannot be understood'],
  [EXIT.notFound, 'what was named is not there'],
  [EXIT.unavailable, 'the store cannot be used, or no bot has answered'],
  [EXIT.interrupted, 'interrupted; of what was under way, nothing more is done'],
];

/** The help of all commands, or of those that begin with a word. */
export function helpOf(commands: readonly Command[], group?: string): string {
  const listed = group === undefined ? commands : commands.filter(({ name }) => name.startsWith(`${group} `));
  return [
    ...(group === undefined ? [INTRODUCTION, ''] : []),
    `  ${NAME} ${group ?? ''}${group === undefined ? '' : ' '}<command> [options]`,
    '',
    ...twoColumns(listed.map(({ name, summary }) => [name, summary])),
    '',
    'Options of every command:',
    ...optionLines(COMMON_OPTIONS),
    '',
    'Exit codes:',
    ...twoColumns(CODES.map(([code, meaning]) => [String(code), meaning])),
    '',
    `More of a command: ${NAME} <command> --help`,
  ].join('\n');
}

/** The help of one command. */
export function helpOfCommand({ name, summary, details, positionals, options }: Command): string {
  return [
    `  ${NAME} ${`${name} ${positionals.help}`.trim()} [options]`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(details === undefined ? [] : [details]),
    '',
    ...optionLines(options),
    `  and those of every command: ${Object.keys(COMMON_OPTIONS)
      .map((option) => `--${option}`)
      .join(', ')}`,
  ].join('\n');
}

function optionLines(options: OptionSpecs): string[] {
  return twoColumns(
    Object.entries(options).map(([name, { value, help }]) => [
      `--${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
  );
}

function twoColumns(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width + 2)}${right}`);
}
