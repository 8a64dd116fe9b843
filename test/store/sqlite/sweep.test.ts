import assert from 'node:assert/strict';
import type { SqliteDriver } from '../../../src/store/sqlite/driver/sqliteDriver';
import { Sweep } from '../../../src/store/sqlite/sweep';
import { HOUR } from '../../support/storeSamples';
import { SpiedDriver } from './support/spiedDriver';

/** The latest time until which anything is kept. */
const HORIZON = 100 * HOUR;

describe('Sweep', () => {
  let spied: SpiedDriver;
  let driver: SqliteDriver;
  let sweep: Sweep;
  beforeEach(() => {
    spied = new SpiedDriver();
    driver = spied.open(':memory:');
    driver.exec('CREATE TABLE inbox (seq INTEGER PRIMARY KEY, keep_until INTEGER)');
    sweep = new Sweep(driver, 'inbox');
  });
  afterEach(() => driver.close());

  const rows = () =>
    spied.driver
      .prepare('SELECT seq FROM inbox ORDER BY seq')
      .all()
      .map(({ seq }) => seq);
  const keep = (seq: number, until: number | null) =>
    spied.driver.prepare('INSERT OR REPLACE INTO inbox (seq, keep_until) VALUES (?, ?)').run(seq, until);

  it('looks at nothing before the next row has to go, and lets it go at once then', () => {
    keep(1, 10 * HOUR);
    const looks = [0, 1, 2, 3].map((now) => {
      const before = spied.ran.length;
      sweep.step(now, HORIZON);
      return spied.ran.length - before;
    });
    // The first lap begins with the first step, and looks anew.
    assert.deepEqual(looks, [1, 1, 0, 0]);
    for (let lookedTwice = 0; lookedTwice < 2; lookedTwice++) sweep.step(10 * HOUR - 1, HORIZON);
    assert.deepEqual(rows(), [1]);
    sweep.step(10 * HOUR, HORIZON);
    assert.deepEqual(rows(), []);
  });

  it('goes on when the clock was far ahead for a moment', () => {
    const [ahead, kept] = [10_000 * HOUR, 100 * HOUR];
    keep(1, ahead + kept);
    for (let looked = 0; looked < 3; looked++) sweep.step(ahead, ahead + kept);
    keep(2, HOUR);
    sweep.step(2 * HOUR, 2 * HOUR + kept);
    assert.deepEqual(rows(), [1]);
    keep(1, HOUR);
    for (let looked = 0; looked < 3; looked++) sweep.step(3 * HOUR, 3 * HOUR + kept);
    assert.deepEqual(rows(), [], 'the row that was passed by');
  });

  it('comes back for the rows it passed by while it waits at another', () => {
    keep(1, null);
    keep(2, HOUR);
    keep(3, 50 * HOUR);
    sweep.step(0, HORIZON);
    sweep.step(2 * HOUR, HORIZON);
    assert.deepEqual(rows(), [1, 3]);
    keep(1, HOUR);
    sweep.step(2 * HOUR, HORIZON);
    sweep.step(4 * HOUR, HORIZON);
    sweep.step(4 * HOUR, HORIZON);
    assert.deepEqual(rows(), [3]);
  });
});
