import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { healthDocumentOf } from '../../src/operations/health/healthDocument';
import type { HealthSubject } from '../../src/operations/health/healthEvents';
import { judgeHealth } from '../../src/operations/health/judgeHealth';
import { wellFacts } from '../support/healthSamples';
import { present } from '../support/present';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'health.md'), 'utf8');
const since = Date.UTC(2026, 2, 9, 14, 0, 0);
const at = since + 42_000;

/** What the page's example tells of. */
const health = judgeHealth(
  wellFacts({
    at,
    webhook: {
      status: 'inactive',
      consecutiveFailures: 5,
      limit: 5,
      since,
      probeAt: since + 60_000,
      reason: 'the webhook answered 503',
    },
    bridges: { 'contact-centre': { status: 'active', consecutiveFailures: 0, limit: 5 } },
    platform: { ...wellFacts().platform, lastCallAt: since },
    store: {
      ...present(wellFacts().store),
      waitingMessages: 5,
      oldestWaitingMessageAt: since,
      deadLetters: 1,
    },
    maxBacklog: 100_000,
  }),
  15 * 60_000,
);

describe('docs/health.md', () => {
  it('shows an answer as it is', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    const document = healthDocumentOf(health, { version: '1', releaseId: '1.4.2' });
    assert.deepEqual(JSON.parse(example), JSON.parse(JSON.stringify(document)));
  });

  it('tells of each check what to do', () => {
    for (const { name } of health.checks) assert.match(page, new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  });

  it('tells of each alert what to do', () => {
    const subjects: Record<Exclude<HealthSubject, `bridge:${string}`> | 'bridge:<name>', true> = {
      webhook: true,
      'bridge:<name>': true,
      platform: true,
      traffic: true,
      store: true,
      waitingEvents: true,
      waitingMessages: true,
    };
    for (const subject of Object.keys(subjects))
      assert.match(page, new RegExp(`^\\| \`${subject}\` \\|`, 'm'));
  });
});
