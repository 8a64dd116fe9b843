import assert from 'node:assert/strict';
import fc from 'fast-check';
import { platformMessageIdOf } from '../../src/protocol/platformMessageId';
import { anyText } from '../support/wireArbitraries';

describe('platformMessageIdOf', () => {
  const cases: [string, string, string | undefined][] = [
    ['Messageid', '{"Messageid":"MSG-1"}', 'MSG-1'],
    ['another spelling', '{"status":"ok","message_id":"MSG-1"}', 'MSG-1'],
    ['a number', '{"messageId":17}', '17'],
    ['a number above 2^53', '{"messageId":12345678901234567890}', '12345678901234567890'],
    ['a byte order mark', '\ufeff{"Messageid":"MSG-1"}', 'MSG-1'],
    ['an empty id', '{"Messageid":""}', undefined],
    ['no id', '{"status":"ok"}', undefined],
    ['an id deeper inside', '{"data":{"Messageid":"MSG-1"}}', undefined],
    ['a list', '[{"Messageid":"MSG-1"}]', undefined],
    ['a text', '"MSG-1"', undefined],
    ['an empty body', '', undefined],
    ['HTML', '<html>OK</html>', undefined],
  ];
  for (const [name, body, expected] of cases) {
    it(`finds ${expected ?? 'nothing'} in an answer with ${name}`, () => {
      assert.equal(platformMessageIdOf(body), expected);
    });
  }

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.json()), (body) => {
        const id = platformMessageIdOf(body);
        assert.match(typeof id, /^(undefined|string)$/);
      }),
    );
  });
});
