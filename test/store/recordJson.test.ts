import assert from 'node:assert/strict';
import { fromRecordJson, toRecordJson } from '../../src/store/recordJson';
import { botRecord, tied, untied, withAgent } from '../support/conversationSamples';

describe('The JSON of a conversation’s record', () => {
  it('keeps every field, also one that holds nothing', () => {
    const lastEvents = [{ event: 'message', at: 1 }];
    const records = [botRecord('c', { lastEvents }), withAgent('c'), untied('c'), tied('a', 'c')];
    for (const record of records) assert.deepEqual(fromRecordJson(toRecordJson(record)), record);
  });

  it('is refused when it holds no record', () => {
    for (const json of [
      '{}',
      'null',
      '{"kind":"bot"}',
      toRecordJson(untied('c')).replace('untied', 'other'),
    ]) {
      assert.throws(() => fromRecordJson(json), Error, json);
    }
  });
});
