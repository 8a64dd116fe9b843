import assert from 'node:assert/strict';
import { durationText, isoTime, timeText } from '../../../../src/operations/cli/output/times';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

describe('Times', () => {
  it('for people are in UTC, to the second', () => {
    assert.equal(timeText(Date.UTC(2026, 2, 9, 14, 5, 8, 999)), '2026-03-09 14:05:08Z');
  });

  it('for scripts are ISO 8601 in UTC', () => {
    assert.equal(isoTime(Date.UTC(2026, 2, 9, 14, 5, 8, 31)), '2026-03-09T14:05:08.031Z');
    assert.equal(isoTime(undefined), null);
  });

  it('that no calendar knows are shown as they are', () => {
    assert.equal(isoTime(9e15), '9000000000000000');
  });

  const DURATIONS: readonly [number, string][] = [
    [-5, '0 ms'],
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1000, '1 s'],
    [119_999, '119 s'],
    [120_000, '2 min'],
    [2 * HOUR - 1, '119 min'],
    [2 * HOUR, '2 h'],
    [48 * HOUR, '2 d'],
  ];
  for (const [milliseconds, expected] of DURATIONS) {
    it(`of ${milliseconds} ms take ${expected}`, () => {
      assert.equal(durationText(milliseconds), expected);
    });
  }
});
