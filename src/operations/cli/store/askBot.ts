import { randomUUID } from 'node:crypto';
import { type Clock, sleep } from '../../../clock';
import type { CommandState, OperatorCommand, OperatorRequests } from '../../../store/operatorCommands';
import type { CarryOutTerms, Outcome } from './operatorStore';

/** What was asked today must not happen tomorrow: a command that nobody takes is void after a minute. */
export const COMMAND_EXPIRES_AFTER_MS = 60_000;
/** Milliseconds between looks for answers. */
const LOOK_MS = 100;
/** Looks between two questions whether there is still a bot. */
const LOOKS_PER_ATTENDANCE = 10;

/** What asking needs. */
export interface AskParts {
  readonly requests: OperatorRequests;
  readonly clock: Clock;
  /** Whether a bot runs that may answer. */
  readonly isAttended: () => Promise<boolean>;
}

/** The outcomes, and why the waiting has ended. */
export interface Asked {
  readonly outcomes: readonly Outcome[];
  readonly ended: 'answered' | 'late' | 'botGone' | 'interrupted';
}

/** Has a running bot carry out commands, and waits for its answers. What it has not taken in the end is withdrawn. */
export async function askBot(
  parts: AskParts,
  commands: readonly OperatorCommand[],
  terms: CarryOutTerms,
): Promise<Asked> {
  const { requests, clock } = parts;
  const submitted = commands.map((command) => ({ id: randomUUID(), command }));
  const ids = submitted.map(({ id }) => id);
  await requests.submit(submitted, { now: clock.now(), expiresAfterMs: COMMAND_EXPIRES_AFTER_MS });
  const ended = await waitForAnswers(parts, ids, terms);
  const withdrawn = new Set(ended === 'answered' ? [] : await requests.withdraw(ids));
  const states = await requests.states(ids);
  await requests.forget(ids.filter((_, index) => states[index]?.status === 'answered'));
  return { outcomes: ids.map((id, index) => toOutcome(states[index], withdrawn.has(id))), ended };
}

async function waitForAnswers(
  { requests, clock, isAttended }: AskParts,
  ids: readonly string[],
  { waitMs, signal }: CarryOutTerms,
): Promise<Asked['ended']> {
  let answered = 0;
  let deadline = clock.now() + waitMs;
  for (let look = 1; ; look++) {
    const states = await requests.states(ids);
    const open = states.filter(isOpen).length;
    if (open === 0) return 'answered';
    if (signal.aborted) return 'interrupted';
    if (ids.length - open > answered) deadline = clock.now() + waitMs;
    answered = ids.length - open;
    if (clock.now() >= deadline) return 'late';
    if (look % LOOKS_PER_ATTENDANCE === 0 && !(await isAttended())) return 'botGone';
    await sleep(clock, LOOK_MS);
  }
}

function isOpen({ status }: CommandState): boolean {
  return status === 'waiting' || status === 'taken';
}

function toOutcome(state: CommandState | undefined, isWithdrawn: boolean): Outcome {
  if (state?.status === 'answered') return state.answer;
  // One that has expired was never taken, and is gone.
  if (isWithdrawn || state === undefined || state.status === 'unknown') return { status: 'withdrawn' };
  return { status: 'unanswered' };
}
