import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { healthDocumentOf } from '../../../src/operations/health/healthDocument';
import { judgeHealth } from '../../../src/operations/health/judgeHealth';
import { anyFacts, INACTIVE, MINUTE, wellFacts } from '../../support/healthSamples';

const status = z.enum(['pass', 'warn', 'fail']);

/** What draft-inadarei-api-health-check-06 says of a document, sections 3 and 4. */
const DRAFT = z.strictObject({
  status,
  version: z.string().optional(),
  releaseId: z.string().optional(),
  notes: z.array(z.string()).optional(),
  output: z.string().optional(),
  checks: z
    .record(
      z.string().regex(/^[^:]+:[^:]+$/),
      z
        .array(
          z.strictObject({
            componentId: z.string().optional(),
            componentType: z.enum(['component', 'datastore', 'system']),
            observedValue: z.union([z.number(), z.string()]).optional(),
            observedUnit: z.string().optional(),
            status,
            time: z.iso.datetime(),
            output: z.string().optional(),
          }),
        )
        .min(1),
    )
    .optional(),
  serviceId: z.string().optional(),
  description: z.string().optional(),
});

describe('healthDocumentOf', () => {
  it('has the form of the draft, whatever the health', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const health = judgeHealth(facts, 15 * MINUTE);
        const document = DRAFT.parse(JSON.parse(JSON.stringify(healthDocumentOf(health, {}))));
        assert.equal(document.status, health.status);
        // "This field SHOULD be omitted for "pass" state."
        assert.equal(document.output === undefined, health.status === 'pass');
        const checks = Object.values(document.checks ?? {}).flat();
        assert.equal(checks.length, health.checks.length);
        assert.ok(checks.every((check) => (check.output === undefined) === (check.status === 'pass')));
      }),
    );
  });

  it('says who it is of, if it is told', () => {
    const health = judgeHealth(wellFacts(), MINUTE);
    const { version, releaseId, serviceId, description } = healthDocumentOf(health, {
      version: '1',
      releaseId: '1.2.3',
      serviceId: 'bot-a',
      description: 'the service desk',
    });
    assert.deepEqual(
      [version, releaseId, serviceId, description],
      ['1', '1.2.3', 'bot-a', 'the service desk'],
    );
  });

  it('lists several bridges under one name, each with its id, time and reason', () => {
    const facts = wellFacts({
      bridges: { a: { status: 'active', consecutiveFailures: 1, limit: 5 }, b: INACTIVE },
    });
    const { checks, notes, output } = healthDocumentOf(judgeHealth(facts, 15 * MINUTE), {});
    const [reason] = notes ?? [];
    assert.deepEqual(checks?.['bridge:consecutiveFailures'], [
      {
        componentId: 'a',
        componentType: 'component',
        observedValue: 1,
        observedUnit: 'failures of 5',
        status: 'pass',
        time: '2026-03-09T14:00:00.000Z',
      },
      {
        componentId: 'b',
        componentType: 'component',
        observedValue: 7,
        observedUnit: 'failures of 5',
        status: 'warn',
        time: '2026-03-09T14:00:00.000Z',
        output: reason,
      },
    ]);
    assert.match(reason ?? '', /^the bridge 'b' is inactive/);
    assert.equal(output, reason);
  });

  it('joins the reasons in its output', () => {
    const facts = wellFacts({
      state: { kind: 'stopping' },
      platform: { ...wellFacts().platform, consecutiveFailures: 5 },
    });
    const { notes, output } = healthDocumentOf(judgeHealth(facts, MINUTE), {});
    assert.equal(notes?.length, 2);
    assert.equal(
      output,
      'the adapter is stopping; Webex Connect has probably made this webhook inactive: ' +
        'edit the integration and verify again',
    );
  });
});
