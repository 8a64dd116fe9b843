import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeJson, decodeText, encodeJson, encodeText } from '../../../src/store/postgres/textCodec';

/** Any sequence of UTF-16 code units, the unpaired surrogates among them, and often those with a meaning here. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\0', '\u0001', '\ud800', '\udc00', '😀', '0', 'a', '\\', '"'),
    fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
  ),
});

describe('What is stored in PostgreSQL', () => {
  it('comes back as it was, whatever it holds', () => {
    fc.assert(fc.property(anyText, (text) => decodeText(encodeText(text)) === text));
  });

  it('comes back as it was through JSON', () => {
    fc.assert(
      fc.property(anyText, (text) => assert.deepEqual(decodeJson(encodeJson([{ text }])), [{ text }])),
    );
  });

  it('is text that PostgreSQL takes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const encoded = encodeText(text);
        return encoded.isWellFormed() && !encoded.includes('\0');
      }),
    );
  });

  it('keeps different texts apart', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => one === other || encodeText(one) !== encodeText(other)),
    );
  });
});
