import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeEvent, statesType } from '../../src/protocol/decodeEvent';
import type { JsonValue } from '../../src/protocol/json';
import { decode, RECEIVED_AT, SETTINGS } from '../support/decoding';
import { anyEventPayload } from '../support/wireArbitraries';

function kindOf(fields: Record<string, JsonValue>): string {
  const result = decodeEvent({ Conversationid: 'C', ...fields }, SETTINGS, RECEIVED_AT);
  return result.kind === 'event' ? result.event.kind : result.kind;
}

describe('decodeEvent, the kind of an event', () => {
  const cases: [string, Record<string, JsonValue>, string][] = [
    ['Incoming message', { Event: 'Incoming message', Message: 'hi' }, 'message'],
    ['Incoming message in another spelling', { Event: 'INCOMING_MESSAGE', Message: 'hi' }, 'message'],
    ['Incoming message without a text', { Event: 'Incoming message' }, 'message'],
    ['Incoming message of type bot', { Event: 'Incoming message', ConversationType: ' bot ' }, 'message'],
    ['FB POSTBACK', { Event: 'FB POSTBACK', PostbackPayload: 'X' }, 'postback'],
    ['a postback of another channel', { Event: 'WhatsApp Postback', PostbackPayload: 'X' }, 'postback'],
    ['a postback without a payload', { Event: 'FB POSTBACK' }, 'postback'],
    ['Message Delivery', { Event: 'Message Delivery', DeliveryStatus: 'Read' }, 'messageDelivery'],
    ['message_delivery', { Event: 'message_delivery' }, 'messageDelivery'],
    [
      'Message Delivery of a conversation with an agent',
      { Event: 'Message Delivery', ConversationType: 'AGENT', Message: 'x' },
      'messageDelivery',
    ],
    ['no name but a text', { Message: 'hi' }, 'message'],
    ['no name but media', { Media: 'https://x.example/a.png' }, 'message'],
    ['no name but a postback payload', { PostbackPayload: 'X', Message: 'hi' }, 'postback'],
    ['no name but a delivery status', { DeliveryStatus: 'Read' }, 'messageDelivery'],
    ['no name and nothing else', {}, 'unknown'],
    ['no name and an empty list as media', { Media: [] }, 'unknown'],
    ['no name and an empty object as media', { Media: {} }, 'unknown'],
    ['a name of signs alone and a text', { Event: '--', Message: 'hi' }, 'message'],
    [
      'a message that also carries a status',
      { Event: 'Incoming message', Message: 'hi', DeliveryStatus: 'Read' },
      'message',
    ],
    ['an undocumented name', { Event: 'Chat Closed' }, 'unknown'],
    ['an undocumented name with a text', { Event: 'Custom Event', Message: 'hi' }, 'unknown'],
    ['a name beyond ASCII', { Event: '受信', Message: 'hi' }, 'unknown'],
    [
      'a message of another type than BOT',
      { Event: 'Incoming message', ConversationType: 'AGENT', Message: 'hi' },
      'mirroredMessage',
    ],
    [
      'media of another type than BOT',
      { Event: 'Incoming message', ConversationType: 'AGENT', Media: 'https://x.example/a.png' },
      'mirroredMessage',
    ],
    [
      'a postback of another type than BOT',
      { Event: 'FB POSTBACK', ConversationType: 'CCSP', PostbackPayload: 'X' },
      'mirroredMessage',
    ],
    [
      'a message of an undocumented name and another type than BOT',
      { Event: 'Agent Picked', ConversationType: 'AGENT', Message: 'hi' },
      'mirroredMessage',
    ],
    [
      'a text without a name, of another type',
      { ConversationType: 'AGENT', Message: 'hi' },
      'mirroredMessage',
    ],
    ['another type without a message', { Event: 'Chat Closed', ConversationType: 'AGENT' }, 'unknown'],
    ['another type with empty media', { ConversationType: 'AGENT', Media: [] }, 'unknown'],
    ['a type that only contains BOT', { ConversationType: 'BOTH', Message: 'hi' }, 'mirroredMessage'],
  ];
  for (const [name, fields, kind] of cases) {
    it(`takes ${name} for ${kind}`, () => assert.equal(kindOf(fields), kind));
  }

  it('takes a tap without a payload for a tap of nothing', () => {
    const event = decode({ Conversationid: 'C', ConversationType: 'BOT', Event: 'FB POSTBACK' });
    assert.equal(event.kind === 'postback' && event.postbackPayload, '');
  });

  const stated: [JsonValue, boolean][] = [
    ['BOT', true],
    [' AGENT ', true],
    ['', false],
    ['  ', false],
    [null, false],
  ];
  for (const [ConversationType, isStated] of stated) {
    it(`says that the type ${JSON.stringify(ConversationType)} is ${isStated ? '' : 'not '}stated`, () => {
      assert.equal(statesType(decode({ Conversationid: 'C', Message: 'hi', ConversationType })), isStated);
    });
  }

  it('says that a type that is missing is not stated', () => {
    assert.equal(statesType(decode({ Conversationid: 'C', Message: 'hi' })), false);
  });

  it('takes the types of the option for conversations with the bot, and no other', () => {
    const settings = { botConversationTypes: ['Virtual Agent', 'IVR'] };
    const kinds = ['virtual agent', 'IVR', 'BOT'].map(
      (ConversationType) => decode({ Conversationid: 'C', Message: 'hi', ConversationType }, settings).kind,
    );
    assert.deepEqual(kinds, ['message', 'message', 'mirroredMessage']);
  });

  it('never takes a message of another type than BOT for one to the bot', () => {
    fc.assert(
      fc.property(anyEventPayload, fc.constantFrom('AGENT', 'CCSP', 'x'), (fields, type) => {
        const event = decode({ ...fields, ConversationType: type });
        assert.match(event.kind, /^(mirroredMessage|messageDelivery|unknown)$/);
      }),
    );
  });
});
