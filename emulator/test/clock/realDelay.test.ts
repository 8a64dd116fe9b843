import assert from 'node:assert/strict';
import { realDelay, timerDelay } from '../../src/clock/realDelay';

describe('A delay of real time', () => {
  const delays: [milliseconds: number, set: number][] = [
    [-1, 0],
    [5, 5],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 2 ** 31 - 1],
    [Number.POSITIVE_INFINITY, 2 ** 31 - 1],
  ];
  for (const [milliseconds, set] of delays) {
    it(`of ${milliseconds} ms is one that a timer can be set to`, () => {
      assert.equal(timerDelay(milliseconds), set);
    });
  }

  it('is ended by its signal, without an error', async () => {
    const signal = new AbortController();
    const delay = realDelay(2 ** 40, signal.signal);
    signal.abort();
    await delay;
    await realDelay(2 ** 40, signal.signal);
    await realDelay(0, undefined);
  });
});
