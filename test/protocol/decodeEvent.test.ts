import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type DecodeSettings,
  decodeEvent,
  type EventSketch,
  namesAnAgent,
  statesType,
} from '../../src/protocol/decodeEvent';
import { type JsonObject, type JsonValue, parseBody } from '../../src/protocol/json';
import {
  CONVERSATION_ID,
  decode,
  decodeAs,
  meaningOf,
  objectIn,
  RECEIVED_AT,
  respell,
  SETTINGS,
} from '../support/decoding';
import { payload } from '../support/fixtures';
import { present } from '../support/present';
import { anyEventPayload, anyJson, anySpelling, anyText } from '../support/wireArbitraries';

const documented = ['incoming-message', 'postback', 'message-delivery'] as const;

const meanings = {
  'incoming-message': {
    kind: 'message',
    conversationId: CONVERSATION_ID,
    conversationType: 'BOT',
    eventName: 'Incoming message',
    channel: 'FB',
    messageId: 'MSG-000001',
    timestamp: Date.UTC(2026, 2, 9, 14, 5, 7, 250),
    text: 'Where is my order?',
    messageType: 'TEXT',
    media: [],
  },
  postback: {
    kind: 'postback',
    conversationId: CONVERSATION_ID,
    conversationType: 'BOT',
    eventName: 'FB POSTBACK',
    channel: 'FB',
    messageId: undefined,
    timestamp: Date.UTC(2026, 2, 9, 14, 5, 9, 100),
    postbackPayload: 'TRACK_ORDER',
  },
  'message-delivery': {
    kind: 'messageDelivery',
    conversationId: CONVERSATION_ID,
    conversationType: 'BOT',
    eventName: 'Message Delivery',
    channel: 'FB',
    messageId: 'MSG-000002',
    timestamp: Date.UTC(2026, 2, 9, 14, 5, 12, 990),
    status: 'Failed',
    description: 'User has opted out',
    ofAgent: undefined,
  },
};

const spellings: [string, (name: string) => string][] = [
  ['in lower case', (name) => name.toLowerCase()],
  ['in capitals', (name) => name.toUpperCase()],
  ['in snake_case', (name) => name.replace(/(?<=[a-z])(?=[A-Z]|id$)/g, '_').toLowerCase()],
  ['in kebab-case', (name) => name.replace(/(?<=[a-z])(?=[A-Z]|id$)/g, '-').toLowerCase()],
  ['in camelCase', (name) => name.charAt(0).toLowerCase() + name.slice(1).replace(/id$/, 'Id')],
  ['in Title Case with blanks', (name) => name.replace(/(?<=[a-z])(?=[A-Z]|id$)/g, ' ')],
  ['with underscores around', (name) => `_${name}__`],
];

function agentMessage(fields: Record<string, JsonValue> = {}): JsonObject {
  return {
    Conversationid: 'AGENT-1',
    ConversationType: 'AGENT',
    Message: 'I will look into it.',
    MessageType: 'TEXT',
    Messageid: 'MSG-9',
    Event: 'Agent message',
    Timestamp: '2026-03-09 14:07:00.00',
    ...fields,
  };
}

function kindOf(fields: Record<string, JsonValue>): string {
  const result = decodeEvent({ Conversationid: 'C', ...fields }, SETTINGS, RECEIVED_AT);
  return result.kind === 'event' ? result.event.kind : result.kind;
}

describe('decodeEvent, a documented payload', () => {
  for (const name of documented) {
    it(`reads ${name}`, () => {
      const event = decode(payload(name));
      assert.deepEqual(meaningOf(event), meanings[name]);
      assert.deepEqual(event.payload, payload(name));
    });

    for (const [title, spell] of spellings) {
      it(`reads ${name} with its keys ${title}`, () => {
        assert.deepEqual(meaningOf(decode(respell(payload(name), spell))), meanings[name]);
      });
    }

    it(`reads ${name} with any case, underscores, dashes and blanks in its keys`, () => {
      fc.assert(
        fc.property(anySpelling, (spell) => {
          assert.deepEqual(meaningOf(decode(respell(payload(name), spell))), meanings[name]);
        }),
      );
    });

    it(`reads ${name} in any order of its keys`, () => {
      const reversed = Object.fromEntries(Object.entries(payload(name)).reverse());
      assert.deepEqual(meaningOf(decode(reversed)), meanings[name]);
    });
  }
});

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

describe('decodeEvent, a mirrored message', () => {
  it('keeps the ID of its own conversation, and says which BOT conversation a field names', () => {
    const event = decodeAs('mirroredMessage', agentMessage({ bot_conversation_id: 'CONV-1' }));
    assert.deepEqual(meaningOf(event), {
      kind: 'mirroredMessage',
      conversationId: 'AGENT-1',
      agentConversationId: 'AGENT-1',
      tie: { by: 'field', botConversationId: 'CONV-1' },
      crossedHandover: false,
      conversationType: 'AGENT',
      eventName: 'Agent message',
      channel: undefined,
      messageId: 'MSG-9',
      timestamp: Date.UTC(2026, 2, 9, 14, 7),
      author: 'agent',
      text: 'I will look into it.',
      messageType: 'TEXT',
      media: [],
      postbackPayload: undefined,
    });
  });

  it('carries what the customer tapped', () => {
    const fields = agentMessage({ Message: '', PostbackPayload: 'YES', Event: 'FB POSTBACK' });
    const event = decodeAs('mirroredMessage', fields);
    assert.equal(event.postbackPayload, 'YES');
    assert.equal(event.text, '');
    assert.equal(event.author, 'customer');
  });

  it('asks the option who wrote it, with the name and the payload', () => {
    const fields = agentMessage({ Event: 'Incoming message', Sender: 'AGENT' });
    const isAgentMessage = (event: { eventName: string; payload: JsonObject }) =>
      event.eventName === 'Incoming message' && event.payload.Sender === 'AGENT';
    assert.equal(decodeAs('mirroredMessage', fields, { isAgentMessage }).author, 'agent');
    assert.equal(decodeAs('mirroredMessage', fields).author, 'customer');
  });

  it('leaves the bot conversation of a BOT message alone, whatever the field says', () => {
    const event = decode({ ...payload('incoming-message'), BotConversationid: 'OTHER' });
    assert.equal(event.conversationId, CONVERSATION_ID);
  });
});

/** Both kinds of event of an agent's conversation, and what each says of the BOT conversation. */
const agentEvents: [string, JsonObject, (sent: JsonObject, settings?: Partial<DecodeSettings>) => unknown][] =
  [
    [
      'a mirrored message',
      agentMessage(),
      (sent, settings) => decodeAs('mirroredMessage', sent, settings).tie,
    ],
    [
      "an agent's event without a message",
      agentMessage({ Event: 'Chat Closed', Message: '' }),
      (sent, settings) => present(decodeAs('unknown', sent, settings).ofAgent).tie,
    ],
  ];

for (const [name, sent, tieOf] of agentEvents) {
  describe(`decodeEvent, the tie of ${name}`, () => {
    const unstated: [string, JsonValue | undefined][] = [
      ['is missing', undefined],
      ['is empty', ''],
      ['is blank', '  '],
      ['is null', null],
      ['is an object', { id: 'CONV-1' }],
      ['is a fraction', 1.5],
      ['holds a control character', 'CONV\u0000'],
      ['is too long', 'x'.repeat(513)],
    ];
    for (const [title, value] of unstated) {
      it(`is none when the field ${title}`, () => {
        const field: Record<string, JsonValue> = value === undefined ? {} : { BotConversationid: value };
        assert.equal(tieOf({ ...sent, ...field }), undefined);
      });
    }

    it('is that of the first of several fields that holds an ID', () => {
      const fields = { first: '', second: 17, third: 'CONV-3' };
      const settings = { botConversationFields: ['First', 'Second', 'Third'] };
      assert.deepEqual(tieOf({ ...sent, ...fields }, settings), { by: 'field', botConversationId: '17' });
    });

    it('is that of the function where no field names the conversation', () => {
      const botConversationOf = ({ payload: fields, eventName }: EventSketch) =>
        `${eventName}/${fields.Conversationid}`;
      assert.deepEqual(tieOf(sent, { botConversationOf }), {
        by: 'function',
        botConversationId: `${sent.Event}/AGENT-1`,
      });
    });

    it('is that of the field when both name a conversation', () => {
      const fields = { ...sent, BotConversationid: 'CONV-1' };
      assert.deepEqual(tieOf(fields, { botConversationOf: () => 'OTHER' }), {
        by: 'field',
        botConversationId: 'CONV-1',
      });
    });

    for (const answer of [undefined, '', ' ', 'a\u0000']) {
      it(`is none when the function answers ${JSON.stringify(answer)}`, () => {
        assert.equal(tieOf(sent, { botConversationOf: () => answer }), undefined);
      });
    }

    it('is never that of a field that is not an option', () => {
      assert.equal(tieOf({ ...sent, BotConversationid: 'CONV-1' }, { botConversationFields: [] }), undefined);
    });

    it('never changes whose conversation it is', () => {
      assert.equal(decode({ ...sent, BotConversationid: 'CONV-1' }).conversationId, 'AGENT-1');
    });
  });
}

describe('decodeEvent, an event without a message', () => {
  it("is no agent's when its conversation is of type BOT, whatever the field says", () => {
    const fields = { Conversationid: 'C', Event: 'Chat Closed', BotConversationid: 'OTHER' };
    assert.equal(decodeAs('unknown', fields).ofAgent, undefined);
  });
});

describe('namesAnAgent', () => {
  const cases: [string, boolean][] = [
    ['Agent Message', true],
    ['MESSAGE_FROM_AGENT', true],
    ['Incoming message', false],
    ['', false],
  ];
  for (const [eventName, expected] of cases) {
    it(`says ${expected} of ${JSON.stringify(eventName)}`, () => {
      assert.equal(namesAnAgent({ eventName }), expected);
    });
  }
});

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

describe('decodeEvent on anything', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, fc.array(anyEventPayload)), (value) => {
        assert.match(decodeEvent(value, SETTINGS, RECEIVED_AT).kind, /^(event|notEvent|undecodable)$/);
      }),
    );
  });

  it('never throws on an event with anything in its fields, and keeps the payload', () => {
    fc.assert(
      fc.property(anyEventPayload, anySpelling, (fields, spell) => {
        const respelt = respell(fields, spell);
        const event = decode(respelt);
        assert.equal(event.payload, respelt);
        assert.deepEqual(meaningOf(event), meaningOf(decode(fields)));
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on any body', () => {
    const json = fc.oneof(
      fc.json(),
      anyEventPayload.map((fields) => JSON.stringify(fields)),
    );
    fc.assert(
      fc.property(json, (text) => {
        const body = parseBody(text);
        if (body.kind === 'json') decodeEvent(body.value, SETTINGS, RECEIVED_AT);
      }),
    );
  });

  it('is not deceived by __proto__ and constructor keys', () => {
    const fields = objectIn(
      '{"__proto__":{"ConversationType":"AGENT","Message":"no"},"constructor":{"prototype":{"Event":"x"}},' +
        '"Conversationid":"C","Message":"hi"}',
    );
    const event = decodeAs('message', fields);
    assert.equal(event.text, 'hi');
    assert.equal(event.conversationType, 'BOT');
    assert.equal(Reflect.get({}, 'ConversationType'), undefined);
  });
});
