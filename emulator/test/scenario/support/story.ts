import assert from 'node:assert/strict';
import type { ScenarioHooks } from '../../../src/scenario/hooks';
import { runScenario } from '../../../src/scenario/runScenario';
import { planScenario } from '../../../src/scenario/scenario';
import type { ScenarioResult } from '../../../src/scenario/scenarioResult';
import { FakeEmulator } from '../../support/fakeEmulator';

/** Scenarios of a few steps, run on an emulator that only writes down what it is asked. */
export class Story {
  readonly emulator = new FakeEmulator();

  readonly run = (
    steps: object[],
    settings: object = {},
    hooks: ScenarioHooks = {},
  ): Promise<ScenarioResult> => {
    const scenario = planScenario({ name: 'Story', settings: { patience: 0, ...settings }, steps });
    return runScenario(this.emulator, scenario, hooks);
  };

  readonly passes = async (
    steps: object[],
    settings?: object,
    hooks?: ScenarioHooks,
  ): Promise<ScenarioResult> => {
    const result = await this.run(steps, settings, hooks);
    assert.ok(result.passed, problemOf(result));
    return result;
  };

  readonly fails = async (
    expected: RegExp,
    steps: object[],
    settings?: object,
    hooks?: ScenarioHooks,
  ): Promise<ScenarioResult> => {
    const result = await this.run(steps, settings, hooks);
    assert.equal(result.passed, false, 'it passed');
    assert.match(problemOf(result), expected);
    return result;
  };
}

/** What went wrong in the step that failed. */
export function problemOf({ steps }: ScenarioResult): string {
  return steps.find(({ status }) => status === 'failed')?.problem ?? '';
}
