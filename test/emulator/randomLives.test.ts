import fc from 'fast-check';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { liveThrough } from './support/liveThrough';
import { randomLives } from './support/randomLife';

const LIVES = 25;

describe('A bot on the adapter', function () {
  this.timeout(300_000);
  const file = temporaryFiles();

  it(`leads a life without fault, whatever is done to it: ${LIVES} random ones`, () =>
    fc.assert(
      fc.asyncProperty(randomLives, (life) => liveThrough(life, file())),
      { numRuns: LIVES },
    ));
});
