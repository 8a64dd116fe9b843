import { z } from 'zod';
import type { Clock, EmulatorOptions } from './emulatorApi';
import { BOT_URL, DIALECT, PLATFORM, ROUTING_RULE } from './scenario/vocabulary';
import { TRANSCRIPT_URL } from './transcriptUrl';

/** An option of `createEmulator` is wrong. */
export class EmulatorOptionError extends RangeError {
  override readonly name = 'EmulatorOptionError';
  readonly code = 'EMULATOR_OPTION';

  /** @param path The option's, such as `retryDelaysMs.2`. */
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(`createEmulator: the option '${path}' ${reason}.`);
  }
}

const MINUTE = 60_000;
/** Assumption: the reference says at most four, over the next hour. */
const RETRY_DELAYS_MS = [MINUTE, 5 * MINUTE, 15 * MINUTE, 39 * MINUTE];
const MAX_RETRIES = 4;
/** The most that a timer of Node can be set to. */
const LONGEST_MS = 2_147_483_647;

const AT_LEAST_0 = `must be a number of milliseconds from 0 to ${LONGEST_MS}`;
const MILLISECONDS = z.number(AT_LEAST_0).min(0, AT_LEAST_0).max(LONGEST_MS, AT_LEAST_0);

/** Every option and its default; what they mean stands with `EmulatorOptions`. */
export const emulatorOptionsSchema = z.strictObject({
  port: z.int('must be a port').min(0, 'must be a port').max(65_535, 'must be a port').default(0),
  webhookPath: z
    .string()
    .regex(/^[\w-]+$/, 'must be letters, digits, - and _')
    .optional(),
  botUrl: BOT_URL.optional(),
  transcriptUrl: TRANSCRIPT_URL.optional(),
  platform: PLATFORM.default('OTHERS'),
  verificationToken: z.string('must be a text').optional(),
  accessToken: z.string('must be a text').optional(),
  rule: ROUTING_RULE.default('BOT'),
  dialect: DIALECT.default('documented'),
  linkAgentConversations: z.boolean('must be true or false').default(true),
  closeEventId: z
    .string('must be a text')
    .regex(/^(?!100[12]$)./, "must be an eventid, but neither '1001' nor '1002'")
    .optional(),
  seed: z.int('must be a whole number').optional(),
  clock: z.custom<Clock>(isClock, "must have the methods 'now' and 'setTimer'").optional(),
  answerWithinMs: MILLISECONDS.min(1, 'must be at least 1').default(5000),
  retryDelaysMs: z
    .array(MILLISECONDS, 'must be a list of milliseconds')
    .max(MAX_RETRIES, `must be at most ${MAX_RETRIES}, for the platform retries no more than that`)
    .default(RETRY_DELAYS_MS),
  answerExpectedWithinMs: MILLISECONDS.default(30_000),
});

/** Options that are known to be right, with their defaults. */
export type ReadOptions = z.output<typeof emulatorOptionsSchema>;

/** Checks options and fills in the defaults. @throws EmulatorOptionError naming the first that is wrong. */
export function readOptions(options: EmulatorOptions): ReadOptions {
  const parsed = emulatorOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw new EmulatorOptionError(issue.keys[0] ?? '', 'is not one that there is');
  }
  throw new EmulatorOptionError(issue?.path.join('.') ?? '', issue?.message ?? 'is wrong');
}

function isClock(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['now', 'setTimer'].every((method) => typeof Reflect.get(value, method) === 'function');
}
