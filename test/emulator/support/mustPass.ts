import assert from 'node:assert/strict';
import type { ScenarioResult } from '../../../emulator/src';

/** Asserts that a scenario passed as it is written, under the eyes of a judge who saw nothing. */
export function mustPass({ name, steps, violations, notes }: ScenarioResult): void {
  assert.ok(steps.length > 2, `${name} has no steps`);
  for (const { title, line, status, problem } of steps) {
    assert.equal(status, 'passed', `${name}, line ${line}: ${title}: ${problem}`);
  }
  assert.deepEqual(violations, [], name);
  assert.deepEqual(notes, [], name);
}
