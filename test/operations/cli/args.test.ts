import assert from 'node:assert/strict';
import { Args, UsageError } from '../../../src/operations/cli/args';

const NOW = Date.UTC(2026, 2, 9, 14);
const MINUTE = 60_000;

function timeOf(text: string): number | undefined {
  return new Args({ since: text }, []).time('since', NOW);
}

describe('A time on the command line', () => {
  const TIMES: readonly [string, number][] = [
    ['90s', NOW - 90_000],
    ['15m', NOW - 15 * MINUTE],
    ['2h', NOW - 120 * MINUTE],
    ['3d', NOW - 3 * 24 * 60 * MINUTE],
    ['0s', NOW],
    ['2026-03-09', Date.UTC(2026, 2, 9)],
    ['2026-03-09T13:30Z', NOW - 30 * MINUTE],
    ['2026-03-09T13:30:00.250Z', NOW - 30 * MINUTE + 250],
    ['2026-03-09T15:00+01:00', NOW],
  ];
  for (const [text, expected] of TIMES) {
    it(`may be ${text}`, () => {
      assert.equal(timeOf(text), expected);
    });
  }

  for (const text of ['5', '5 m', '-5m', '5w', 'now', '09.03.2026', '2026-13-45', '1']) {
    it(`may not be ${text}`, () => {
      assert.throws(() => timeOf(text), UsageError);
    });
  }

  it('may be left out', () => {
    assert.equal(new Args({}, []).time('since', NOW), undefined);
  });
});

describe('A number on the command line', () => {
  const numberOf = (text: string) => new Args({ limit: text }, []).integer('limit', 1, 100);

  it('may be any whole number within its limits', () => {
    assert.deepEqual(['1', '42', '100', '007'].map(numberOf), [1, 42, 100, 7]);
  });

  for (const text of ['0', '101', '1.5', '1e1', '0x10', ' 1', '-1', 'one', '9'.repeat(400)]) {
    it(`may not be ${text.slice(0, 10)}`, () => {
      assert.throws(() => numberOf(text), UsageError);
    });
  }
});
