import assert from 'node:assert/strict';
import fc from 'fast-check';
import { liveThrough } from '../emulator/support/liveThrough';
import { mustPass } from '../emulator/support/mustPass';
import { outcomeOf } from '../emulator/support/outcome';
import { playScenario, SCENARIOS } from '../emulator/support/playScenario';
import { randomLives } from '../emulator/support/randomLife';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';

/** How often each scenario is played. */
const RUNS = Number(process.env.FAULT_RUNS ?? 20);
/** Lives that are drawn, for each run. */
const LIVES_PER_RUN = 20;
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

describe(`The contact-centre bot on the emulator, over ${RUNS} runs (seed ${SEED}),`, () => {
  const file = temporaryFiles();

  for (const scenario of SCENARIOS) {
    it(`passes with the same outcome each time: ${scenario}`, async () => {
      const first = await playScenario(scenario, file(), SEED);
      mustPass(first.result);
      for (let run = 2; run <= RUNS; run++) {
        const again = await playScenario(scenario, file(), SEED);
        assert.deepEqual(outcomeOf(again), outcomeOf(first), `run ${run}`);
      }
    });
  }

  it(`leads ${RUNS * LIVES_PER_RUN} random lives without fault`, () =>
    fc.assert(
      fc.asyncProperty(randomLives, (life) => liveThrough(life, file())),
      { numRuns: RUNS * LIVES_PER_RUN, seed: SEED },
    ));
});
