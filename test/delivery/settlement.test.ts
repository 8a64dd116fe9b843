import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SendOutcome } from '../../src/delivery/sendOutcome';
import { decide, type SendCircumstances, type SendDecision } from '../../src/delivery/settlement';
import { ManualClock } from '../../src/testing/manualClock';
import {
  accepted,
  anyOutcome,
  failed,
  refusedByWebhook,
  refusedMessage,
  timedOut,
} from '../support/sendOutcomes';
import { HOUR, SECOND, T0 } from '../support/storeSamples';

const policy = { retryDelaysMs: [5 * SECOND, 60 * SECOND], jitter: 0, maxRetryAfterMs: HOUR };
const clock = new ManualClock(T0);
const first: SendCircumstances = { attempt: 1, isProbe: false };
const last: SendCircumstances = { attempt: 3, isProbe: false };
const probe: SendCircumstances = { attempt: 1, isProbe: true };
const lastProbe: SendCircumstances = { attempt: 3, isProbe: true };

const delivered: SendDecision = { kind: 'delivered', at: T0, platformMessageId: undefined };

describe('decide', () => {
  const rows: [title: string, SendOutcome, SendCircumstances, SendDecision][] = [
    ['delivers what is accepted', accepted, first, delivered],
    ['delivers what is accepted with the last attempt', accepted, last, delivered],
    ['delivers a probe that is accepted', accepted, probe, delivered],
    [
      'keeps the platform’s id',
      { kind: 'accepted', platformMessageId: 'p' },
      first,
      { kind: 'delivered', at: T0, platformMessageId: 'p' },
    ],
    [
      'retries a failure',
      failed,
      first,
      { kind: 'retry', at: T0, notBefore: T0 + 5000, error: 'the webhook answered 500', isAmbiguous: false },
    ],
    [
      'retries a second failure later',
      failed,
      { attempt: 2, isProbe: false },
      {
        kind: 'retry',
        at: T0,
        notBefore: T0 + 60_000,
        error: 'the webhook answered 500',
        isAmbiguous: false,
      },
    ],
    [
      'notes that the outcome is unknown',
      timedOut,
      first,
      { kind: 'retry', at: T0, notBefore: T0 + 5000, error: 'no answer within 5000 ms', isAmbiguous: true },
    ],
    [
      'honours Retry-After',
      { ...failed, retryAfterMs: 90_000 },
      first,
      {
        kind: 'retry',
        at: T0,
        notBefore: T0 + 90_000,
        error: 'the webhook answered 500',
        isAmbiguous: false,
      },
    ],
    [
      'gives up after the last attempt',
      timedOut,
      last,
      { kind: 'dead', reason: 'gave up after 3 attempts: no answer within 5000 ms', isAmbiguous: true },
    ],
    [
      'gives up at once what is refused',
      refusedMessage,
      first,
      { kind: 'dead', reason: 'the webhook answered 400', isAmbiguous: false },
    ],
    [
      'gives up at once what the webhook refuses',
      refusedByWebhook,
      first,
      { kind: 'dead', reason: 'the webhook answered 401', isAmbiguous: false },
    ],
    [
      'holds back a probe that fails',
      timedOut,
      probe,
      { kind: 'held', at: T0, error: 'no answer within 5000 ms', isAmbiguous: true },
    ],
    [
      'holds back a probe that fails with its last attempt',
      failed,
      lastProbe,
      { kind: 'held', at: T0, error: 'the webhook answered 500', isAmbiguous: false },
    ],
    [
      'holds back a probe that the webhook refuses',
      refusedByWebhook,
      probe,
      { kind: 'held', at: T0, error: 'the webhook answered 401', isAmbiguous: false },
    ],
    [
      'gives up a probe whose message is refused',
      refusedMessage,
      probe,
      { kind: 'dead', reason: 'the webhook answered 400', isAmbiguous: false },
    ],
  ];
  for (const [title, outcome, circumstances, decision] of rows) {
    it(title, () => assert.deepEqual(decide(outcome, circumstances, policy, clock), decision));
  }

  it('keeps a reason whole that can be read in a list', () => {
    const wordy = { ...failed, reason: 'x'.repeat(300) };
    const decision = decide(wordy, first, policy, clock);
    assert.equal(decision.kind === 'retry' && decision.error, wordy.reason);
  });

  it('keeps no more of a reason than can be read in a list', () => {
    const chatty = { ...failed, reason: 'x'.repeat(10_000) };
    for (const circumstances of [first, last, probe]) {
      const decision = decide(chatty, circumstances, policy, clock);
      const reason = decision.kind === 'dead' ? decision.reason : 'error' in decision ? decision.error : '';
      assert.ok(reason.length > 300 && reason.length < 350, `${reason.length} characters`);
    }
  });

  it('uses no attempt up while the webhook is inactive, and never retries more than the schedule', () => {
    const circumstances = fc.record({ attempt: fc.integer({ min: 1, max: 9 }), isProbe: fc.boolean() });
    fc.assert(
      fc.property(anyOutcome, circumstances, (outcome, { attempt, isProbe }) => {
        const { kind } = decide(outcome, { attempt, isProbe }, policy, clock);
        if (outcome === accepted) assert.equal(kind, 'delivered');
        if (isProbe) assert.notEqual(kind, 'retry');
        if (kind === 'retry') assert.ok(attempt <= policy.retryDelaysMs.length);
        if (kind === 'held') assert.ok(isProbe);
      }),
    );
  });
});
