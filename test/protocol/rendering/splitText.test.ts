import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitText } from '../../../src/protocol/rendering';

const family = '👩‍👩‍👧‍👦';

describe('splitText', () => {
  const cases: [string, string, number, string[]][] = [
    ['keeps a text that fits', 'Hello there', 11, ['Hello there']],
    ['keeps the whitespace of a text that fits', ' Hello \n', 8, [' Hello \n']],
    ['gives nothing for no text', '', 5, []],
    ['gives nothing for a blank text, short or long', ' \n\t ', 2, []],
    ['drops the whitespace around a text that does not fit', '   Hello   ', 5, ['Hello']],
    ['breaks at whitespace', 'one two three', 8, ['one two', 'three']],
    ['breaks at whitespace just behind the limit', 'one two three', 7, ['one two', 'three']],
    ['drops all whitespace at the break', 'one   \t  two', 5, ['one', 'two']],
    ['prefers the end of a sentence to whitespace', 'Yes. No way out', 11, ['Yes.', 'No way out']],
    ['knows a quoted sentence', 'She said "no." Then he', 19, ['She said "no."', 'Then he']],
    [
      'prefers the end of a line to that of a sentence',
      'One\nTwo. Three. Four',
      18,
      ['One', 'Two. Three. Four'],
    ],
    ['prefers the end of a paragraph to that of a line', 'a\n\nb\nc. d e', 9, ['a', 'b\nc. d e']],
    ['knows a paragraph with Windows line ends', 'a\r\n\r\nb\r\nc d', 9, ['a', 'b\r\nc d']],
    ['takes the last of several', 'One. Two. Three. Four', 18, ['One. Two. Three.', 'Four']],
    ['takes a paragraph end that begins at the limit', 'aa\n\nbb\n\ncc', 6, ['aa\n\nbb', 'cc']],
    ['keeps the rest whole that just fits', 'aaaa b. c', 4, ['aaaa', 'b. c']],
    ['takes no number for the end of a sentence', 'v1.2 is out now', 11, ['v1.2 is out', 'now']],
    ['breaks after a Japanese sentence', '今日は。元気ですか', 6, ['今日は。', '元気ですか']],
    ['keeps closing marks with a Japanese sentence', '「はい！？」と言う', 7, ['「はい！？」', 'と言う']],
    ['cuts a word that is too long', 'abcdefgh', 3, ['abc', 'def', 'gh']],
    ['cuts no surrogate pair', '😀😀😀', 3, ['😀', '😀', '😀']],
    ['lets a pair exceed a limit of 1', 'a😀 😀b', 1, ['a', '😀', '😀', 'b']],
    ['cuts no ZWJ emoji', `ab${family}${family}`, 14, [`ab${family}`, family]],
    [
      'cuts a ZWJ emoji that is too long between characters',
      family,
      4,
      ['👩\u200d', '👩\u200d', '👧\u200d', '👦'],
    ],
    ['cuts no combining mark off', 'xe\u0301e\u0301', 2, ['x', 'e\u0301', 'e\u0301']],
    ['cuts no combining grave accent off', 'ae\u0300', 2, ['a', 'e\u0300']],
    ['cuts no combining mark off in a later part', 'abcdde\u0301fg', 3, ['abc', 'dd', 'e\u0301f', 'g']],
    ['cuts no flag', '🇩🇪🇫🇷', 6, ['🇩🇪', '🇫🇷']],
    ['keeps a link whole', 'see https://x.example/a now', 20, ['see', 'https://x.example/a', 'now']],
    [
      'keeps a link whole without whitespace before it',
      '詳細はhttps://x.example/aへ',
      22,
      ['詳細は', 'https://x.example/aへ'],
    ],
    [
      'keeps a link whole of which the limit shows one letter',
      '(((((https://x.ex',
      6,
      ['(((((', 'https:', '//x.ex'],
    ],
    ['keeps a phone link whole', '電話tel:+15551234', 14, ['電話', 'tel:+15551234']],
    ['keeps a mail link whole', '宛先mailto:a@x.example。', 19, ['宛先', 'mailto:a@x.example。']],
    [
      'ends a link at a full-width stop',
      '詳https://x.eへ。次次次次次',
      15,
      ['詳https://x.eへ。', '次次次次次'],
    ],
    ['takes no word for a link', 'hotel:abcdefgh', 8, ['hotel:ab', 'cdefgh']],
    ['cuts a link that is too long', 'https://x.example', 9, ['https://x', '.example']],
    ['cuts a long link between characters', 'https://x/😀😀', 11, ['https://x/', '😀😀']],
    ['keeps a link without TLS whole', '詳細はhttp://x.example/aへ', 21, ['詳細は', 'http://x.example/aへ']],
    ['cuts behind a link that ends before', 'xx"https://a"bbbbb', 15, ['xx"https://a"bb', 'bbb']],
    ['cuts behind a link that ends there', 'xx"https://a"bbb', 12, ['xx"https://a', '"bbb']],
    ['passes over links before the cut', 'https://a"bbbbb', 12, ['https://a"bb', 'bbb']],
    ['keeps lone surrogates', '\ud83d\ud83d\ude00\ude00', 2, ['\ud83d', '😀', '\ude00']],
  ];
  for (const [name, text, maxLength, expected] of cases) {
    it(name, () => assert.deepEqual(splitText(text, maxLength), expected));
  }

  for (const maxLength of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses a limit of ${maxLength}`, () => {
      assert.throws(() => splitText('', maxLength), { name: 'RangeError', message: /maxLength/ });
    });
  }

  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom(
      ' ',
      '\n',
      '\n\n',
      '\r\n',
      '. ',
      '。',
      'https://x.example/a?b=1',
      'tel:+1555',
      family,
      'e\u0301',
      '😀',
      '\ud83d',
    ),
  );
  const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const limits = fc.integer({ min: 1, max: 60 });

  it('loses nothing but whitespace, and gives no blank part', () => {
    fc.assert(
      fc.property(texts, limits, (text, maxLength) => {
        const parts = splitText(text, maxLength);
        assert.equal(withoutWhitespace(parts.join('')), withoutWhitespace(text));
        assert.ok(parts.every((part) => part.trim() !== ''));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps to the limit, but for a surrogate pair where the limit is 1', () => {
    fc.assert(
      fc.property(texts, limits, (text, maxLength) => {
        for (const part of splitText(text, maxLength)) {
          assert.ok(part.length <= maxLength || (maxLength === 1 && Array.from(part).length === 1));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never cuts a surrogate pair', () => {
    fc.assert(
      fc.property(texts, limits, (text, maxLength) => {
        const characters = splitText(text, maxLength).flatMap((part) => Array.from(part));
        assert.deepEqual(characters.filter(isVisible), Array.from(text).filter(isVisible));
      }),
      { numRuns: 1000 },
    );
  });

  it('never cuts a word, a link or a grapheme that fits', () => {
    const word = fc.constantFrom(
      'a',
      'word',
      'https://x.example/a',
      'tel:+15551234',
      family,
      'e\u0301',
      '漢字',
    );
    const gap = fc.constantFrom(' ', '\n', '\n\n', '. ', '   ');
    const prose = fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(prose, fc.integer({ min: 20, max: 60 }), (pairs, maxLength) => {
        const text = pairs.flat().join('');
        const words = splitText(text, maxLength).flatMap((part) => part.trim().split(/\s+/));
        assert.deepEqual(words, text.trim().split(/\s+/));
      }),
    );
  });

  it('splits a long text of anything, without taking time out of proportion to it', function () {
    // What took the square of the text's length would take minutes.
    this.timeout(60_000);
    const size = 64 * 1024;
    const units = [
      'a',
      'a ',
      '漢字',
      '😀',
      '\u0301',
      'https://x',
      'a\n\nbb\ncc. dd ',
      '。',
      `${' '.repeat(500)}a`,
    ];
    for (const unit of units) {
      const text = `x${unit.repeat(Math.ceil(size / unit.length))}x`.slice(0, size);
      for (const maxLength of [1, 160, 4000]) {
        const parts = splitText(text, maxLength);
        assert.equal(withoutWhitespace(parts.join('')), withoutWhitespace(text));
      }
    }
  });
});

function withoutWhitespace(text: string): string {
  return text.replace(/\s+/g, '');
}

function isVisible(character: string): boolean {
  return character.trim() !== '';
}
