import assert from 'node:assert/strict';
import { BacklogGauge } from '../../../src/store/postgres/backlogGauge';

describe('BacklogGauge', () => {
  it('counts the first event, and then not each', () => {
    const gauge = new BacklogGauge();
    assert.equal(gauge.mustCount(1000), true);
    gauge.counted(0);
    assert.equal(gauge.mustCount(1000), false);
  });

  it('does not count twice at once', () => {
    const gauge = new BacklogGauge();
    assert.deepEqual([gauge.mustCount(1000), gauge.mustCount(1000)], [true, false]);
  });

  it('counts each event when the limit is close, by what it knows of', () => {
    const gauge = new BacklogGauge();
    gauge.mustCount(10);
    gauge.counted(6);
    assert.deepEqual([gauge.mustCount(10), gauge.mustCount(10)], [false, false]);
    assert.deepEqual([gauge.mustCount(10), gauge.mustCount(10)], [true, true]);
  });

  it('counts again after a count that failed', () => {
    const gauge = new BacklogGauge();
    gauge.mustCount(1000);
    gauge.counted(undefined);
    assert.equal(gauge.mustCount(1000), true);
  });
});
