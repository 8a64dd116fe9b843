import fc from 'fast-check';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { liveThrough } from './support/liveThrough';
import { type RandomLife, randomLives } from './support/randomLife';

const LIVES = 25;

/** Drawn once, and gone wrong: written before the handover, and stamped with the hundredth of a second it was taken in. */
const WRITTEN_AT_THE_HANDOVER: RandomLife = {
  seed: 0,
  dialect: 'documented',
  steps: [
    { kind: 'says', who: 'Ada', text: 'an agent, please' },
    { kind: 'says', who: 'Ada', text: 'ok' },
  ],
  troubles: [
    { direction: 'toBot', effect: { kind: 'reorder' }, probability: 0.2 },
    { direction: 'toBot', effect: { kind: 'status', status: 400 }, probability: 1 },
  ],
};

describe('A bot on the adapter', function () {
  this.timeout(300_000);
  const file = temporaryFiles();

  it(`leads a life without fault, whatever is done to it: ${LIVES} random ones`, () =>
    fc.assert(
      fc.asyncProperty(randomLives, (life) => liveThrough(life, file())),
      { numRuns: LIVES, examples: [[WRITTEN_AT_THE_HANDOVER]] },
    ));
});
