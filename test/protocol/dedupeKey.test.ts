import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { dedupeKey } from '../../src/protocol/dedupeKey';
import type { JsonObject, JsonValue } from '../../src/protocol/json';
import { CONVERSATION_ID, decode, respell } from '../support/decoding';
import { payload } from '../support/fixtures';
import { anyEventPayload, anySpelling, conversationIds } from '../support/wireArbitraries';

function keyOf(fields: JsonObject): string | undefined {
  return dedupeKey(decode(fields));
}

const message = payload('incoming-message');
const postback = payload('postback');
const delivery = payload('message-delivery');
const { Messageid: _, ...withoutId } = message;

describe('dedupeKey', () => {
  for (const name of ['incoming-message', 'postback', 'message-delivery'] as const) {
    it(`gives ${name} a key of fixed size, the same each time`, () => {
      assert.match(keyOf(payload(name)) ?? '', /^[\w-]{43}$/);
      assert.equal(keyOf(payload(name)), keyOf(payload(name)));
    });
  }

  it('is what earlier versions made of an event: keys are stored, and replicas of two versions share them', () => {
    const digest = (parts: unknown) => createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
    const { Conversationid, Timestamp } = postback;
    assert.equal(keyOf(message), digest(['id', CONVERSATION_ID, 'incomingmessage', 'MSG-000001', '']));
    assert.equal(keyOf(delivery), digest(['id', CONVERSATION_ID, 'messagedelivery', 'MSG-000002', 'Failed']));
    const fields = [
      ['channel', 'FB'],
      ['conversationid', Conversationid],
      ['conversationtype', 'BOT'],
      ['event', 'FB POSTBACK'],
      ['postbackpayload', 'TRACK_ORDER'],
      ['timestamp', Timestamp],
    ];
    assert.equal(keyOf(postback), digest(['payload', CONVERSATION_ID, fields]));
  });

  const same: [string, JsonObject, JsonObject][] = [
    ['a message that is sent again later', message, { ...message, Timestamp: '2026-03-09 14:15:07.25' }],
    ['a message whose other fields changed', message, { ...message, Channel: 'WEB', Extra: 1 }],
    ['a message whose Event is spelt otherwise', message, { ...message, Event: 'INCOMING_MESSAGE' }],
    ['a message whose numeric id is a text', { ...message, Messageid: 7 }, { ...message, Messageid: '7' }],
    [
      'a status in another case',
      { ...delivery, DeliveryStatus: 'Read' },
      { ...delivery, DeliveryStatus: 'READ' },
    ],
    ['a status whose description changed', delivery, { ...delivery, Description: 'other' }],
    ['a postback that is sent again', postback, { ...postback }],
    ['a postback in another order of keys', postback, Object.fromEntries(Object.entries(postback).reverse())],
  ];
  for (const [name, one, other] of same) {
    it(`recognises ${name}`, () => assert.equal(keyOf(one), keyOf(other)));
  }

  const different: [string, JsonObject, JsonObject][] = [
    ['another Messageid', message, { ...message, Messageid: 'MSG-000009' }],
    ['another conversation', message, { ...message, Conversationid: 'OTHER' }],
    ['another Event under the same Messageid', message, { ...message, Event: 'Custom Event' }],
    [
      'Delivered and Read of one Messageid',
      { ...delivery, DeliveryStatus: 'Delivered' },
      { ...delivery, DeliveryStatus: 'Read' },
    ],
    ['a message and the status of it', message, { ...delivery, Messageid: 'MSG-000001' }],
    [
      'a message and its status, both without a name',
      { Conversationid: 'C', Messageid: 'M', Message: 'hi' },
      { Conversationid: 'C', Messageid: 'M', DeliveryStatus: 'Read' },
    ],
    [
      'a message and a tap of one Messageid, both without a name',
      { Conversationid: 'C', Messageid: 'M', Message: 'hi' },
      { Conversationid: 'C', Messageid: 'M', PostbackPayload: 'hi' },
    ],
    [
      'two messages with the same placeholder as Messageid',
      { ...message, Messageid: 'null' },
      { ...message, Messageid: 'null', Timestamp: '2026-03-09 14:05:08.00' },
    ],
    ['a second tap on a button', postback, { ...postback, Timestamp: '2026-03-09 14:05:09.11' }],
    ['a tap on another button', postback, { ...postback, PostbackPayload: 'OTHER' }],
    ['a tap in another conversation', postback, { ...postback, Conversationid: 'OTHER' }],
    ['another text without an id', withoutId, { ...withoutId, Message: 'Hello?' }],
    ['an unknown field without an id', withoutId, { ...withoutId, Sequence: 2 }],
    [
      'two agent conversations of one bot conversation',
      { ...message, ConversationType: 'AGENT', BotConversationid: 'B', Conversationid: 'A1' },
      { ...message, ConversationType: 'AGENT', BotConversationid: 'B', Conversationid: 'A2' },
    ],
    [
      'two agent conversations without ids',
      { ...withoutId, ConversationType: 'AGENT', BotConversationid: 'B', Conversationid: 'A1' },
      { ...withoutId, ConversationType: 'AGENT', BotConversationid: 'B', Conversationid: 'A2' },
    ],
  ];
  for (const [name, one, other] of different) {
    it(`tells apart ${name}`, () => assert.notEqual(keyOf(one), keyOf(other)));
  }

  const keyless: [string, Record<string, JsonValue>][] = [
    ['no Messageid and no Timestamp', { Conversationid: 'C', Message: 'hi' }],
    ['a placeholder as Messageid and no Timestamp', { ...message, Messageid: '0', Timestamp: '' }],
    ['both blank', { ...message, Messageid: '', Timestamp: null }],
    ['a tap without a Timestamp', { ...postback, Timestamp: '' }],
  ];
  for (const [name, fields] of keyless) {
    it(`has no key for an event with ${name}: nothing tells a repeat from the same words again`, () => {
      assert.equal(keyOf(fields), undefined);
    });
  }

  it('has a key for an event with an id but no timestamp', () => {
    const { Timestamp: _timestamp, ...timeless } = message;
    assert.equal(keyOf(timeless), keyOf(message));
  });

  it('is the same for every spelling of one event', () => {
    fc.assert(
      fc.property(anyEventPayload, anySpelling, (fields, spell) => {
        assert.equal(keyOf(respell(fields, spell)), keyOf(fields));
      }),
      { numRuns: 300 },
    );
  });

  it('is never shared by two conversations', () => {
    const pairs = fc.uniqueArray(conversationIds, { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(anyEventPayload, pairs, (fields, [one, other]) => {
        const keys = [one, other].map((id) => keyOf({ ...fields, Conversationid: id ?? '' }));
        fc.pre(keys[0] !== undefined);
        assert.notEqual(keys[0], keys[1]);
      }),
      { numRuns: 300 },
    );
  });

  it('is shared only by events of the same conversation, name, id and status', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '"', '","', '[', 'a","b');
    const identity = fc.record({ Conversationid: part, Event: part, Messageid: part });
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const isSame = Object.values(one).join('\n') === Object.values(other).join('\n');
        assert.equal(keyOf(one) === keyOf(other), isSame);
      }),
      { numRuns: 500 },
    );
  });
});
