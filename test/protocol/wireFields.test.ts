import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/protocol/json';
import { asText, normaliseFieldName, type WireField, WireFields } from '../../src/protocol/wireFields';
import { respell } from '../support/decoding';
import { anyEventPayload, anySpelling } from '../support/wireArbitraries';

describe('normaliseFieldName', () => {
  for (const name of [
    'Conversationid',
    'conversation_id',
    'conversationId',
    'CONVERSATION-ID',
    'Conversation Id',
    '__conversation__id__',
  ]) {
    it(`reads ${name} as conversationid`, () => assert.equal(normaliseFieldName(name), 'conversationid'));
  }

  it('keeps apart names that differ in their letters', () => {
    assert.notEqual(normaliseFieldName('Message'), normaliseFieldName('Messages'));
  });

  it('gives every spelling of a name the same form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), anySpelling, (name, spell) => {
        assert.equal(normaliseFieldName(spell(name)), normaliseFieldName(name));
      }),
    );
  });
});

describe('WireFields', () => {
  const aliases: [WireField, string[]][] = [
    ['conversationId', ['Conversationid', 'conversation_id', 'ConvId', 'conv_id']],
    ['conversationType', ['ConversationType', 'conversation_type']],
    ['message', ['Message', 'message', 'MessageText', 'text', 'TEXT']],
    ['messageType', ['MessageType', 'Messagetype', 'message_type']],
    ['messageId', ['Messageid', 'MessageID', 'message_id', 'msgid', 'MsgId']],
    ['media', ['Media', 'MEDIA']],
    ['channel', ['Channel', 'channel']],
    ['event', ['Event', 'event', 'EventName', 'event_name']],
    ['timestamp', ['Timestamp', 'timestamp', 'time_stamp', 'TimeStamp']],
    ['postbackPayload', ['PostbackPayload', 'postback_payload', 'Postback-Payload']],
    ['deliveryStatus', ['DeliveryStatus', 'delivery_status']],
    ['description', ['Description', 'description']],
  ];
  for (const [field, names] of aliases) {
    for (const name of names) {
      it(`finds ${field} under ${name}`, () => {
        assert.equal(new WireFields({ Other: 'no', [name]: 'yes' }).get(field), 'yes');
      });
    }
  }

  const choices: [string, JsonObject, WireField, JsonValue | undefined][] = [
    ['has nothing for a missing field', { Channel: 'FB' }, 'message', undefined],
    ['has nothing for an empty field', { Message: '' }, 'message', undefined],
    ['has nothing for null', { Message: null }, 'message', undefined],
    ['keeps zero', { Messageid: 0 }, 'messageId', 0],
    ['keeps false', { Message: false }, 'message', false],
    ['passes over a blank spelling', { message: '', Message: 'hi' }, 'message', 'hi'],
    ['passes over a blank spelling that comes later', { Message: 'hi', message: null }, 'message', 'hi'],
    ['passes over a blank alias', { Message: '', text: 'hi' }, 'message', 'hi'],
    ['prefers the documented name to an alias', { text: 'alias', Message: 'hi' }, 'message', 'hi'],
    ['takes the first of two spellings', { Message: 'first', message: 'second' }, 'message', 'first'],
  ];
  for (const [title, payload, field, expected] of choices) {
    it(title, () => assert.deepEqual(new WireFields(payload).get(field), expected));
  }

  const labels: [JsonValue, string | undefined][] = [
    [' BOT\n', 'BOT'],
    [7, '7'],
    ['', undefined],
    ['  ', undefined],
    [true, undefined],
    [{ a: 1 }, undefined],
    [['BOT'], undefined],
    [null, undefined],
  ];
  for (const [value, expected] of labels) {
    it(`reads ${JSON.stringify(value)} as the name ${expected ?? 'of nothing'}`, () => {
      assert.equal(new WireFields({ Event: value }).label('event'), expected);
    });
  }

  it('finds an undocumented field by a name in any spelling', () => {
    const fields = new WireFields({ 'bot_Conversation-ID': 'CONV-1', Empty: '' });
    assert.equal(fields.getByName('BotConversationid'), 'CONV-1');
    assert.equal(fields.getByName('Empty'), undefined);
    assert.equal(fields.getByName('Missing'), undefined);
  });

  it('finds no member that every object inherits', () => {
    const fields = new WireFields({});
    for (const name of ['constructor', 'toString', '__proto__', 'proto']) {
      assert.equal(fields.getByName(name), undefined);
    }
  });

  it('lists every field, sorted, the same for every spelling and order', () => {
    fc.assert(
      fc.property(anyEventPayload, anySpelling, (payload, spell) => {
        const canonical = new WireFields(payload).canonical();
        const names = canonical.map(([name]) => name);
        assert.deepEqual(names, Object.keys(payload).map(normaliseFieldName).sort());
        const reversed = Object.fromEntries(Object.entries(payload).reverse());
        assert.deepEqual(new WireFields(respell(reversed, spell)).canonical(), canonical);
      }),
    );
  });
});

describe('asText', () => {
  const cases: [JsonValue | undefined, string | undefined][] = [
    ['hi', 'hi'],
    ['', ''],
    [0, '0'],
    [12.5, '12.5'],
    [true, 'true'],
    [false, 'false'],
    [null, undefined],
    [undefined, undefined],
    [{ a: [1] }, '{"a":[1]}'],
    [['a'], '["a"]'],
  ];
  for (const [value, expected] of cases) {
    it(`reads ${JSON.stringify(value)} as ${JSON.stringify(expected)}`, () => {
      assert.equal(asText(value), expected);
    });
  }
});
