import assert from 'node:assert/strict';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { mustPass } from './support/mustPass';
import { outcomeOf } from './support/outcome';
import { type Played, playScenario, SCENARIOS } from './support/playScenario';

const SEED = 11;

/** What customers write that never reaches the bot whole. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  'poison-event.yml': ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'],
  'inactive-and-back.yml': ['Is anybody there?'],
};

/** Compares what the adapter has collated with what the customers have seen. */
function mustHaveCollated({ world, transcripts }: Played, lost: readonly string[]): void {
  for (const { name, chat } of world.customers) {
    const heard = chat.filter(({ author, text }) => author !== 'customer' || !lost.includes(text));
    const lines = heard.map(({ author, text, postback }) => `${author}: ${postback ?? text}`);
    const withoutMedia = transcripts[name]?.map((line) => line.replace(/ \[image: [^\]]*\]$/, ''));
    assert.deepEqual(withoutMedia, lines, `the transcript of ${name}`);
  }
}

describe('The contact-centre bot passes, twice with the same outcome and with a whole transcript,', () => {
  const file = temporaryFiles();

  for (const scenario of SCENARIOS) {
    it(`the scenario ${scenario}`, async () => {
      const first = await playScenario(scenario, file(), SEED);
      mustPass(first.result);
      mustHaveCollated(first, LOST[scenario] ?? []);
      const second = await playScenario(scenario, file(), SEED);
      assert.deepEqual(outcomeOf(second), outcomeOf(first));
    });
  }

  it('all that were found: a dozen and more', () => {
    assert.ok(SCENARIOS.length >= 14, `there are ${SCENARIOS.length}`);
  });
});
