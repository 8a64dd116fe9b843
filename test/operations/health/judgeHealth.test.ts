import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HealthFacts, HealthStatus } from '../../../src/operations/health/adapterHealth';
import { judgeHealth } from '../../../src/operations/health/judgeHealth';
import { anyFacts, INACTIVE, MINUTE, NOW, wellFacts } from '../../support/healthSamples';
import { present } from '../../support/present';

const WARN_AFTER = 15 * MINUTE;
const judge = (changes: Partial<HealthFacts>) => judgeHealth(wellFacts(changes), WARN_AFTER);
const store = (changes: Partial<NonNullable<HealthFacts['store']>>) => ({
  store: { ...present(wellFacts().store), ...changes },
});
const platform = (changes: Partial<HealthFacts['platform']>) => ({
  platform: { ...wellFacts().platform, ...changes },
});

describe('judgeHealth', () => {
  const rows: [title: string, facts: Partial<HealthFacts>, status: HealthStatus, reasons: string[]][] = [
    ['passes when all is well', {}, 'pass', []],

    [
      'fails before the start',
      { state: { kind: 'notStarted', lastError: undefined } },
      'fail',
      ['the adapter is not started: call adapter.start(logic)'],
    ],
    [
      'fails after a start that failed, and says with what',
      { state: { kind: 'notStarted', lastError: 'StoreInUseError WEBEX_CONNECT_STORE_IN_USE' } },
      'fail',
      ['the adapter could not be started: StoreInUseError WEBEX_CONNECT_STORE_IN_USE'],
    ],
    ['fails during the start', { state: { kind: 'starting' } }, 'fail', ['the adapter is starting']],
    ['fails while it stops', { state: { kind: 'stopping' } }, 'fail', ['the adapter is stopping']],
    ['fails after the stop', { state: { kind: 'stopped' } }, 'fail', ['the adapter was stopped']],

    [
      'fails when the store does not answer, and says since when and with what',
      {
        reach: {
          kind: 'unreachable',
          since: NOW - MINUTE,
          error: 'Error ECONNREFUSED',
          lastReachedAt: undefined,
        },
        store: undefined,
      },
      'fail',
      ['the store does not answer: Error ECONNREFUSED (since 2026-03-09T13:59:00.000Z)'],
    ],

    [
      'passes with one failed attempt of five',
      { webhook: { status: 'active', consecutiveFailures: 1, limit: 5 } },
      'pass',
      [],
    ],
    ['passes with two', { webhook: { status: 'active', consecutiveFailures: 2, limit: 5 } }, 'pass', []],
    [
      'warns of three',
      { webhook: { status: 'active', consecutiveFailures: 3, limit: 5 } },
      'warn',
      ['3 of 5 consecutive failures until the webhook turns inactive'],
    ],
    [
      'warns of a webhook that is inactive: another process would fare no better',
      { webhook: INACTIVE },
      'warn',
      [
        'the webhook is inactive: the webhook answered 503 (7 consecutive failures, the limit is 5; ' +
          'since 2026-03-09T13:50:00.000Z; next probe at 2026-03-09T14:01:00.000Z)',
      ],
    ],
    [
      'warns of each bridge by its name',
      { bridges: { well: { status: 'active', consecutiveFailures: 0, limit: 5 }, centre: INACTIVE } },
      'warn',
      [
        "the bridge 'centre' is inactive: the webhook answered 503 (7 consecutive failures, the limit is 5; " +
          'since 2026-03-09T13:50:00.000Z; next probe at 2026-03-09T14:01:00.000Z)',
      ],
    ],

    ...[1, 2, 3, 4].map((failures): [string, Partial<HealthFacts>, HealthStatus, string[]] => [
      `warns of ${failures} answers in a row that Webex Connect counts as failures`,
      platform({ consecutiveFailures: failures }),
      'warn',
      [`${failures} of 5 consecutive failures until Webex Connect makes this webhook inactive`],
    ]),
    ...[5, 6, 100].map((failures): [string, Partial<HealthFacts>, HealthStatus, string[]] => [
      `says what to do after ${failures} of them, and lets the verification through`,
      platform({ consecutiveFailures: failures }),
      'warn',
      ['Webex Connect has probably made this webhook inactive: edit the integration and verify again'],
    ]),
    [
      'warns of silence',
      platform({ silentSince: NOW - 60 * MINUTE }),
      'warn',
      [
        'no call since 2026-03-09T13:00:00.000Z, though traffic is expected: ' +
          'Webex Connect has probably made this webhook inactive: edit the integration and verify again',
      ],
    ],

    ['passes with a little backlog', store({ waitingEvents: 499, waitingMessages: 499 }), 'pass', []],
    [
      'warns of half a backlog of events',
      store({ waitingEvents: 500 }),
      'warn',
      ['500 events wait for their turn: 50 % of inbound.maxBacklog (1000)'],
    ],
    [
      'warns of a full one, and says what that means',
      store({ waitingEvents: 1000 }),
      'warn',
      ['1000 events wait for their turn: 100 % of inbound.maxBacklog (1000); new ones are answered 503'],
    ],
    [
      'warns of many messages',
      store({ waitingMessages: 1700 }),
      'warn',
      ['1700 messages wait to be delivered: 170 % of inbound.maxBacklog (1000)'],
    ],
    [
      'passes with an event that waits a while',
      store({ waitingEvents: 1, oldestWaitingEventAt: NOW - WARN_AFTER + 1 }),
      'pass',
      [],
    ],
    [
      'warns of an event that waits too long',
      store({ waitingEvents: 1, oldestWaitingEventAt: NOW - WARN_AFTER }),
      'warn',
      ['the oldest event has waited for its turn since 2026-03-09T13:45:00.000Z'],
    ],
    [
      'warns of a message that waits too long',
      store({ waitingMessages: 1, oldestWaitingMessageAt: NOW - WARN_AFTER }),
      'warn',
      ['the oldest message has waited to be delivered since 2026-03-09T13:45:00.000Z'],
    ],
    ['warns of a dead letter', store({ deadLetters: 1 }), 'warn', ['1 dead letter']],
    ['warns of dead letters', store({ deadLetters: 12 }), 'warn', ['12 dead letters']],
    ['warns of the quarantine', store({ quarantined: 1 }), 'warn', ['1 item in quarantine']],
    ['warns of a fuller quarantine', store({ quarantined: 3 }), 'warn', ['3 items in quarantine']],

    [
      'names what fails before what only warns',
      { ...store({ deadLetters: 1 }), webhook: INACTIVE, state: { kind: 'stopping' } },
      'fail',
      [
        'the adapter is stopping',
        'the webhook is inactive: the webhook answered 503 (7 consecutive failures, the limit is 5; ' +
          'since 2026-03-09T13:50:00.000Z; next probe at 2026-03-09T14:01:00.000Z)',
        '1 dead letter',
      ],
    ],
  ];
  for (const [title, facts, status, reasons] of rows) {
    it(title, () => {
      const health = judge(facts);
      assert.deepEqual({ status: health.status, reasons: health.reasons }, { status, reasons });
    });
  }

  it('shows every number, well or not', () => {
    const health = judge({
      ...store({ waitingEvents: 3, waitingMessages: 2, oldestWaitingEventAt: NOW - 4000, deadLetters: 1 }),
      bridges: { centre: { status: 'active', consecutiveFailures: 1, limit: 5 } },
    });
    const shown = health.checks.map(({ name, componentId = '', observedValue, observedUnit = '', status }) =>
      [name, componentId, observedValue, observedUnit, status].join(' | '),
    );
    assert.deepEqual(shown, [
      'adapter:state |  | running |  | pass',
      'store:reach |  | reachable |  | pass',
      'webhook:consecutiveFailures |  | 0 | failures of 5 | pass',
      'bridge:consecutiveFailures | centre | 1 | failures of 5 | pass',
      'platform:consecutiveFailures |  | 0 | failures of 5 | pass',
      'platform:sinceLastCall |  | 3 | s | pass',
      'inbox:waiting |  | 3 | of 1000 | pass',
      'inbox:oldest |  | 4 | s | pass',
      'outbox:waiting |  | 2 | of 1000 | pass',
      'outbox:oldest |  | 0 | s | pass',
      'deadLetters:count |  | 1 |  | warn',
      'quarantine:count |  | 0 |  | pass',
    ]);
  });

  it('is as bad as its worst check, and gives one reason for each that is not well', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { status, reasons, checks } = judgeHealth(facts, WARN_AFTER);
        const worst = (['fail', 'warn', 'pass'] as const).find((one) =>
          checks.some((check) => check.status === one),
        );
        assert.equal(status, worst);
        const ill = checks.filter((check) => check.status !== 'pass');
        assert.equal(reasons.length, ill.length);
        assert.ok(ill.every(({ reason }) => reason !== undefined && reasons.includes(reason)));
        assert.ok(checks.every((check) => check.status !== 'pass' || check.reason === undefined));
        assert.ok(reasons.every((reason) => reason.length > 0));
      }),
    );
  });

  it('fails exactly when the adapter does not run or its store does not answer', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { status } = judgeHealth(facts, WARN_AFTER);
        assert.equal(status === 'fail', facts.state.kind !== 'running' || facts.reach.kind === 'unreachable');
      }),
    );
  });

  it('keeps the facts as they are', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const {
          status: _status,
          reasons: _reasons,
          checks: _checks,
          ...kept
        } = judgeHealth(facts, WARN_AFTER);
        assert.deepEqual(kept, { ...facts });
      }),
    );
  });

  it('shows no negative age, for the clocks of replicas differ', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const { observedValue, observedUnit } of judgeHealth(facts, WARN_AFTER).checks) {
          if (observedUnit === 's') assert.ok(observedValue === undefined || Number(observedValue) >= 0);
        }
      }),
    );
  });
});
