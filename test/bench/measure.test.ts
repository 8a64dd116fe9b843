import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LatencyRecorder } from '../../bench/measure/latency';
import { spreadOf } from '../../bench/measure/median';
import { slopeOf } from '../../bench/measure/slope';

describe('What the benchmark reckons with', () => {
  it('finds the middle of measurements, and their ends', () => {
    assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, min: 1, max: 3 });
    assert.deepEqual(spreadOf([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
    assert.deepEqual(spreadOf([7]), { median: 7, min: 7, max: 7 });
    assert.throws(() => spreadOf([]), RangeError);
  });

  it('finds the slope of any straight line', () => {
    const whole = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(whole, whole, fc.uniqueArray(whole, { minLength: 2 }), (slope, offset, xs) => {
        const found = slopeOf(xs.map((x) => ({ x, y: slope * x + offset })));
        assert.ok(Math.abs(found - slope) < 1e-6, `${found} is not ${slope}`);
      }),
    );
  });

  it('does not take a few points that lie far off for a slope', () => {
    const points = Array.from({ length: 30 }, (_, x) => ({ x, y: x > 26 ? 1000 : 2 * x }));
    assert.equal(slopeOf(points), 2);
  });

  it('calls what does not move flat', () => {
    assert.equal(slopeOf([{ x: 1, y: 5 }]), 0);
    assert.equal(slopeOf([1, 2, 3].map((x) => ({ x, y: 5 }))), 0);
  });

  it('tells of how many answers took how long', () => {
    const recorder = new LatencyRecorder();
    for (let milliseconds = 1; milliseconds <= 1000; milliseconds++) recorder.add(milliseconds);
    const { p50, p99, p999, max } = recorder.latency;
    const near = (value: number, expected: number) => Math.abs(value - expected) <= expected / 500;
    assert.ok(near(p50, 500), `p50 ${p50}`);
    assert.ok(near(p99, 990), `p99 ${p99}`);
    assert.ok(near(p999, 999), `p99.9 ${p999}`);
    assert.ok(near(max, 1000), `max ${max}`);
  });

  it('takes an answer from before its question, by the clocks of two processes, for one at once', () => {
    const recorder = new LatencyRecorder();
    recorder.add(-0.2);
    assert.equal(recorder.latency.max, 0);
  });
});
