import { create } from 'xmlbuilder';
import type { ScenarioResult, StepResult } from './scenarioResult';

const TOOL = 'webex-connect-emulator';

/** The results as JUnit's XML, one test case a scenario: what CI systems show. */
export function junitReport(results: readonly ScenarioResult[]): string {
  const failures = results.filter(({ passed }) => !passed).length;
  const totals = { name: TOOL, tests: results.length, failures, errors: 0, time: seconds(sum(results)) };
  // Texts of bots and customers hold what XML cannot.
  const root = create('testsuites', { encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' });
  root.att(totals);
  const suite = root.ele('testsuite', totals);
  for (const result of results) {
    const testCase = suite.ele('testcase', {
      name: result.name,
      classname: result.file ?? TOOL,
      time: seconds(result.tookMs),
    });
    const failed = result.steps.find(({ status }) => status === 'failed');
    if (failed !== undefined) {
      const message = failed.problem ?? 'failed';
      testCase.ele('failure', { message, type: 'StepFailure' }, `${placeOf(result, failed)}\n${message}`);
    }
    testCase.ele('system-out', {}, outputOf(result));
  }
  return root.end({ pretty: true });
}

function placeOf({ file }: ScenarioResult, { line, title }: StepResult): string {
  return [file, line, ` ${title}`].filter((part) => part !== undefined).join(':');
}

function outputOf({ seed, steps, violations, notes }: ScenarioResult): string {
  return [
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...steps.map(({ status, title }) => `${status}: ${title}`),
    ...violations.map(({ rule, message }) => `violation: ${rule}: ${message}`),
    ...notes,
  ].join('\n');
}

function sum(results: readonly ScenarioResult[]): number {
  return results.reduce((total, { tookMs }) => total + tookMs, 0);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
