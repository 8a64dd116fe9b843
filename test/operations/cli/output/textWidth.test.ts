import assert from 'node:assert/strict';
import { padTo, textWidth } from '../../../../src/operations/cli/output/textWidth';

describe('The width of a text', () => {
  const WIDTHS: readonly [string, number][] = [
    ['', 0],
    ['Where is my order?', 18],
    ['Größe', 5],
    ['Gro\u0308\u00dfe', 5],
    ['漢字', 4],
    ['ｆｕｌｌ', 8],
    ['안녕', 4],
    ['ok 🙂', 5],
    ['\u{20bb7}野家', 6],
    ['שלום', 4],
  ];
  for (const [text, width] of WIDTHS) {
    it(`of '${text}' is ${width}`, () => {
      assert.equal(textWidth(text), width);
      assert.equal(textWidth(padTo(text, 20)), 20);
    });
  }

  it('is never cut', () => {
    assert.equal(padTo('漢字', 3), '漢字');
  });
});
