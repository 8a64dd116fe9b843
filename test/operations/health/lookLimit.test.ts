import assert from 'node:assert/strict';
import { LookLimit } from '../../../src/operations/health/lookLimit';
import { ManualClock } from '../../../src/testing';

const HOUR = 3_600_000;

function takenOf(limit: LookLimit, tries: number): number {
  return Array.from({ length: tries }, () => limit.take()).filter(Boolean).length;
}

describe('LookLimit', () => {
  it('lets ten through at once, then ten a second', async () => {
    const clock = new ManualClock();
    const limit = new LookLimit(clock);
    assert.equal(takenOf(limit, 1000), 10);
    await clock.advance(99);
    assert.equal(takenOf(limit, 1000), 0);
    await clock.advance(1);
    assert.equal(takenOf(limit, 1000), 1);
    await clock.advance(500);
    assert.equal(takenOf(limit, 1000), 5);
  });

  it('lets everything through that comes once a second, and saves up no more than ten', async () => {
    const clock = new ManualClock();
    const limit = new LookLimit(clock);
    for (let second = 0; second < 30; second++) {
      assert.equal(limit.take(), true);
      await clock.advance(1000);
    }
    await clock.advance(HOUR);
    assert.equal(takenOf(limit, 1000), 10);
  });

  it('does not stop for an hour when the clock is set back by one', () => {
    const clock = new ManualClock();
    const limit = new LookLimit(clock);
    takenOf(limit, 1000);
    clock.jumpTo(clock.now() - HOUR);
    assert.equal(limit.take(), true);
  });
});
