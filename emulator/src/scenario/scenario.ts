import { z } from 'zod';
import type { EmulatorOptions } from '../emulatorApi';
import { DURATION, millisecondsOf } from './duration';
import { planSteps } from './planSteps';
import { type PlannedStep, type Problem, problemsOf } from './stepKind';
import { CHANNEL, DIALECT, PLATFORM, ROUTING_RULE } from './vocabulary';

const DEFAULT_PATIENCE_MS = 10_000;

const SETTINGS = z.strictObject({
  platform: PLATFORM.optional(),
  rule: ROUTING_RULE.optional(),
  dialect: DIALECT.optional(),
  seed: z.int().optional(),
  verificationToken: z.string().optional(),
  accessToken: z.string().optional(),
  /** Whether time stands still from the beginning. */
  clock: z.enum(['running', 'paused']).default('running'),
  /** Whether the integration is verified before the first step. */
  verified: z.boolean().default(true),
  /** Whether events of an agent's conversation name the BOT one. */
  linkAgentConversations: z.boolean().optional(),
  /** By which the bot closes its conversation. */
  closeEventId: z.string().min(1).optional(),
  answerWithin: DURATION.refine((time) => millisecondsOf(time) >= 1, 'must be at least 1ms').optional(),
  retryDelays: z.array(DURATION).max(4).optional(),
  /** After how much real time the judge calls a message unanswered. */
  answerExpectedWithin: DURATION.optional(),
  /** How long an expectation waits, unless it says otherwise. */
  patience: DURATION.default(DEFAULT_PATIENCE_MS),
});

const SCENARIO = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  settings: SETTINGS.prefault({}),
  customers: z.record(z.string(), CHANNEL).default({}),
  steps: z.array(z.unknown()).min(1),
});

/** What a scenario says of the platform, the time and the judge. */
export type ScenarioSettings = z.infer<typeof SETTINGS>;

/** A step, and where it is written. */
export interface ScenarioStep extends PlannedStep {
  /** From 1; undefined for a scenario that was read from no text. */
  readonly line: number | undefined;
}

/** A story to be played on the emulator, known to be well formed. */
export interface Scenario {
  readonly name: string;
  readonly description: string | undefined;
  /** Where it was read from. */
  readonly file: string | undefined;
  readonly settings: ScenarioSettings;
  readonly customers: Readonly<Record<string, z.infer<typeof CHANNEL>>>;
  readonly steps: readonly ScenarioStep[];
}

/** Where a scenario came from: what its problems and steps are named by. */
export interface Source {
  readonly file: string | undefined;
  /** The line that it is written in, from 1. */
  line(path: readonly (string | number)[]): number | undefined;
}

const NO_SOURCE: Source = { file: undefined, line: () => undefined };

/** A scenario is not well formed. The message names file, line and path of each problem. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], source: Source = NO_SOURCE) {
    super(problems.map((problem) => describe(problem, source)).join('\n'));
    this.problems = problems;
  }
}

/** Makes a scenario of plain data: what a file holds. @throws ScenarioError */
export function planScenario(data: unknown, source: Source = NO_SOURCE): Scenario {
  const parsed = SCENARIO.safeParse(data);
  const plan = planSteps(stepsIn(data));
  const problems = [
    ...(parsed.success ? [] : problemsOf(parsed.error)),
    ...plan.problems.map(({ path, message }) => ({ path: ['steps', ...path], message })),
  ];
  if (!parsed.success || problems.length > 0) throw new ScenarioError(problems, source);

  const { name, description, settings, customers } = parsed.data;
  const steps = plan.steps.map((step, index) => ({ ...step, line: source.line(['steps', index]) }));
  return { name, description, file: source.file, settings, customers, steps };
}

/** What an emulator has to be created with to play the scenario; the rest is set when it runs. */
export function emulatorOptionsFor({ settings }: Scenario): EmulatorOptions {
  const { platform, rule, dialect, seed, verificationToken, accessToken } = settings;
  const { linkAgentConversations, closeEventId } = settings;
  const { answerWithin, retryDelays, answerExpectedWithin } = settings;
  return {
    ...(rule !== undefined && { rule }),
    ...(dialect !== undefined && { dialect }),
    ...(platform !== undefined && { platform }),
    ...(seed !== undefined && { seed }),
    ...(verificationToken !== undefined && { verificationToken }),
    ...(accessToken !== undefined && { accessToken }),
    ...(linkAgentConversations !== undefined && { linkAgentConversations }),
    ...(closeEventId !== undefined && { closeEventId }),
    ...(answerWithin !== undefined && { answerWithinMs: millisecondsOf(answerWithin) }),
    ...(answerExpectedWithin !== undefined && {
      answerExpectedWithinMs: millisecondsOf(answerExpectedWithin),
    }),
    ...(retryDelays !== undefined && { retryDelaysMs: retryDelays.map(millisecondsOf) }),
  };
}

/** All problems of a file are told at once: those of the steps too when others were found before. */
function stepsIn(data: unknown): readonly unknown[] {
  const holder = z.looseObject({ steps: z.array(z.unknown()) }).safeParse(data);
  return holder.success ? holder.data.steps : [];
}

function describe({ path, message, ...problem }: Problem, source: Source): string {
  const line = problem.line ?? source.line(path);
  const place = [source.file, line].filter((part) => part !== undefined).join(':');
  const where = path.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : `.${key}`),
    '',
  );
  const parts = [place, where.replace(/^\./, ''), message];
  return parts.filter((part) => part !== '').join(': ');
}
