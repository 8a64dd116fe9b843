import assert from 'node:assert/strict';
import { type AuditVerdict, judgeAudit } from '../../scripts/auditVerdict';

/** As npm 7 and later print it. */
function report(...severities: string[]): string {
  const vulnerabilities = Object.fromEntries(
    severities.map((severity, n) => [`p${n}`, { name: `p${n}`, severity, via: [], range: '*', nodes: [] }]),
  );
  return JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: {} });
}

const CASES: readonly [what: string, printed: string, verdict: AuditVerdict][] = [
  ['no finding', report(), { kind: 'passed', names: [] }],
  ['a moderate one', report('low', 'moderate'), { kind: 'passed', names: ['p0 (low)', 'p1 (moderate)'] }],
  ['a high one', report('low', 'high'), { kind: 'failed', names: ['p1 (high)'] }],
  ['a critical one', report('critical'), { kind: 'failed', names: ['p0 (critical)'] }],
  [
    'a registry without audits',
    JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405 }),
    { kind: 'unanswered', why: '405 Method Not Allowed' },
  ],
  ['nothing, as without npm', '', { kind: 'unanswered', why: 'npm printed no report' }],
  ['something else', '[]', { kind: 'unanswered', why: 'npm printed no report' }],
];

describe('npm run audit', () => {
  for (const [what, printed, verdict] of CASES) {
    it(`takes ${what} for ${verdict.kind}`, () => assert.deepEqual(judgeAudit(printed), verdict));
  }
});
