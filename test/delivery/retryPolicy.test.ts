import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRetryAfter, type RetryPolicy, retryDelay } from '../../src/delivery/retryPolicy';
import { HOUR, MINUTE, SECOND, T0 } from '../support/storeSamples';

const policy: RetryPolicy = {
  retryDelaysMs: [5 * SECOND, MINUTE, 10 * MINUTE, 45 * MINUTE],
  jitter: 0.1,
  maxRetryAfterMs: HOUR,
};
const atRandom = (value: number) => ({ random: () => value });
const inTheMiddle = atRandom(0.5);

describe('retryDelay', () => {
  const schedule: [attempt: number, delay: number | undefined][] = [
    [1, 5 * SECOND],
    [2, MINUTE],
    [3, 10 * MINUTE],
    [4, 45 * MINUTE],
    [5, undefined],
    [6, undefined],
  ];
  for (const [attempt, delay] of schedule) {
    it(`${delay === undefined ? 'gives up' : `waits ${delay} ms`} after attempt ${attempt}`, () => {
      assert.equal(retryDelay(attempt, undefined, policy, inTheMiddle), delay);
    });
  }

  it('retries nothing without a schedule', () => {
    assert.equal(retryDelay(1, 1000, { ...policy, retryDelaysMs: [] }, inTheMiddle), undefined);
  });

  it('varies either way by the jitter', () => {
    assert.equal(retryDelay(2, undefined, policy, atRandom(0)), 54_000);
    assert.equal(retryDelay(2, undefined, policy, atRandom(0.999_999)), 66_000);
  });

  it('waits longer when it is asked to', () => {
    assert.equal(retryDelay(1, 20 * SECOND, policy, inTheMiddle), 20 * SECOND);
  });

  it('never waits less than the schedule says', () => {
    assert.equal(retryDelay(2, SECOND, policy, inTheMiddle), MINUTE);
  });

  it('waits no longer than the longest Retry-After, however much is asked', () => {
    assert.equal(retryDelay(1, 30 * HOUR, policy, inTheMiddle), HOUR);
  });

  it('is a whole number of milliseconds within the jitter, or what was asked', () => {
    const numbers = fc.record({
      attempt: fc.integer({ min: 1, max: 4 }),
      random: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      asked: fc.option(fc.nat(10 * HOUR), { nil: undefined }),
    });
    fc.assert(
      fc.property(numbers, ({ attempt, random, asked }) => {
        const delay = retryDelay(attempt, asked, policy, atRandom(random)) ?? Number.NaN;
        const scheduled = policy.retryDelaysMs[attempt - 1] ?? Number.NaN;
        const floor = Math.min(asked ?? 0, HOUR);
        assert.ok(Number.isInteger(delay));
        assert.ok(delay >= Math.floor(Math.max(scheduled * 0.9, floor)));
        assert.ok(delay <= Math.ceil(Math.max(scheduled * 1.1, floor)));
      }),
    );
  });
});

describe('parseRetryAfter', () => {
  const cases: [header: string | undefined, milliseconds: number | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['   ', undefined],
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Mon, 09 Mar 2026 14:02:00 GMT', 2 * MINUTE],
    ['Mon, 09 Mar 2026 13:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['2026', 2_026_000],
    ['later', undefined],
  ];
  for (const [header, milliseconds] of cases) {
    it(`reads ${JSON.stringify(header)} as ${milliseconds}`, () => {
      assert.equal(parseRetryAfter(header, T0), milliseconds);
    });
  }

  it('reads any header as nothing or as a time that is not over', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const milliseconds = parseRetryAfter(header, T0);
        assert.ok(milliseconds === undefined || milliseconds >= 0);
      }),
    );
  });

  it('reads back any date that a server can send', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
        const header = new Date(T0 + seconds * 1000).toUTCString();
        assert.equal(parseRetryAfter(header, T0), seconds * 1000);
      }),
    );
  });
});
