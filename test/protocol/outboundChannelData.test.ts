import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WebexConnectInvalidActivityError } from '../../src/errors';
import { readOutboundOverrides } from '../../src/protocol/outboundChannelData';

const NOTHING = { messageType: undefined, customParams: {}, eventId: undefined };
const circle: Record<string, unknown> = {};
circle.self = circle;

function paramsOf(customParams: unknown): unknown {
  return readOutboundOverrides({ webexConnect: { customParams } }).customParams;
}

describe('readOutboundOverrides', () => {
  const silent: [string, unknown][] = [
    ['no channelData', undefined],
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['the data of another channel', { slack: { blocks: [] } }],
    ['webexConnect: null', { webexConnect: null }],
    ['an empty webexConnect', { webexConnect: {} }],
    ['unknown fields in webexConnect', { webexConnect: { priority: 1 } }],
    [
      'the data of an inbound event',
      { webexConnect: { event: 'X', conversationType: 'BOT', isPostback: true } },
    ],
  ];
  for (const [name, channelData] of silent) {
    it(`overrides nothing for ${name}`, () => assert.deepEqual(readOutboundOverrides(channelData), NOTHING));
  }

  it('reads messageType, customParams and eventId', () => {
    const webexConnect = { messageType: 'RICH', customParams: ['a'], eventId: '2001' };
    assert.deepEqual(readOutboundOverrides({ webexConnect, other: 1 }), {
      messageType: 'RICH',
      customParams: { customparam1: 'a' },
      eventId: '2001',
    });
  });

  it('reads a numeric eventId as text', () => {
    assert.equal(readOutboundOverrides({ webexConnect: { eventId: 2001 } }).eventId, '2001');
  });

  const params: [string, unknown, Record<string, string>][] = [
    [
      'a list as numbered parameters',
      ['a', { b: 1 }, 2],
      {
        customparam1: 'a',
        customparam2: '{"b":1}',
        customparam3: '2',
      },
    ],
    ['an empty list as none', [], {}],
    ['an empty object as none', {}, {}],
    [
      'documented names as they are',
      { customparam2: 'b', customparam10: 7 },
      {
        customparam2: 'b',
        customparam10: '7',
      },
    ],
    ['another object as JSON in the first', { orderId: 7 }, { customparam1: '{"orderId":7}' }],
    [
      'an object with one undocumented name as JSON',
      { customparam1: 'a', x: 1 },
      {
        customparam1: '{"customparam1":"a","x":1}',
      },
    ],
    ['customparam0 as no documented name', { customparam0: 'a' }, { customparam1: '{"customparam0":"a"}' }],
    [
      'a name in capitals as no documented name',
      { CustomParam1: 'a' },
      { customparam1: '{"CustomParam1":"a"}' },
    ],
    [
      'fields of the platform as data',
      { eventid: '1002', conversation_id: 'OTHER' },
      {
        customparam1: '{"eventid":"1002","conversation_id":"OTHER"}',
      },
    ],
    ['dates as text', [new Date(0)], { customparam1: '1970-01-01T00:00:00.000Z' }],
    ['what is undefined in a list as null', [undefined, 'b'], { customparam1: 'null', customparam2: 'b' }],
    ['what writes itself as null', { toJSON: () => null }, { customparam1: 'null' }],
    ['what writes itself as a text', { toJSON: () => 'x' }, { customparam1: 'x' }],
  ];
  for (const [name, given, expected] of params) {
    it(`reads ${name}`, () => assert.deepEqual(paramsOf(given), expected));
  }

  const wrong: [string, unknown, string][] = [
    ['a webexConnect that is no object', 'x', 'channelData.webexConnect:'],
    ['an empty messageType', { messageType: '' }, 'channelData.webexConnect.messageType:'],
    ['a messageType that is no text', { messageType: 1 }, 'channelData.webexConnect.messageType:'],
    ['customParams that are a text', { customParams: 'x' }, 'channelData.webexConnect.customParams:'],
    ['customParams in a circle', { customParams: circle }, 'channelData.webexConnect.customParams:'],
    ['customParams with a big integer', { customParams: [1n] }, 'channelData.webexConnect.customParams:'],
    ['an empty eventId', { eventId: '' }, 'channelData.webexConnect.eventId:'],
    ['an eventId that is a fraction', { eventId: 1.5 }, 'channelData.webexConnect.eventId:'],
  ];
  for (const [name, webexConnect, path] of wrong) {
    it(`refuses ${name}, names the field and says that nothing was sent`, () => {
      assert.throws(
        () => readOutboundOverrides({ webexConnect }),
        (error) => {
          assert.ok(error instanceof WebexConnectInvalidActivityError, String(error));
          assert.ok(error.message.startsWith(path), error.message);
          assert.match(error.message, /Nothing was sent\.$/);
          return true;
        },
      );
    });
  }

  it('says what it expects', () => {
    assert.throws(
      () => readOutboundOverrides({ webexConnect: { messageType: 1 } }),
      /expected string.*\. Nothing/,
    );
  });

  it('reads anything, or refuses it with its own error, and lets no name through but customparamN', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true }), (value) => {
        try {
          const names = Object.keys(
            readOutboundOverrides({ webexConnect: { customParams: value } }).customParams,
          );
          for (const name of names) assert.match(name, /^customparam[1-9]\d*$/);
        } catch (error) {
          assert.ok(error instanceof WebexConnectInvalidActivityError, String(error));
        }
      }),
    );
  });
});
