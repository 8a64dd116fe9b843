import assert from 'node:assert/strict';
import { Journal } from '../../../src/store/memory/journal';
import { sketch } from '../../support/historySteps';
import { newEvent } from '../../support/storeSamples';

describe('What a store in memory writes down', () => {
  it('is bounded: the oldest goes', () => {
    const journal = new Journal();
    for (let serial = 1; serial <= 10_003; serial++) journal.accepted(newEvent('c', `e${serial}`));
    const { entries } = journal.activity('0', 20_000);
    assert.equal(entries.length, 10_000);
    assert.equal(sketch(entries[0] ?? assert.fail()), '0 e4 accepted from platform');
    assert.equal(journal.history('c', { limit: 20_000 }).length, 10_000);
  });
});
