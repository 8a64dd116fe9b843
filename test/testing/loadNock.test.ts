import assert from 'node:assert/strict';
import nock from 'nock';
import { mustRunOnThisNode } from '../../src/testing/loadNock';

const ES_MODULE = { default: nock };
const OF_NODE_20 = {};
const OF_NODE_22 = { withResolvers() {} };

describe('mustRunOnThisNode', () => {
  it('refuses a nock that would fail every request on Node 20, and says which one does not', () => {
    assert.throws(() => mustRunOnThisNode(ES_MODULE, OF_NODE_20), /npm install --save-dev nock@15\.0\.0$/);
  });

  it('takes it on a later Node', () => {
    assert.doesNotThrow(() => mustRunOnThisNode(ES_MODULE, OF_NODE_22));
  });

  it('takes an older nock anywhere', () => {
    assert.doesNotThrow(() => mustRunOnThisNode(nock, OF_NODE_20));
  });
});
