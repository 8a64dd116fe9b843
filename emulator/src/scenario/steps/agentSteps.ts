import { z } from 'zod';
import type { Stage } from '../stage';
import { type StepKind, stepKind } from '../stepKind';

const NAME = z.string().min(1);

/** What agents do, in the newest of the customer's conversations with one. */
export const AGENT_STEPS: readonly StepKind[] = [
  stepKind(
    ['agent', 'picksUp'],
    z.strictObject({ agent: NAME, picksUp: NAME }),
    ({ agent, picksUp: customer }) => ({
      title: `${agent} picks up ${customer}`,
      run: async (stage) => {
        // The handover may still be on the wire.
        await stage.until(() => queuedProblem(stage, customer));
        stage.emulator.desk.pickUp(customer, agent);
      },
    }),
  ),
  stepKind(
    ['agent', 'says'],
    z.strictObject({ agent: NAME, says: z.string().min(1), to: NAME }),
    ({ agent, says, to }) => ({
      title: `${agent} says ${JSON.stringify(says)} to ${to}`,
      run: (stage) => stage.emulator.desk.says(to, says),
    }),
  ),
  stepKind(
    ['agent', 'transfers'],
    z.strictObject({ agent: NAME, transfers: NAME, to: NAME }),
    ({ agent, transfers, to }) => ({
      title: `${agent} transfers ${transfers} to ${to}`,
      run: async (stage) => stage.emulator.desk.transfer(transfers, to),
    }),
  ),
  stepKind(['agent', 'closes'], z.strictObject({ agent: NAME, closes: NAME }), ({ agent, closes }) => ({
    title: `${agent} closes the conversation with ${closes}`,
    run: (stage) => stage.emulator.desk.close(closes),
  })),
];

function queuedProblem(stage: Stage, customer: string): string | undefined {
  const isQueued = stage.world.desk.some(
    ({ customerName, status }) => customerName === customer && status === 'queued',
  );
  return isQueued ? undefined : `${customer} is not in the queue of the contact centre.`;
}
