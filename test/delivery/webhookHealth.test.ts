import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SendOutcome } from '../../src/delivery/sendOutcome';
import { type HealthPolicy, healthAfter } from '../../src/delivery/webhookHealth';
import { type DestinationHealth, HEALTHY } from '../../src/store/deliveryStore';
import {
  accepted,
  anyOutcome,
  failed,
  refusedByWebhook,
  refusedMessage,
  timedOut,
} from '../support/sendOutcomes';
import { MINUTE, T0 } from '../support/storeSamples';

const policy: HealthPolicy = { failuresUntilInactive: 5, probeAfterMs: MINUTE };

function healthOf(outcomes: readonly SendOutcome[], start: DestinationHealth = HEALTHY): DestinationHealth {
  return outcomes.reduce((health, outcome, index) => healthAfter(health, outcome, T0 + index, policy), start);
}

describe('healthAfter', () => {
  it('counts failures in a row', () => {
    assert.deepEqual(healthOf([failed, timedOut, refusedByWebhook]), {
      status: 'active',
      consecutiveFailures: 3,
    });
  });

  it('stays active after four failures', () => {
    assert.deepEqual(healthOf([failed, failed, failed, failed]), {
      status: 'active',
      consecutiveFailures: 4,
    });
  });

  it('turns inactive with the fifth', () => {
    assert.deepEqual(healthOf([failed, failed, failed, failed, timedOut]), {
      status: 'inactive',
      consecutiveFailures: 5,
      since: T0 + 4,
      probeAt: T0 + 4 + MINUTE,
      reason: 'no answer within 5000 ms',
    });
  });

  it('puts the next probe off when a probe fails, and remembers since when', () => {
    const inactive = healthOf([failed, failed, failed, failed, failed]);
    assert.deepEqual(healthAfter(inactive, refusedByWebhook, T0 + MINUTE, policy), {
      status: 'inactive',
      consecutiveFailures: 6,
      since: T0 + 4,
      probeAt: T0 + 2 * MINUTE,
      reason: 'the webhook answered 401',
    });
  });

  for (const outcome of [accepted, refusedMessage]) {
    it(`is good again after '${outcome.kind}', whatever was before`, () => {
      assert.deepEqual(healthOf([failed, failed, outcome]), HEALTHY);
      assert.deepEqual(healthOf([failed, failed, failed, failed, failed, outcome]), HEALTHY);
    });
  }

  it('is inactive exactly when five or more failures were the last outcomes', () => {
    fc.assert(
      fc.property(fc.array(anyOutcome, { maxLength: 20 }), (outcomes) => {
        const signsOfLife: SendOutcome[] = [accepted, refusedMessage];
        const lastGood = outcomes.map((outcome) => signsOfLife.includes(outcome)).lastIndexOf(true);
        const failures = outcomes.length - 1 - lastGood;
        const health = healthOf(outcomes);
        assert.equal(health.consecutiveFailures, failures);
        assert.equal(health.status, failures >= 5 ? 'inactive' : 'active');
      }),
    );
  });
});
