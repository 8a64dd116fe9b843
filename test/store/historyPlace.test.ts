import assert from 'node:assert/strict';
import fc from 'fast-check';
import { comparePlaces, readPlaceId, toPlaceId } from '../../src/store/historyPlace';

const place = fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 5 });

describe('A place in a history', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(place, (numbers) => {
        assert.deepEqual(readPlaceId(toPlaceId(numbers), numbers.length), numbers);
      }),
    );
  });

  for (const text of ['', '.', '1.', '1..2', '1.5e3', '0x1', '1 2', '-', 'NaN', '9007199254740993', '1,2']) {
    it(`is not '${text}'`, () => {
      assert.throws(() => readPlaceId(text), TypeError);
    });
  }

  it('has as many numbers as it has to have', () => {
    assert.throws(() => readPlaceId('1.2', 3), TypeError);
    assert.throws(() => readPlaceId('1.2', 1), TypeError);
    assert.deepEqual(readPlaceId('1.-2'), [1, -2]);
  });

  it('comes before another by the first number in which they differ', () => {
    const places = [
      [-1, 9, 9],
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ];
    assert.deepEqual([...places].reverse().sort(comparePlaces), places);
    assert.equal(comparePlaces([1, 2], [1, 2]), 0);
  });
});
