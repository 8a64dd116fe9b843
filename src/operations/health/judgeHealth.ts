import { WEBHOOK_DESTINATION } from '../../delivery/destinations';
import type { StoreStats } from '../../store/deliveryStore';
import type {
  AdapterHealth,
  AdapterState,
  DestinationReport,
  HealthCheck,
  HealthFacts,
  PlatformReport,
  StoreReach,
} from './adapterHealth';
import { thresholdOf } from './alertLevels';
import type { BacklogEvent } from './healthEvents';
import {
  backlogOf,
  countOf,
  failuresOf,
  inactivityOf,
  lossOf,
  placeOf,
  platformFailuresOf,
  silenceOf,
  waitOf,
} from './wording';

/**
 * Sums up what is known. Pure.
 *
 * Only what another process would do better is a failure: taking this one out of the way for a webhook that is
 * inactive, or a backlog that is full, would mend neither, and would keep Webex Connect from verifying the integration.
 *
 * @param warnAfterWaitingMs The option `health.warnAfterWaitingMs`.
 */
export function judgeHealth(facts: HealthFacts, warnAfterWaitingMs: number): AdapterHealth {
  const checks = [
    checkState(facts.state),
    ...checkReach(facts.reach),
    checkDestination('webhook', placeOf(WEBHOOK_DESTINATION), facts.webhook),
    ...Object.entries(facts.bridges).map(([name, report]) => ({
      ...checkDestination('bridge', placeOf(name), report),
      componentId: name,
    })),
    ...checkPlatform(facts.platform, facts.at),
    ...(facts.store === undefined ? [] : checkStats(facts.store, facts, warnAfterWaitingMs)),
  ];
  const failures = checks.filter(({ status }) => status === 'fail');
  const warnings = checks.filter(({ status }) => status === 'warn');
  return {
    ...facts,
    status: failures.length > 0 ? 'fail' : warnings.length > 0 ? 'warn' : 'pass',
    reasons: [...failures, ...warnings].flatMap(({ reason }) => reason ?? []),
    checks,
  };
}

function checkState(state: AdapterState): HealthCheck {
  const check = { name: 'adapter:state', componentType: 'component', observedValue: state.kind } as const;
  const reason = whyNotRunning(state);
  return reason === undefined ? { ...check, status: 'pass' } : { ...check, status: 'fail', reason };
}

function whyNotRunning(state: AdapterState): string | undefined {
  switch (state.kind) {
    case 'running':
      return undefined;
    case 'notStarted':
      return state.lastError === undefined
        ? 'the adapter is not started: call adapter.start(logic)'
        : `the adapter could not be started: ${state.lastError}`;
    case 'starting':
      return 'the adapter is starting';
    case 'stopping':
      return 'the adapter is stopping';
    case 'stopped':
      return 'the adapter was stopped';
  }
}

function checkReach(reach: StoreReach): readonly HealthCheck[] {
  const check = { name: 'store:reach', componentType: 'datastore', observedValue: reach.kind } as const;
  switch (reach.kind) {
    // The adapter's state says why.
    case 'unknown':
      return [];
    case 'reachable':
      return [{ ...check, status: 'pass' }];
    case 'unreachable':
      return [{ ...check, status: 'fail', reason: lossOf(reach.error, reach.since) }];
  }
}

function checkDestination(component: string, what: string, report: DestinationReport): HealthCheck {
  const { consecutiveFailures, limit } = report;
  const check = {
    name: `${component}:consecutiveFailures`,
    componentType: 'component',
    observedValue: consecutiveFailures,
    observedUnit: `failures of ${limit}`,
  } as const;
  if (report.status === 'inactive')
    return { ...check, status: 'warn', reason: inactivityOf(what, report, limit) };
  // A single failure is tried again before anybody could look.
  if (thresholdOf(consecutiveFailures, limit) === 0) return { ...check, status: 'pass' };
  return { ...check, status: 'warn', reason: failuresOf(what, consecutiveFailures, limit) };
}

function checkPlatform(platform: PlatformReport, at: number): readonly HealthCheck[] {
  const { consecutiveFailures, limit, lastCallAt, silentSince } = platform;
  const failures = {
    name: 'platform:consecutiveFailures',
    componentType: 'component',
    observedValue: consecutiveFailures,
    observedUnit: `failures of ${limit}`,
  } as const;
  const isWell = consecutiveFailures === 0;
  const silence = { name: 'platform:sinceLastCall', componentType: 'component', observedUnit: 's' } as const;
  const since = silentSince ?? lastCallAt;
  const seconds = since === undefined ? {} : { observedValue: secondsBetween(since, at) };
  return [
    isWell
      ? { ...failures, status: 'pass' }
      : { ...failures, status: 'warn', reason: platformFailuresOf(consecutiveFailures) },
    silentSince === undefined
      ? { ...silence, ...seconds, status: 'pass' }
      : { ...silence, ...seconds, status: 'warn', reason: silenceOf(silentSince) },
  ];
}

function checkStats(stats: StoreStats, facts: HealthFacts, warnAfterWaitingMs: number): HealthCheck[] {
  const { maxBacklog, at } = facts;
  const { waitingEvents, waitingMessages, deadLetters, quarantined } = stats;
  return [
    checkBacklog('inbox:waiting', 'waitingEvents', waitingEvents, maxBacklog),
    checkAge('inbox:oldest', 'event', stats.oldestWaitingEventAt, at, warnAfterWaitingMs),
    checkBacklog('outbox:waiting', 'waitingMessages', waitingMessages, maxBacklog),
    checkAge('outbox:oldest', 'message', stats.oldestWaitingMessageAt, at, warnAfterWaitingMs),
    checkCount('deadLetters:count', 'deadLetters', deadLetters),
    checkCount('quarantine:count', 'quarantined', quarantined),
  ];
}

function checkBacklog(
  name: string,
  subject: BacklogEvent['subject'],
  waiting: number,
  limit: number,
): HealthCheck {
  const check = {
    name,
    componentType: 'datastore',
    observedValue: waiting,
    observedUnit: `of ${limit}`,
  } as const;
  if (thresholdOf(waiting, limit) === 0) return { ...check, status: 'pass' };
  return { ...check, status: 'warn', reason: backlogOf(subject, waiting, limit) };
}

function checkAge(
  name: string,
  what: 'event' | 'message',
  since: number | undefined,
  at: number,
  warnAfterMs: number,
): HealthCheck {
  const check = { name, componentType: 'datastore', observedUnit: 's' } as const;
  if (since === undefined) return { ...check, observedValue: 0, status: 'pass' };
  const aged = { ...check, observedValue: secondsBetween(since, at) };
  if (at - since < warnAfterMs) return { ...aged, status: 'pass' };
  return { ...aged, status: 'warn', reason: waitOf(what, since) };
}

function checkCount(name: string, what: 'deadLetters' | 'quarantined', count: number): HealthCheck {
  const check = { name, componentType: 'datastore', observedValue: count } as const;
  if (count === 0) return { ...check, status: 'pass' };
  return { ...check, status: 'warn', reason: countOf(what, count) };
}

/** Never less than none: clocks of replicas differ. */
function secondsBetween(since: number, at: number): number {
  return Math.max(Math.round((at - since) / 1000), 0);
}
