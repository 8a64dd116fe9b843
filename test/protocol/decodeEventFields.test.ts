import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../src/protocol/json';
import { decode, decodeAs, meaningOf, objectIn } from '../support/decoding';
import { payload } from '../support/fixtures';
import { anyText } from '../support/wireArbitraries';
import { meanings } from './support/documentedMeanings';

describe('decodeEvent, fields', () => {
  const missing: [string, string, Record<string, unknown>][] = [
    ['ConversationType', 'conversationType', { conversationType: 'BOT' }],
    ['Message', 'text', { text: '' }],
    ['MessageType', 'messageType', { messageType: undefined }],
    ['Messageid', 'messageId', { messageId: undefined }],
    ['Media', 'media', { media: [] }],
    ['Channel', 'channel', { channel: undefined }],
    ['Event', 'eventName', { eventName: '' }],
    ['Timestamp', 'timestamp', { timestamp: undefined }],
  ];
  for (const [name, field, change] of missing) {
    it(`reads a message without ${name}, with nothing or its default as ${field}`, () => {
      const { [name]: _, ...rest } = payload('incoming-message');
      assert.deepEqual(meaningOf(decode(rest)), { ...meanings['incoming-message'], ...change });
    });

    for (const blank of ['', null]) {
      it(`reads a message whose ${name} is ${JSON.stringify(blank)} as one without`, () => {
        const event = decode({ ...payload('incoming-message'), [name]: blank });
        assert.deepEqual(meaningOf(event), { ...meanings['incoming-message'], ...change });
      });
    }
  }

  it('reads a message that has nothing but conversation and text', () => {
    const event = decodeAs('message', { conversation_id: 'C', text: 'hi' });
    assert.equal(event.text, 'hi');
    assert.equal(event.conversationType, 'BOT');
  });

  it('reads the dialect with a lower-case ISO timestamp and no Messageid, ConversationType or MessageType', () => {
    const dialect = {
      conversation_id: 'web-1',
      message: 'hello',
      Channel: 'WEB',
      event: 'Incoming message',
      timestamp: '2026-03-09t14:05:07.250z',
    };
    assert.deepEqual(meaningOf(decode(dialect)), {
      kind: 'message',
      conversationId: 'web-1',
      conversationType: 'BOT',
      eventName: 'Incoming message',
      channel: 'WEB',
      messageId: undefined,
      timestamp: Date.UTC(2026, 2, 9, 14, 5, 7, 250),
      text: 'hello',
      messageType: undefined,
      media: [],
    });
  });

  it('keeps fields that the platform does not document in the payload', () => {
    const fields = { ...payload('incoming-message'), Extra: { deep: [1, null] }, asset_id: 7 };
    assert.deepEqual(decode(fields).payload, fields);
  });

  it('reads numeric ids as text', () => {
    const event = decode({ ...payload('incoming-message'), Conversationid: 42, Messageid: 7 });
    assert.equal(event.conversationId, '42');
    assert.equal(event.messageId, '7');
  });

  it('keeps every digit of numeric ids above 2^53', () => {
    const event = decode(
      objectIn('{"Conversationid":9007199254740993,"Messageid":98765432109876543210,"Message":"hi"}'),
    );
    assert.equal(event.conversationId, '9007199254740993');
    assert.equal(event.messageId, '98765432109876543210');
  });

  it('keeps apart two numeric conversations that one double would hold', () => {
    const ids = ['9007199254740992', '9007199254740993'].map((id) => {
      return decode(objectIn(`{"Conversationid":${id},"Message":"hi"}`)).conversationId;
    });
    assert.deepEqual(ids, ['9007199254740992', '9007199254740993']);
  });

  const placeholders: [JsonValue, string | undefined][] = [
    ['0', undefined],
    [0, undefined],
    ['null', undefined],
    ['NULL', undefined],
    ['undefined', undefined],
    [' None ', undefined],
    ['   ', undefined],
    [2 ** 53, undefined],
    [1.5, undefined],
    [true, undefined],
    [{}, undefined],
    [[], undefined],
    [' MSG-1 ', 'MSG-1'],
    ['00', '00'],
    ['nullable', 'nullable'],
    [-1, '-1'],
  ];
  for (const [sent, messageId] of placeholders) {
    it(`reads the Messageid ${JSON.stringify(sent)} as ${messageId ?? 'none'}`, () => {
      assert.equal(decode({ ...payload('incoming-message'), Messageid: sent }).messageId, messageId);
    });
  }

  it('trims Event and ConversationType', () => {
    const event = decode({ ...payload('postback'), Event: ' FB POSTBACK\n', ConversationType: ' BOT ' });
    assert.deepEqual(meaningOf(event), meanings.postback);
  });

  for (const value of [true, {}, ['x'], '  ']) {
    it(`reads ${JSON.stringify(value)} as no Event`, () => {
      assert.equal(decode({ Conversationid: 'C', Message: 'hi', Event: value }).eventName, '');
    });
  }

  it('reads a blank ConversationType as none, and one that makes no sense as another than BOT', () => {
    const typeOf = (value: JsonValue) =>
      decode({ Conversationid: 'C', Message: 'hi', ConversationType: value }).conversationType;
    assert.deepEqual(['  ', true, {}].map(typeOf), ['BOT', 'true', '{}']);
  });

  it('reads media as the option does', () => {
    const decodeMedia = (media: JsonValue) => [
      { url: `https://x.example/${media}` },
      { url: 'https://x.example/b', contentType: 'audio/ogg', name: 'b' },
      { url: 'no URL' },
    ];
    const fields = { ...payload('incoming-message'), Media: 'M-7.png', MessageType: 'IMAGE' };
    assert.deepEqual(decodeAs('message', fields, { decodeMedia }).media, [
      { kind: 'link', url: 'https://x.example/M-7.png', contentType: 'image/png', name: undefined },
      { kind: 'link', url: 'https://x.example/b', contentType: 'audio/ogg', name: 'b' },
      { kind: 'opaque', content: { url: 'no URL' } },
    ]);
  });

  it('reads media by itself where the option answers nothing', () => {
    const fields = { ...payload('incoming-message'), Media: 'https://x.example/a.png' };
    const media = decodeAs('message', fields, { decodeMedia: () => undefined }).media;
    assert.deepEqual(media, decodeAs('message', fields).media);
    assert.equal(media.length, 1);
  });

  it('asks the option about no media that is not there', () => {
    let asked = 0;
    const decodeMedia = () => {
      asked++;
      return undefined;
    };
    decode(payload('incoming-message'), { decodeMedia });
    assert.equal(asked, 0);
  });

  it('keeps the text as it came, blanks and markup included', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const event = decodeAs('message', { ...payload('incoming-message'), Message: text });
        assert.equal(event.text, text);
      }),
    );
  });

  it('reads media with the hint of the MessageType', () => {
    const media = { Media: 'https://x.example/1', MessageType: 'IMAGE' };
    assert.deepEqual(decodeAs('message', { ...payload('incoming-message'), ...media }).media, [
      { kind: 'link', url: 'https://x.example/1', contentType: 'image/*', name: undefined },
    ]);
  });

  it('reads timestamps on the 12-hour clock when told so', () => {
    const fields = { ...payload('incoming-message'), Timestamp: '2026-03-09 02:05:07.25' };
    assert.equal(decode(fields, { hourClock: 12 }).timestamp, meanings['incoming-message'].timestamp);
    assert.equal(decode(fields).timestamp, Date.UTC(2026, 2, 9, 2, 5, 7, 250));
  });

  it('has no timestamp for one that nobody can read', () => {
    assert.equal(
      decode({ ...payload('postback'), Timestamp: 'YYYY-MM-DD hh:mm:ss.SS' }).timestamp,
      undefined,
    );
  });

  const statuses: [JsonValue, string][] = [
    ['Delivered', 'Delivered'],
    ['delivered', 'Delivered'],
    ['FAILED', 'Failed'],
    [' read ', 'Read'],
    ['Queued', 'Queued'],
    ['', ''],
    [3, '3'],
  ];
  for (const [sent, status] of statuses) {
    it(`reads the status ${JSON.stringify(sent)} as ${JSON.stringify(status)}`, () => {
      const event = decodeAs('messageDelivery', { ...payload('message-delivery'), DeliveryStatus: sent });
      assert.equal(event.status, status);
    });
  }

  it('has no description where nothing failed', () => {
    const { Description: _, ...rest } = payload('message-delivery');
    assert.equal(decodeAs('messageDelivery', rest).description, undefined);
  });
});
