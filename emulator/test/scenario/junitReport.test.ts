import assert from 'node:assert/strict';
import { junitReport } from '../../src/scenario/junitReport';
import type { ScenarioResult } from '../../src/scenario/scenarioResult';

const PASSED: ScenarioResult = {
  name: 'Greeting & <more>',
  file: 'greeting.yml',
  passed: true,
  seed: 7,
  tookMs: 1500,
  steps: [{ title: 'Ann says "hi"', line: 3, status: 'passed', tookMs: 1500, problem: undefined }],
  violations: [],
  notes: ['The bot was not restarted.'],
};

describe('The JUnit report', () => {
  it('has a test case for each scenario, with what was played', () => {
    const report = junitReport([PASSED]);
    assert.match(
      report,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="[^"]+" tests="1" failures="0" errors="0" time="1\.500">/,
    );
    assert.match(
      report,
      /<testcase name="Greeting &amp; &lt;more>" classname="greeting\.yml" time="1\.500">/,
    );
    assert.match(report, /seed 7\npassed: Ann says "hi"\nThe bot was not restarted\.<\/system-out>/);
    assert.doesNotMatch(report, /<failure/);
  });

  const NASTY = [
    '<&>"\'',
    ']]>',
    '<![CDATA[<!--<?xml?>&amp;',
    '\u0000\u0008\u000b\u001f\ufffe\uffff',
    '\ud800',
    'a\udc00b',
    'a\nb\r\n\tc',
    '\u{1F600}',
  ];
  for (const text of NASTY) {
    it(`is XML, though everybody says ${JSON.stringify(text)}`, () => {
      const steps = [{ title: text, line: 1, status: 'failed', tookMs: 1, problem: text }] as const;
      const violation = {
        id: '1',
        rule: 'doubled',
        at: 0,
        conversationId: text,
        message: text,
        evidence: [],
      } as const;
      const report = junitReport([
        {
          name: text,
          file: text,
          passed: false,
          seed: 1,
          tookMs: 1,
          steps,
          violations: [violation],
          notes: [text],
        },
      ]);
      // What XML allows (https://www.w3.org/TR/xml/#charsets), and no markup but the report's own.
      assert.match(report, /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u);
      const withoutTags = report.replace(/<\?xml [^<]*\?>|<\/?[\w-]+( [\w-]+="[^"<]*")*\/?>/g, '');
      assert.doesNotMatch(withoutTags, /<|\]\]>/);
      assert.doesNotMatch(report, /&(?!(amp|lt|gt|quot|apos|#\d+|#x[\dA-Fa-f]+);)/);
      assert.match(report, /violation: doubled: /);
    });
  }

  it('says where and why one failed, whatever the bot has said', () => {
    const steps = [
      { title: 'Ann reads', line: 4, status: 'failed', tookMs: 1, problem: 'read "\u0000\u001b[1m]]>"' },
    ] as const;
    const report = junitReport([PASSED, { ...PASSED, passed: false, steps }]);
    assert.match(report, /tests="2" failures="1"/);
    assert.match(
      report,
      /<failure message="read &quot;\uFFFD\uFFFD\[1m\]\]>&quot;" type="StepFailure">greeting\.yml:4: Ann reads\n/,
    );
  });
});
