import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BodyBuffer } from '../../../src/adapter/http/bodyBuffer';

describe('BodyBuffer', () => {
  it('joins pieces of any sizes within its limit, and refuses the first that is over it', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 9000 }).map(Buffer.from), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, fc.nat({ max: 50_000 }), (parts, limit) => {
        const body = new BodyBuffer(limit);
        const taken: Buffer[] = [];
        for (const part of parts) {
          const isWithin = Buffer.concat([...taken, part]).length <= limit;
          assert.equal(body.add(part), isWithin);
          if (!isWithin) return;
          taken.push(part);
        }
        assert.deepEqual(body.toBuffer(), Buffer.concat(taken));
      }),
    );
  });

  it('does not keep the pieces, which may each hold far more memory than bytes', () => {
    const body = new BodyBuffer(10);
    const piece = Buffer.from('abc');
    body.add(piece);
    piece.fill('x');
    assert.equal(body.toBuffer().toString(), 'abc');
  });

  it('takes no more memory than the limit says', () => {
    const body = new BodyBuffer(10_000);
    for (let bytes = 0; bytes < 10_000; bytes++) body.add(Buffer.from('x'));
    assert.equal(body.toBuffer().buffer.byteLength, 10_000);
  });
});
