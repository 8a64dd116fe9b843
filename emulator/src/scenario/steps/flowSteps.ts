import { z } from 'zod';
import { DURATION, millisecondsOf } from '../duration';
import type { Stage } from '../stage';
import { StepFailure } from '../stepFailure';
import { type PlannedStep, type Problem, problemsOf, type StepKind, stepKind } from '../stepKind';
import { rest } from './rest';

const IDLE = 'idle';

export const WAIT_STEP: StepKind = stepKind(
  ['wait'],
  z.strictObject({
    wait: z.union([z.literal(IDLE), DURATION], { error: "must be 'idle' or a time such as '500ms'" }),
  }),
  ({ wait }) => ({
    title: wait === IDLE ? 'Everything comes to rest' : `Wait ${wait}`,
    run: async (stage) => {
      if (wait === IDLE) return rest(stage);
      await stage.pause(millisecondsOf(wait));
    },
  }),
);

/** What became of planning several steps. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  readonly problems: readonly Problem[];
}

const PARALLEL = z.strictObject({ parallel: z.array(z.array(z.unknown()).min(1)).min(1) });

/** Several lanes of steps at the same time. @param planLane Plans what a lane holds. */
export function parallelStep(planLane: (steps: readonly unknown[]) => Plan): StepKind {
  return {
    sign: 'parallel',
    isWrittenAs: (data) => 'parallel' in data,
    plan(data) {
      const parsed = PARALLEL.safeParse(data);
      if (!parsed.success) return problemsOf(parsed.error);
      const lanes = parsed.data.parallel.map(planLane);
      const problems = lanes.flatMap((lane, index) =>
        lane.problems.map(({ path, message }) => ({ path: ['parallel', index, ...path], message })),
      );
      if (problems.length > 0) return problems;
      return {
        title: `${lanes.length} lanes at the same time`,
        run: (stage) => runLanes(stage, lanes),
      };
    },
  };
}

/** A failing lane ends itself only: the others are played to their end before the step fails. */
async function runLanes(stage: Stage, lanes: readonly Plan[]): Promise<void> {
  const outcomes = await Promise.allSettled(lanes.map(({ steps }) => runLane(stage, steps)));
  const problems = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [`Lane ${index + 1}: ${outcome.reason.message}`] : [],
  );
  if (problems.length > 0) throw new StepFailure(problems.join('\n'));
}

async function runLane(stage: Stage, steps: readonly PlannedStep[]): Promise<void> {
  for (const step of steps) {
    try {
      await step.run(stage);
    } catch (error) {
      throw new StepFailure(`${step.title}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
