import type { PlannedStep, Problem, StepData, StepKind } from './stepKind';
import { AGENT_STEPS } from './steps/agentSteps';
import { BOT_STEPS } from './steps/botSteps';
import { CUSTOMER_STEPS } from './steps/customerSteps';
import { EXPECTATION_STEPS } from './steps/expectationSteps';
import { type Plan, parallelStep, WAIT_STEP } from './steps/flowSteps';
import { PLATFORM_STEPS } from './steps/platformSteps';

/** Every kind of step there is. */
export const STEP_KINDS: readonly StepKind[] = [
  ...CUSTOMER_STEPS,
  ...AGENT_STEPS,
  ...EXPECTATION_STEPS,
  ...PLATFORM_STEPS,
  ...BOT_STEPS,
  WAIT_STEP,
  parallelStep(planSteps),
];

/** Makes of what a scenario's file holds what can be run. */
export function planSteps(list: readonly unknown[]): Plan {
  const steps: PlannedStep[] = [];
  const problems: Problem[] = [];
  for (const [index, data] of list.entries()) {
    const planned = planStep(data);
    if (!Array.isArray(planned)) steps.push(planned);
    else problems.push(...planned.map(({ path, message }) => ({ path: [index, ...path], message })));
  }
  return { steps, problems };
}

function planStep(data: unknown): PlannedStep | Problem[] {
  if (!isStepData(data))
    return [{ path: [], message: 'a step is a mapping, such as { customer: Ann, says: hi }' }];
  const kind = STEP_KINDS.find((other) => other.isWrittenAs(data));
  if (kind !== undefined) return kind.plan(data);
  const signs = STEP_KINDS.map(({ sign }) => sign).join(' | ');
  return [
    { path: [], message: `no step has the fields ${Object.keys(data).join(', ')}; there are ${signs}` },
  ];
}

function isStepData(data: unknown): data is StepData {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
