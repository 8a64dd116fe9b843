import assert from 'node:assert/strict';
import { customParamsOf } from '../../src/protocol/customParams';
import type { JsonObject } from '../../src/protocol/json';

describe('customParamsOf', () => {
  const cases: [string, JsonObject, Record<string, string>][] = [
    ['nothing of an event without any', { Conversationid: 'C', Message: 'hi' }, {}],
    [
      'parameters in any spelling, under their documented names',
      { CustomParam1: 'a', custom_param_2: 'b', Message: 'hi' },
      { customparam1: 'a', customparam2: 'b' },
    ],
    [
      'what is no text as JSON',
      { customparam1: { skill: 'billing' } },
      { customparam1: '{"skill":"billing"}' },
    ],
    [
      'no name that the platform does not number so',
      { customparam: 'a', customparam0: 'b', customparam1x: 'c', mycustomparam1: 'd' },
      {},
    ],
    ['a thousand at most', { customparam999: 'a', customparam1000: 'b' }, { customparam999: 'a' }],
    [
      'no more of one than is worth keeping',
      { customparam1: 'x'.repeat(1001) },
      { customparam1: 'x'.repeat(1000) },
    ],
  ];
  for (const [name, payload, expected] of cases) {
    it(`reads ${name}`, () => assert.deepEqual(customParamsOf(payload), expected));
  }
});
