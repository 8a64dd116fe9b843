import { type DestinationHealth, HEALTHY } from '../../store/deliveryStore';
import type { RecordShape } from './bestEffortRecord';
import { PLATFORM_RECORD } from './reservedDestinations';

/** Failures in a row after which Webex Connect makes a webhook inactive ("Five consecutive failures"). */
export const PLATFORM_FAILURE_LIMIT = 5;

/** Failures in a row that Webex Connect has seen of this bot. Times are milliseconds since the epoch. */
export interface FailureRun {
  readonly failures: number;
  readonly since: number;
  readonly lastAt: number;
}

/** No failure since the last success, or some. */
export type PlatformRun = FailureRun | undefined;

/** What our answers do to the run: it may be forgotten, and then go on. */
export interface PlatformChange {
  /** After a success: everything. After another replica's run: what is older than a success of ours. */
  readonly forgets: 'nothing' | 'everything' | { readonly olderThan: number };
  readonly failed: PlatformRun;
}

/** The change that one answer makes. Pure. @param now Milliseconds since the epoch. */
export function changeOfAnswer(isSuccess: boolean, now: number): PlatformChange {
  if (isSuccess) return { forgets: 'everything', failed: undefined };
  return { forgets: 'nothing', failed: { failures: 1, since: now, lastAt: now } };
}

/** How the run lies in the store. */
export const PLATFORM_SHAPE: RecordShape<PlatformRun, PlatformChange> = {
  name: PLATFORM_RECORD,
  read: runOf,
  write: healthOf,
  apply: (run, { forgets, failed }) => join(isForgotten(run, forgets) ? undefined : run, failed),
  // A change that forgets by time is made only while no other waits, so it is never the later one.
  merge: (earlier, later) =>
    later.forgets === 'everything'
      ? later
      : { forgets: earlier.forgets, failed: join(earlier.failed, later.failed) },
};

function isForgotten(run: PlatformRun, forgets: PlatformChange['forgets']): boolean {
  if (forgets === 'nothing') return false;
  if (forgets === 'everything') return true;
  return run !== undefined && run.lastAt < forgets.olderThan;
}

function join(earlier: PlatformRun, later: PlatformRun): PlatformRun {
  if (earlier === undefined) return later;
  if (later === undefined) return earlier;
  return {
    failures: earlier.failures + later.failures,
    since: Math.min(earlier.since, later.since),
    lastAt: Math.max(earlier.lastAt, later.lastAt),
  };
}

/** A destination's health is the carrier; only its shape is used: nothing is ever sent there. */
function healthOf(run: PlatformRun): DestinationHealth {
  if (run === undefined) return HEALTHY;
  const { failures, since, lastAt } = run;
  return {
    status: 'inactive',
    consecutiveFailures: failures,
    since,
    probeAt: lastAt,
    reason: 'answers to Webex Connect that it counts as failures',
  };
}

function runOf(health: DestinationHealth): PlatformRun {
  if (health.status === 'active') return undefined;
  return { failures: health.consecutiveFailures, since: health.since, lastAt: health.probeAt };
}
