import assert from 'node:assert/strict';
import { ManualClock } from '../../src/testing';

describe('ManualClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new ManualClock(1000);
    let isFired = false;
    clock.setTimer(5, () => {
      isFired = true;
    });
    await clock.advance(4);
    assert.deepEqual([clock.now(), isFired, clock.nextTimerIn], [1004, false, 1]);
    await clock.advance(1);
    assert.deepEqual([clock.now(), isFired, clock.nextTimerIn], [1005, true, undefined]);
  });

  it('fires in order of time, then of setting, each at its own time, and those set on the way', async () => {
    const clock = new ManualClock(0);
    const fired: string[] = [];
    const note = (name: string) => () => void fired.push(`${name}@${clock.now()}`);
    clock.setTimer(20, note('late'));
    clock.setTimer(10, () => {
      note('first')();
      clock.setTimer(5, note('set on the way'));
    });
    clock.setTimer(10, note('second'));
    clock.setTimer(10, note('cancelled')).cancel();
    await clock.advance(30);
    assert.deepEqual(fired, ['first@10', 'second@10', 'set on the way@15', 'late@20']);
    assert.equal(clock.now(), 30);
  });

  it('goes to the next timer, and nowhere without one', async () => {
    const clock = new ManualClock(0);
    await clock.advanceToNextTimer();
    assert.equal(clock.now(), 0);
    clock.setTimer(7, () => {});
    await clock.advanceToNextTimer();
    assert.equal(clock.now(), 7);
  });

  it('jumps like a corrected system clock, firing nothing', async () => {
    const clock = new ManualClock(0);
    let isFired = false;
    clock.setTimer(10, () => {
      isFired = true;
    });
    clock.jumpTo(100);
    assert.equal(isFired, false);
    await clock.advance(0);
    assert.deepEqual([isFired, clock.now()], [true, 100]);
  });

  it('gives no surprise as randomness', () => {
    assert.equal(new ManualClock().random(), 0.5);
  });
});
