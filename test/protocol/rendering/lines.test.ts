import assert from 'node:assert/strict';
import { joinBlocks, joinLines, labelled } from '../../../src/protocol/rendering/lines';

describe('joinLines and joinBlocks', () => {
  it('leave out what is blank', () => {
    assert.equal(joinLines(['a', '', ' \t', 'b']), 'a\nb');
    assert.equal(joinBlocks(['a', '\n', 'b']), 'a\n\nb');
  });
});

describe('labelled', () => {
  const cases: [label: string, value: string, line: string][] = [
    ['Order', '17', 'Order: 17'],
    ['Order:', '17', 'Order: 17'],
    ['注文：', '17', '注文： 17'],
    ['10:30 train', 'late', '10:30 train: late'],
    ['', '17', '17'],
    ['Order', '', 'Order'],
  ];
  for (const [label, value, line] of cases) {
    it(`puts '${label}' before '${value}'`, () => assert.equal(labelled(label, value), line));
  }
});
