import type { DestinationHealth } from '../store/deliveryStore';
import { HEALTHY } from '../store/deliveryStore';
import type { SendOutcome } from './sendOutcome';

/** When a destination turns inactive, and when it is probed. */
export interface HealthPolicy {
  /** Consecutive failures that make a destination inactive. */
  readonly failuresUntilInactive: number;
  /** Milliseconds until an inactive destination is probed with one message. */
  readonly probeAfterMs: number;
}

/**
 * The health of a destination after one more attempt. Pure. A message that is refused for what it holds shows
 * that somebody is there, so it counts as a sign of life.
 *
 * @param now Milliseconds since the epoch.
 */
export function healthAfter(
  health: DestinationHealth,
  outcome: SendOutcome,
  now: number,
  policy: HealthPolicy,
): DestinationHealth {
  if (outcome.kind === 'accepted') return HEALTHY;
  if (outcome.kind === 'refused' && outcome.blames === 'message') return HEALTHY;

  const consecutiveFailures = health.consecutiveFailures + 1;
  if (consecutiveFailures < policy.failuresUntilInactive) return { status: 'active', consecutiveFailures };
  return {
    status: 'inactive',
    consecutiveFailures,
    since: health.status === 'inactive' ? health.since : now,
    probeAt: now + policy.probeAfterMs,
    reason: outcome.reason,
  };
}
