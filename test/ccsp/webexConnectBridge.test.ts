import assert from 'node:assert/strict';
import type { HandoverRequest } from '../../src/ccsp/ccspBridge';
import { WebexConnectBridge, type WebexConnectBridgeOptions } from '../../src/ccsp/webexConnectBridge';
import { WebexConnectConfigurationError, WebexConnectInvalidActivityError } from '../../src/errors';
import type { JsonObject } from '../../src/protocol/json';
import { CONVERSATION_ID } from '../support/decoding';
import { payload } from '../support/fixtures';
import { HANDOVER } from './handoverSamples';

function compose(more: Partial<HandoverRequest> = {}, options: WebexConnectBridgeOptions = {}): JsonObject {
  return new WebexConnectBridge(options).compose({ ...HANDOVER, ...more }, { hourClock: 24 });
}

function customParamsOf(event: JsonObject): JsonObject {
  const { eventid, conversation_id, Timestamp, ...params } = event;
  assert.deepEqual([eventid, conversation_id], ['1002', CONVERSATION_ID]);
  assert.equal(Timestamp, '2026-03-09 14:06:00.500');
  return params;
}

function refusalOf(compose: () => unknown): string {
  try {
    compose();
  } catch (error) {
    assert.ok(error instanceof WebexConnectInvalidActivityError, String(error));
    return error.message;
  }
  return assert.fail('it was composed');
}

describe('WebexConnectBridge', () => {
  it("sends on the integration's own webhook", () => {
    assert.equal(new WebexConnectBridge().destination, 'webhook');
  });

  it('writes 1002 exactly as documented, keys in their order', () => {
    const event = compose({ transcript: [] });
    const documented = payload('handover-1002');
    assert.deepEqual(event, documented);
    assert.deepEqual(Object.keys(event), Object.keys(documented));
  });

  it('writes the same every time', () => assert.deepEqual(compose(), compose()));

  it('writes the clock of the conventions', () => {
    const { Timestamp } = new WebexConnectBridge().compose(HANDOVER, { hourClock: 12 });
    assert.equal(Timestamp, '2026-03-09 02:06:00.500');
  });

  it('carries context and summary as custom parameters', () => {
    assert.deepEqual(customParamsOf(compose()), {
      customparam1: '{"skill":"billing"}',
      customparam2: 'customer: A person, please\nbot: One moment',
    });
  });

  it('goes out without parameters when there is nothing to say', () => {
    assert.deepEqual(customParamsOf(compose({ context: undefined, transcript: [] })), {});
  });

  it("carries the bot's own parameters, which outrank the mapped ones", () => {
    const customParams = { customparam1: 'mine', customparam3: 'more' };
    assert.deepEqual(customParamsOf(compose({ transcript: [], customParams })), customParams);
  });

  it('carries what the option makes of the handover, anything but text as JSON', () => {
    const params = ({ channel, transcript, context }: HandoverRequest) => [
      channel ?? '',
      transcript.length,
      context ?? null,
    ];
    assert.deepEqual(customParamsOf(compose({}, { params })), {
      customparam1: 'FB',
      customparam2: '2',
      customparam3: '{"skill":"billing"}',
    });
  });

  it('keeps the summary within its limit, newest lines first', () => {
    assert.equal(customParamsOf(compose({}, { maxSummaryLength: 20 })).customparam2, 'bot: One moment');
    assert.equal(customParamsOf(compose({}, { maxParamLength: 20 })).customparam2, 'bot: One moment');
    assert.equal(customParamsOf(compose({}, { maxSummaryLength: 0 })).customparam2, undefined);
  });

  it('takes parameters of 1,000 characters, which no known contact centre truncates', () => {
    const context = 'x'.repeat(1000);
    assert.equal(customParamsOf(compose({ context })).customparam1, context);
  });
});

describe('WebexConnectBridge, what cannot be written', () => {
  const secret = 'confidential ';
  const refused: [string, () => unknown, RegExp][] = [
    [
      'a context that is too long, for half of a JSON text means nothing',
      () => compose({ context: { note: secret.repeat(100) } }, { maxParamLength: 1000 }),
      /customparam1 has 13\d\d characters, but the option 'maxParamLength' is 1000/,
    ],
    [
      "a parameter of the bot's own that is too long",
      () => compose({ customParams: { customparam7: secret } }, { maxParamLength: 12, params: () => [] }),
      /customparam7 has 13 characters, but the option 'maxParamLength' is 12/,
    ],
    [
      'too many parameters',
      () => compose({ customParams: { customparam3: secret } }, { maxParams: 2 }),
      /it has 3 custom parameters, but the option 'maxParams' is 2/,
    ],
    [
      'a parameter that would overwrite the conversation',
      () => compose({ customParams: { conversation_id: 'OTHER' } }),
      /custom parameters are named customparam1, customparam2/,
    ],
  ];
  for (const [name, run, message] of refused) {
    it(`is ${name}; the error quotes nothing of it`, () => {
      const refusal = refusalOf(run);
      assert.match(refusal, /^The handover was not sent: /);
      assert.match(refusal, message);
      assert.equal(refusal.includes(secret.trim()) || refusal.includes('OTHER'), false, refusal);
    });
  }

  for (const [name, value] of [
    ['no list', 'text'],
    ['a promise', Promise.resolve([])],
    ['nothing', undefined],
    ['a circle', circle()],
  ] as const) {
    it(`is what the mapper answers when that is ${name}`, () => {
      const options: object = { params: () => value };
      assert.match(
        refusalOf(() => compose({}, options)),
        /the option 'params' must return a list/,
      );
    });
  }
});

function circle(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

describe('WebexConnectBridge, options', () => {
  const wrong: [string, string, object][] = [
    ['maxParams', 'maxParams', { maxParams: -1 }],
    ['maxParamLength', 'maxParamLength', { maxParamLength: 0 }],
    ['maxSummaryLength', 'maxSummaryLength', { maxSummaryLength: 1.5 }],
    ['a summary longer than a parameter', 'maxSummaryLength', { maxSummaryLength: 10_001 }],
    ['params', 'params', { params: ['x'] }],
    ['one that is not known', 'maxLength', { maxLength: 7 }],
  ];
  for (const [name, path, options] of wrong) {
    it(`refuses ${name}, naming '${path}'`, () => {
      assert.throws(
        () => new WebexConnectBridge(options),
        (error) => {
          assert.ok(error instanceof WebexConnectConfigurationError, String(error));
          assert.equal(error.path, path);
          assert.match(error.message, /^WebexConnectBridge option/);
          return true;
        },
      );
    });
  }
});
