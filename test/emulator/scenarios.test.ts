import assert from 'node:assert/strict';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { mustPass } from './support/mustPass';
import { outcomeOf } from './support/outcome';
import { playScenario, SCENARIOS } from './support/playScenario';

const SEED = 11;

describe('The contact-centre bot passes, and twice with the same outcome,', () => {
  const file = temporaryFiles();

  for (const scenario of SCENARIOS) {
    it(`the scenario ${scenario}`, async () => {
      const first = await playScenario(scenario, file(), SEED);
      mustPass(first.result);
      const second = await playScenario(scenario, file(), SEED);
      assert.deepEqual(outcomeOf(second), outcomeOf(first));
    });
  }

  it('all that were found: a dozen and more', () => {
    assert.ok(SCENARIOS.length >= 14, `there are ${SCENARIOS.length}`);
  });
});
