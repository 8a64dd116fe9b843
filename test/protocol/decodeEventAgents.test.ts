import assert from 'node:assert/strict';
import { type DecodeSettings, type EventSketch, namesAnAgent } from '../../src/protocol/decodeEvent';
import type { JsonObject, JsonValue } from '../../src/protocol/json';
import { CONVERSATION_ID, decode, decodeAs, meaningOf } from '../support/decoding';
import { payload } from '../support/fixtures';
import { present } from '../support/present';

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
