import fc from 'fast-check';
import type { DestinationReport, HealthFacts } from '../../src/operations/health/adapterHealth';

export const MINUTE = 60_000;
export const NOW = Date.UTC(2026, 2, 9, 14, 0, 0);

/** Facts of an adapter with which all is well. */
export function wellFacts(changes: Partial<HealthFacts> = {}): HealthFacts {
  return {
    at: NOW,
    state: { kind: 'running' },
    webhook: { status: 'active', consecutiveFailures: 0, limit: 5 },
    bridges: {},
    platform: {
      consecutiveFailures: 0,
      limit: 5,
      failingSince: undefined,
      lastCallAt: NOW - 3000,
      silentSince: undefined,
    },
    reach: { kind: 'reachable', at: NOW },
    store: {
      waitingEvents: 0,
      waitingMessages: 0,
      deadLetters: 0,
      quarantined: 0,
      oldestWaitingEventAt: undefined,
      oldestWaitingMessageAt: undefined,
    },
    maxBacklog: 1000,
    ...changes,
  };
}

/** A destination that is inactive. */
export const INACTIVE: DestinationReport = {
  status: 'inactive',
  consecutiveFailures: 7,
  limit: 5,
  since: NOW - 10 * MINUTE,
  probeAt: NOW + MINUTE,
  reason: 'the webhook answered 503',
};

const time = fc.integer({ min: NOW - 1e9, max: NOW + 1e6 });
const count = fc.nat(2000);
const error = fc.constantFrom('TypeError', 'StoreUnavailableError WEBEX_CONNECT_STORE_UNAVAILABLE');

const destination: fc.Arbitrary<DestinationReport> = fc.oneof(
  fc.record({
    status: fc.constant('active' as const),
    consecutiveFailures: fc.nat(4),
    limit: fc.constant(5),
  }),
  fc.record({
    status: fc.constant('inactive' as const),
    consecutiveFailures: fc.integer({ min: 5, max: 500 }),
    limit: fc.constant(5),
    since: time,
    // A custom store may say anything.
    probeAt: fc.oneof(time, fc.constantFrom(Number.NaN, Number.MAX_SAFE_INTEGER, -1)),
    reason: fc.constantFrom('the webhook answered 503', 'no answer within 5000 ms'),
  }),
);

/** Facts of any adapter. */
export const anyFacts: fc.Arbitrary<HealthFacts> = fc.record({
  at: fc.constant(NOW),
  state: fc.oneof(
    fc.constantFrom<HealthFacts['state']>(
      { kind: 'running' },
      { kind: 'starting' },
      { kind: 'stopping' },
      { kind: 'stopped' },
    ),
    fc.record({ kind: fc.constant('notStarted' as const), lastError: fc.option(error, { nil: undefined }) }),
  ),
  webhook: destination,
  bridges: fc.dictionary(fc.string({ minLength: 1 }), destination, { maxKeys: 3 }),
  platform: fc.record({
    consecutiveFailures: fc.nat(8),
    limit: fc.constant(5),
    failingSince: fc.option(time, { nil: undefined }),
    lastCallAt: fc.option(time, { nil: undefined }),
    silentSince: fc.option(time, { nil: undefined }),
  }),
  reach: fc.oneof(
    fc.constant<HealthFacts['reach']>({ kind: 'unknown' }),
    fc.record({ kind: fc.constant('reachable' as const), at: time }),
    fc.record({
      kind: fc.constant('unreachable' as const),
      since: time,
      error,
      lastReachedAt: fc.option(time, { nil: undefined }),
    }),
  ),
  store: fc.option(
    fc.record({
      waitingEvents: count,
      waitingMessages: count,
      deadLetters: count,
      quarantined: count,
      oldestWaitingEventAt: fc.option(time, { nil: undefined }),
      oldestWaitingMessageAt: fc.option(time, { nil: undefined }),
    }),
    { nil: undefined },
  ),
  maxBacklog: fc.integer({ min: 1, max: 1000 }),
});
