import type { MovableClock } from '../clock/movableClock';
import type { AttemptRunner } from './attemptRunner';
import { describeFault, type Faults } from './faults';
import type { Integration } from './integration';
import type { LoggedEvent, WireLog } from './wireLog';

/** What *Verify* works with. */
export interface VerifyParts {
  readonly integration: Integration;
  readonly runner: AttemptRunner;
  readonly faults: Faults;
  readonly clock: MovableClock;
  readonly wire: WireLog;
  readonly changed: () => void;
}

/** Assumption: neither the method nor the body is published. */
const VERIFY_BODY = '{}';
const VERIFY = 'Verify';

/** The *Verify* call. @returns Whether the integration is active now. */
export async function verify(parts: VerifyParts): Promise<boolean> {
  const { integration, runner, faults, clock, wire, changed } = parts;
  const obstacle = integration.obstacleToVerify;
  if (obstacle !== undefined) {
    integration.verified(obstacle);
    return false;
  }

  const { generation } = integration;
  const entry: LoggedEvent = {
    kind: 'toBot',
    id: wire.nextId(),
    conversationId: undefined,
    event: VERIFY,
    body: VERIFY_BODY,
    state: 'underWay',
    dueAt: undefined,
    attempts: [],
  };
  wire.add(entry);
  changed();
  const fault = faults.pick({
    direction: 'toBot',
    event: VERIFY,
    conversationIds: [],
    customer: undefined,
    attempt: 1,
    identity: `${VERIFY} ${entry.id}`,
  });
  const at = clock.now();
  const result = await runner.run(VERIFY_BODY, fault);
  const { status, problem, answer, token, tookMs } = result;
  const played = fault === undefined ? undefined : describeFault(fault);
  entry.attempts = [{ number: 1, at, tookMs, status, problem, answer, token, fault: played }];
  entry.state = problem === undefined ? 'answered' : 'gaveUp';
  // Edited in the meantime: what was verified is not what it is now.
  if (generation !== integration.generation) {
    changed();
    return false;
  }
  integration.verified(problem);
  return problem === undefined;
}
