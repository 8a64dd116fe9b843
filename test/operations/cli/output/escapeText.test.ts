import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeJson, escapeText } from '../../../../src/operations/cli/output/escapeText';

/** Whatever a terminal might obey or hide. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\u001b', '[', '31m', '\u009b', '\u202e', '\ud800', '\n', '\u2028', 'a'),
  }),
);

describe('escapeText', () => {
  const TEXTS: readonly [string, string][] = [
    ['Where is my order?', 'Where is my order?'],
    ['Größe 漢字 🙂', 'Größe 漢字 🙂'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['\u009b31m', '\\u009b31m'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\u0000\u0007\u007f', '\\u0000\\u0007\\u007f'],
    ['abc\u202egnp.exe', 'abc\\u202egnp.exe'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['\u2028\u2029\ufeff\u00ad', '\\u2028\\u2029\\ufeff\\u00ad'],
  ];
  for (const [text, expected] of TEXTS) {
    it(`shows ${expected}`, () => {
      assert.equal(escapeText(text), expected);
    });
  }

  it('leaves nothing that a terminal obeys, whatever the text', () => {
    fc.assert(fc.property(anyText, (text) => !UNSAFE.test(escapeText(text))));
  });
});

describe('escapeJson', () => {
  it('leaves nothing that a terminal obeys but line breaks, and means the same', () => {
    const value = fc.oneof(anyText, fc.array(anyText), fc.dictionary(anyText, anyText));
    fc.assert(
      fc.property(value, (original) => {
        const json = escapeJson(JSON.stringify(original, undefined, 2));
        assert.doesNotMatch(json.replaceAll('\n', ''), UNSAFE);
        assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(original)));
      }),
    );
  });
});
