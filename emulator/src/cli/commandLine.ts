import { parseArgs } from 'node:util';
import type { z } from 'zod';
import type { EmulatorOptions } from '../emulatorApi';
import { BOT_URL, DIALECT, PLATFORM, ROUTING_RULE } from '../scenario/vocabulary';
import { TRANSCRIPT_URL } from '../transcriptUrl';

/** What was asked for. */
export type Command =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'serve'; readonly options: EmulatorOptions }
  | RunCommand;

export interface RunCommand {
  readonly kind: 'run';
  readonly options: EmulatorOptions;
  readonly paths: readonly string[];
  /** Where to write JUnit's report. */
  readonly junit: string | undefined;
  readonly json: boolean;
}

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const DEFAULT_PORT = 4000;
/** A bot that is started before the run has to know it. A page cannot make use of it: it would name its origin. */
const WEBHOOK_PATH_OF_RUNS = 'scenarios';

const OPTIONS = {
  port: { type: 'string' },
  'bot-url': { type: 'string' },
  'transcript-url': { type: 'string' },
  platform: { type: 'string' },
  'verification-token': { type: 'string' },
  'access-token': { type: 'string' },
  rule: { type: 'string' },
  dialect: { type: 'string' },
  'close-event-id': { type: 'string' },
  seed: { type: 'string' },
  'webhook-path': { type: 'string' },
  junit: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

type Values = ReturnType<typeof readValues>['values'];

/**
 * Reads the command line; tokens that it does not name are taken from the environment, for others on the machine can
 * read command lines.
 *
 * @throws UsageError
 */
export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const { values, positionals } = readValues(args);
  if (values.help === true) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };

  const [command, ...paths] = positionals;
  if (command === undefined) {
    if (values.junit !== undefined || values.json === true) {
      throw new UsageError("--junit and --json belong to 'webex-connect-emulator run <scenario…>'.");
    }
    return { kind: 'serve', options: emulatorOptions(values, env) };
  }
  if (command !== 'run')
    throw new UsageError(`There is no command '${command}'; did you mean 'run ${command}'?`);
  if (paths.length === 0) throw new UsageError('Name the scenario files to run, or folders of them.');
  if (values['bot-url'] === undefined)
    throw new UsageError('A run needs --bot-url, the endpoint of the bot.');
  const options = emulatorOptions({ 'webhook-path': WEBHOOK_PATH_OF_RUNS, ...values }, env);
  if (options.port === 0) throw new UsageError('A run needs a --port that the bot knows, not just any.');
  return { kind: 'run', options, paths, junit: values.junit, json: values.json === true };
}

function readValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function emulatorOptions(values: Values, env: NodeJS.ProcessEnv): EmulatorOptions {
  const botUrl = checked('--bot-url', BOT_URL, values['bot-url']);
  const platform = checked('--platform', PLATFORM, values.platform);
  const rule = checked('--rule', ROUTING_RULE, values.rule);
  const dialect = checked('--dialect', DIALECT, values.dialect);
  const seed = integer('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER);
  const closeEventId = values['close-event-id'];
  const webhookPath = pathPart(values['webhook-path']);
  const transcriptUrl = checked('--transcript-url', TRANSCRIPT_URL, values['transcript-url']);
  const verificationToken = values['verification-token'] ?? env.WEBEX_CONNECT_VERIFICATION_TOKEN;
  const accessToken = values['access-token'] ?? env.WEBEX_CONNECT_ACCESS_TOKEN;
  return {
    port: integer('--port', values.port, 0, 65_535) ?? DEFAULT_PORT,
    ...(botUrl !== undefined && { botUrl }),
    ...(transcriptUrl !== undefined && { transcriptUrl }),
    ...(platform !== undefined && { platform }),
    ...(rule !== undefined && { rule }),
    ...(dialect !== undefined && { dialect }),
    ...(closeEventId !== undefined && { closeEventId }),
    ...(seed !== undefined && { seed }),
    ...(webhookPath !== undefined && { webhookPath }),
    ...(verificationToken !== undefined && { verificationToken }),
    ...(accessToken !== undefined && { accessToken }),
  };
}

function checked<T>(name: string, schema: z.ZodType<T>, value: string | undefined): T | undefined {
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${name} is '${value}': ${parsed.error.issues.map(({ message }) => message).join('; ')}.`,
  );
}

function integer(name: string, value: string | undefined, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${name} is '${value}'; it must be a whole number from ${least} to ${most}.`);
}

function pathPart(value: string | undefined): string | undefined {
  if (value === undefined || /^[\w-]+$/.test(value)) return value;
  throw new UsageError(`--webhook-path is '${value}'; it must be letters, digits, - and _.`);
}
