import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alertAfter, CALM, thresholdOf } from '../../../src/operations/health/alertLevels';

/** What is told while a value goes through `values`: percentages, and `ok` for a recovery. */
function told(values: readonly number[], limit: number, calmAt = 0): string[] {
  let state = CALM;
  return values.map((value, now) => {
    const next = alertAfter(state, { value, limit, calmAt }, now);
    state = next.state;
    const { telling } = next;
    return telling.kind === 'alert' ? `${telling.percent}` : telling.kind === 'recovered' ? 'ok' : '';
  });
}

/** The same, by the words of the design. */
function expectedOf(values: readonly number[], limit: number): string[] {
  let highest = 0;
  return values.map((value) => {
    const before = highest;
    if (value === 0) highest = 0;
    else highest = Math.max(before, thresholdOf(value, limit));
    if (highest > before) return `${highest}`;
    return highest < before ? 'ok' : '';
  });
}

describe('thresholdOf', () => {
  const rows: [value: number, limit: number, threshold: number][] = [
    [0, 5, 0],
    [2, 5, 0],
    [3, 5, 50],
    [4, 5, 70],
    [5, 5, 100],
    [6, 5, 100],
    [0, 1, 0],
    [1, 1, 100],
    [1, 2, 50],
    [2, 3, 50],
    [49_999, 100_000, 0],
    [50_000, 100_000, 50],
    [70_000, 100_000, 70],
    [89_999, 100_000, 70],
    [90_000, 100_000, 90],
    [7, 10, 70],
    [9, 10, 90],
  ];
  for (const [value, limit, threshold] of rows) {
    it(`of ${value} of ${limit} is ${threshold}`, () => assert.equal(thresholdOf(value, limit), threshold));
  }
});

describe('alertAfter', () => {
  const rows: [title: string, values: number[], limit: number, calmAt: number, told: string[]][] = [
    [
      'tells of 3, 4 and 5 of 5, the highest threshold each time',
      [1, 2, 3, 4, 5],
      5,
      0,
      ['', '', '50', '70', '100'],
    ],
    ['tells of each threshold of ten', [4, 5, 6, 7, 8, 9, 10], 10, 0, ['', '50', '', '70', '', '90', '100']],
    ['tells of a limit of one at once', [1, 0], 1, 0, ['100', 'ok']],
    ['passes several thresholds at once and tells of the highest', [0, 5, 0], 5, 0, ['', '100', 'ok']],
    ['does not repeat itself, however many more failures come', [5, 6, 7, 60], 5, 0, ['100', '', '', '']],
    ['tells of no recovery from what it did not tell of', [1, 2, 0, 2, 0], 5, 0, ['', '', '', '', '']],
    ['tells once of a recovery', [3, 0, 0, 0], 5, 0, ['50', 'ok', '', '']],
    ['begins anew after a recovery', [3, 0, 3, 4, 0], 5, 0, ['50', 'ok', '50', '70', 'ok']],
    [
      'tells nothing of a backlog that sways around a threshold',
      [50, 49, 51, 69, 50, 41],
      100,
      40,
      ['50', '', '', '', '', ''],
    ],
    [
      'tells nothing of a threshold again on a way back up',
      [90, 60, 91, 100, 39],
      100,
      40,
      ['90', '', '', '100', 'ok'],
    ],
  ];
  for (const [title, values, limit, calmAt, expected] of rows) {
    it(title, () => assert.deepEqual(told(values, limit, calmAt), expected));
  }

  it('tells since when: since the first reading that is not calm, or since it is known to be', () => {
    let state = CALM;
    for (const [value, now] of [
      [0, 10],
      [1, 20],
      [2, 30],
    ] as const) {
      state = alertAfter(state, { value, limit: 5, calmAt: 0 }, now).state;
    }
    assert.deepEqual(alertAfter(state, { value: 3, limit: 5, calmAt: 0 }, 40).telling, {
      kind: 'alert',
      percent: 50,
      since: 20,
    });
    assert.deepEqual(alertAfter(state, { value: 3, limit: 5, calmAt: 0, since: 5 }, 40).telling, {
      kind: 'alert',
      percent: 50,
      since: 5,
    });
  });

  it('gives a recovery the time of the trouble that it ends', () => {
    const { state } = alertAfter(CALM, { value: 5, limit: 5, calmAt: 0, since: 7 }, 40);
    assert.deepEqual(alertAfter(state, { value: 0, limit: 5, calmAt: 0 }, 50).telling, {
      kind: 'recovered',
      since: 7,
    });
  });

  it('never tells of a threshold twice between two recoveries, and always of a rise to a new one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(25), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (values, limit) =>
        assert.deepEqual(told(values, limit), expectedOf(values, limit)),
      ),
    );
  });
});
