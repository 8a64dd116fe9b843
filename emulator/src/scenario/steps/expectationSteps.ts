import { z } from 'zod';
import type { AgentConversationView, EventToBot } from '../../world';
import { DURATION, type Duration, millisecondsOf } from '../duration';
import type { Stage } from '../stage';
import { StepFailure } from '../stepFailure';
import { type StepKind, stepKind } from '../stepKind';
import { describeMatch, isMatch, TEXT_MATCH, type TextMatch } from '../textMatch';
import { VIOLATION_RULE } from '../vocabulary';
import { rest } from './rest';

const NAME = z.string().min(1);
const WITHIN = DURATION.optional();

export const EXPECTATION_STEPS: readonly StepKind[] = [
  stepKind(
    ['expect: handover'],
    z.strictObject({
      expect: z.literal('handover'),
      of: NAME,
      customParams: z.record(z.string(), TEXT_MATCH).default({}),
      within: WITHIN,
    }),
    ({ of, customParams, within }) => ({
      title: `${of} is handed over to the contact centre`,
      run: (stage) => stage.until(() => handoverProblem(stage, of, customParams), limitOf(within)),
    }),
  ),
  stepKind(
    ['expect: holder'],
    z.strictObject({
      expect: z.literal('holder'),
      of: NAME,
      is: z.enum(['bot', 'contactCentre']),
      within: WITHIN,
    }),
    ({ of, is, within }) => ({
      title: `${of} is with the ${is === 'bot' ? 'bot' : 'contact centre'}`,
      run: (stage) =>
        stage.until(() => {
          const { holder } = stage.view(of);
          return holder === is ? undefined : `The holder of ${of} was to be ${is}, but is ${holder}.`;
        }, limitOf(within)),
    }),
  ),
  stepKind(
    ['expect: integration'],
    z.strictObject({
      expect: z.literal('integration'),
      status: z.enum(['unverified', 'active', 'inactive']),
      failures: z.int().min(0).max(5).optional(),
      within: WITHIN,
    }),
    ({ status, failures, within }) => ({
      title: `The integration is ${status}${failures === undefined ? '' : ` after ${failures} failures`}`,
      run: (stage) => stage.until(() => integrationProblem(stage, status, failures), limitOf(within)),
    }),
  ),
  stepKind(
    ['expect: event'],
    z.strictObject({
      expect: z.literal('event'),
      of: NAME,
      event: z.string().default('Incoming message'),
      state: z.enum(['answered', 'retrying', 'gaveUp', 'held', 'waiting']),
      attempts: z.int().min(0).max(5).optional(),
      within: WITHIN,
    }),
    ({ of, event, state, attempts, within }) => ({
      title: `The latest '${event}' of ${of} is ${state}${attempts === undefined ? '' : ` after ${attempts} attempts`}`,
      run: (stage) => stage.until(() => eventProblem(stage, of, event, state, attempts), limitOf(within)),
    }),
  ),
  stepKind(
    ['expect: violation'],
    z.strictObject({ expect: z.literal('violation'), rule: VIOLATION_RULE, within: WITHIN }),
    ({ rule, within }) => ({
      title: `The judge sees a violation: ${rule}`,
      run: (stage) =>
        stage.until(
          () => (stage.expectViolations(rule) ? undefined : `The judge saw no violation of ${rule}.`),
          limitOf(within),
        ),
    }),
  ),
  stepKind(['expect: noViolations'], z.strictObject({ expect: z.literal('noViolations') }), () => ({
    title: 'The judge sees no violation',
    run: expectNoViolations,
  })),
];

/** Lets the bot come to rest and answer what it owes, and asks the judge. */
export async function expectNoViolations(stage: Stage): Promise<void> {
  await rest(stage);
  const found = stage.unexpected(await stage.uninterrupted(stage.emulator.judge.verdict()));
  if (found.length === 0) return;
  throw new StepFailure(found.map(({ rule, message }) => `${rule}: ${message}`).join('\n'));
}

function limitOf(within: Duration | undefined): number | undefined {
  return within === undefined ? undefined : millisecondsOf(within);
}

function handoverProblem(
  stage: Stage,
  customer: string,
  customParams: Readonly<Record<string, TextMatch>>,
): string | undefined {
  const conversation = openConversation(stage, customer);
  if (conversation === undefined) return `${customer} was not handed over.`;
  const wrong = Object.entries(customParams).find(
    ([name, expected]) => !isMatch(expected, conversation.customParams[name] ?? ''),
  );
  if (wrong === undefined) return undefined;
  const [name, expected] = wrong;
  const sent = JSON.stringify(conversation.customParams[name]);
  return `${name} of the handover was to be ${describeMatch(expected)}, but is ${sent}.`;
}

function openConversation(stage: Stage, customer: string): AgentConversationView | undefined {
  return stage.world.desk.findLast(
    ({ customerName, status }) => customerName === customer && status !== 'closed',
  );
}

function integrationProblem(stage: Stage, status: string, failures: number | undefined): string | undefined {
  const { integration } = stage.world;
  const isSame =
    integration.status === status && (failures === undefined || integration.consecutiveFailures === failures);
  if (isSame) return undefined;
  const wanted = failures === undefined ? status : `${status} after ${failures} failures`;
  const { consecutiveFailures } = integration;
  return `The integration was to be ${wanted}, but is ${integration.status} after ${consecutiveFailures} failures.`;
}

function eventProblem(
  stage: Stage,
  customer: string,
  event: string,
  state: EventToBot['state'],
  attempts: number | undefined,
): string | undefined {
  const conversationId = stage.conversationId(customer);
  const entry = stage.world.wire.findLast(
    (other): other is EventToBot =>
      other.kind === 'toBot' && other.event === event && other.conversationId === conversationId,
  );
  if (entry === undefined) return `There was no '${event}' of ${customer}.`;
  const made = entry.attempts.length;
  if (entry.state === state && (attempts === undefined || made === attempts)) return undefined;
  return `The latest '${event}' of ${customer} was to be ${state}, but is ${entry.state} after ${made} attempts.`;
}
