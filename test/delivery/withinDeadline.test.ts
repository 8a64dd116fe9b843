import assert from 'node:assert/strict';
import { withinDeadline } from '../../src/delivery/withinDeadline';
import { ManualClock } from '../../src/testing/manualClock';

describe('withinDeadline', () => {
  it('has the result of what is done in time, and leaves no timer', async () => {
    const clock = new ManualClock();
    assert.deepEqual(await withinDeadline(clock, 1000, Promise.resolve(7)), { kind: 'done', result: 7 });
    assert.equal(clock.nextTimerIn, undefined);
  });

  it('has the error of what fails in time, and leaves no timer', async () => {
    const clock = new ManualClock();
    const error = new Error('made up');
    assert.deepEqual(await withinDeadline(clock, 1000, Promise.reject(error)), { kind: 'failed', error });
    assert.equal(clock.nextTimerIn, undefined);
  });

  it('knows when it is too late, and not before', async () => {
    const clock = new ManualClock();
    let came: unknown;
    void withinDeadline(clock, 1000, new Promise(() => {})).then((outcome) => {
      came = outcome;
    });
    await clock.advance(999);
    assert.equal(came, undefined);
    await clock.advance(1);
    assert.deepEqual(came, { kind: 'late' });
  });
});
