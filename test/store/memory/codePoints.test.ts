import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareCodePoints } from '../../../src/store/memory/codePoints';

describe('compareCodePoints', () => {
  it('orders texts as their bytes are ordered', () => {
    const text = fc.string({ unit: 'binary' });
    const property = fc.property(text, text, (one, other) => {
      const bytes = Buffer.compare(Buffer.from(one), Buffer.from(other));
      assert.equal(Math.sign(compareCodePoints(one, other)), bytes);
    });
    fc.assert(property, { examples: [['\uffee', '😀'] as [string, string], ['😀', '😀a'], ['a', '']] });
  });
});
