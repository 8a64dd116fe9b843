import assert from 'node:assert/strict';
import { decodeEvent } from '../../src/protocol/decodeEvent';
import type { JsonValue } from '../../src/protocol/json';
import { decode, RECEIVED_AT, SETTINGS } from '../support/decoding';
import { payload } from '../support/fixtures';

describe('decodeEvent, what is no event', () => {
  const noEvents: [string, JsonValue][] = [
    ['null', null],
    ['a text', 'verify'],
    ['a number', 1],
    ['a boolean', true],
    ['an empty object', {}],
    ['an empty list', []],
    ['a list without events', [1, 'x', null, {}, { a: 1 }]],
    ['an object of other fields', { verification_token: 'x', challenge: 1 }],
    ['fields that are blank', { Conversationid: '', Event: null, Message: '' }],
    ['a channel and a time alone', { Channel: 'FB', Timestamp: '2026-03-09 14:05:07.25' }],
  ];
  for (const [name, value] of noEvents) {
    it(`calls ${name} no event`, () => {
      assert.deepEqual(decodeEvent(value, SETTINGS, RECEIVED_AT), { kind: 'notEvent' });
    });
  }

  for (const marker of [
    'ConversationType',
    'Event',
    'Message',
    'Messageid',
    'Media',
    'PostbackPayload',
    'DeliveryStatus',
  ]) {
    it(`does not drop an event that has ${marker} but no conversation ID`, () => {
      assert.deepEqual(decodeEvent({ [marker]: 'x' }, SETTINGS, RECEIVED_AT), {
        kind: 'undecodable',
        reason: 'the event has no conversation ID',
      });
    });
  }

  it('does not drop a list of events, nor guess at it', () => {
    const result = decodeEvent([{}, payload('incoming-message')], SETTINGS, RECEIVED_AT);
    assert.deepEqual(result, {
      kind: 'undecodable',
      reason: 'a list of events is not documented by the platform',
    });
  });

  const badIds: [string, JsonValue][] = [
    ['blank', ' \u00a0 '],
    ['of 513 characters', 'x'.repeat(513)],
    ['with a line feed', 'a\nb'],
    ['with a NUL', 'a\u0000b'],
    ['with a C1 control character', 'a\u0085b'],
    ['with a line separator', 'a\u2028b'],
    ['with a paragraph separator', 'a\u2029b'],
    ['with a mark that turns the direction of writing', 'a\u202eb'],
    ['with a lone surrogate', 'a\ud800'],
    ['a fraction', 1.5],
    ['above 2^53 as a double', 2 ** 53],
    ['a boolean', true],
    ['an object', { id: 'C' }],
    ['a list', ['C']],
  ];
  for (const [name, id] of badIds) {
    it(`refuses a conversation ID that is ${name}`, () => {
      const result = decodeEvent(
        { ...payload('incoming-message'), Conversationid: id },
        SETTINGS,
        RECEIVED_AT,
      );
      assert.deepEqual(result, {
        kind: 'undecodable',
        reason: 'the conversation ID is not a text of 1 to 512 printable characters',
      });
    });
  }

  const goodIds: [JsonValue, string][] = [
    ['x'.repeat(512), 'x'.repeat(512)],
    ['a b', 'a b'],
    ['会話😀', '会話😀'],
    ['../../etc', '../../etc'],
    ['__proto__', '__proto__'],
    [0, '0'],
    [-5, '-5'],
  ];
  for (const [id, expected] of goodIds) {
    it(`accepts the conversation ID ${JSON.stringify(id).slice(0, 20)}`, () => {
      assert.equal(decode({ Conversationid: id, Message: 'hi' }).conversationId, expected);
    });
  }
});
