import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  changeOfAnswer,
  PLATFORM_SHAPE,
  type PlatformChange,
  type PlatformRun,
} from '../../../src/operations/health/platformRun';
import { HEALTHY } from '../../../src/store/deliveryStore';

const { apply, merge, read, write } = PLATFORM_SHAPE;

const run: fc.Arbitrary<PlatformRun> = fc.option(
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(1000), fc.nat(1000))
    .map(([failures, since, more]) => ({ failures, since, lastAt: since + more })),
  { nil: undefined },
);
const change: fc.Arbitrary<PlatformChange> = fc.record({
  forgets: fc.constantFrom('nothing' as const, 'everything' as const),
  failed: run,
});
const firstChange: fc.Arbitrary<PlatformChange> = fc.record({
  forgets: fc.oneof(
    fc.constantFrom('nothing' as const, 'everything' as const),
    fc.record({ olderThan: fc.nat(2000) }),
  ),
  failed: run,
});

describe('a run of failures, as Webex Connect sees them', () => {
  it('grows with each failure, and ends with a success', () => {
    const answers: [isSuccess: boolean, expected: PlatformRun][] = [
      [true, undefined],
      [false, { failures: 1, since: 1, lastAt: 1 }],
      [false, { failures: 2, since: 1, lastAt: 2 }],
      [true, undefined],
      [false, { failures: 1, since: 4, lastAt: 4 }],
    ];
    let now: PlatformRun;
    answers.forEach(([isSuccess, expected], at) => {
      now = apply(now, changeOfAnswer(isSuccess, at));
      assert.deepEqual(now, expected);
    });
  });

  it('of another replica is forgotten when a success came after its last failure, and only then', () => {
    const theirs = { failures: 3, since: 10, lastAt: 30 };
    assert.equal(apply(theirs, { forgets: { olderThan: 31 }, failed: undefined }), undefined);
    assert.equal(apply(theirs, { forgets: { olderThan: 30 }, failed: undefined }), theirs);
  });

  it('may wait for the store as one change: that comes to the same', () => {
    fc.assert(
      fc.property(run, firstChange, fc.array(change), (start, first, more) => {
        const oneByOne = [first, ...more].reduce(apply, start);
        assert.deepEqual(apply(start, more.reduce(merge, first)), oneByOne);
      }),
    );
  });

  it('is read as it was written', () => {
    fc.assert(fc.property(run, (one) => assert.deepEqual(read(write(one)), one)));
    assert.deepEqual(write(undefined), HEALTHY);
  });
});
