import assert from 'node:assert/strict';
import type { Activity } from 'botbuilder';
import fc from 'fast-check';
import type { InboundEvent } from '../../src/protocol/inboundEvent';
import type { JsonObject } from '../../src/protocol/json';
import { mirroredOfCrossing } from '../../src/protocol/mirroredOfCrossing';
import { type ActivityStamp, toActivity } from '../../src/protocol/toActivity';
import { toTranscriptLine } from '../../src/protocol/transcript';
import { transcriptOfEvent, transcriptOfReply } from '../../src/protocol/transcriptActivity';
import { CONVERSATION_ID, decode, decodeAs, RECEIVED_AT } from '../support/decoding';
import { payload } from '../support/fixtures';
import { anyEventPayload } from '../support/wireArbitraries';

const STAMP: ActivityStamp = {
  eventId: 'EVENT-1',
  receivedAt: RECEIVED_AT,
  botId: 'bot',
  userId: (event: InboundEvent) => `user of ${event.conversationId}`,
};

function entryOf(fields: JsonObject, stamp: Partial<ActivityStamp> = {}): Partial<Activity> | undefined {
  return transcriptOfEvent(decode(fields), { ...STAMP, ...stamp });
}

function place(conversationId: string): Partial<Activity> {
  return {
    channelId: 'webexconnect',
    serviceUrl: 'https://webexconnect.io/',
    conversation: { id: conversationId, name: '', isGroup: false, conversationType: 'personal' },
  };
}

function user(conversationId: string) {
  return { id: `user of ${conversationId}`, name: '', role: 'user' };
}
const bot = { id: 'bot', name: '', role: 'bot' };

const mirrored: JsonObject = {
  Conversationid: 'AGENT-1',
  ConversationType: 'AGENT',
  Message: 'I will look into it.',
  Messageid: 'MSG-9',
  Event: 'Agent message',
  Timestamp: '2026-03-09 14:07:00.00',
};

describe('transcriptOfEvent', () => {
  it('gives what the customer wrote to the bot', () => {
    assert.deepEqual(entryOf(payload('incoming-message')), {
      ...place(CONVERSATION_ID),
      type: 'message',
      id: 'MSG-000001',
      timestamp: new Date('2026-03-09T14:05:07.250Z'),
      from: user(CONVERSATION_ID),
      recipient: bot,
      text: 'Where is my order?',
      textFormat: 'plain',
      attachments: [],
      channelData: { webexConnect: { author: 'customer' } },
    });
  });

  it('gives what the customer tapped, under the id of the stored event', () => {
    const entry = entryOf(payload('postback'));
    assert.deepEqual([entry?.text, entry?.id, entry?.from?.role], ['TRACK_ORDER', 'EVENT-1', 'user']);
    assert.deepEqual(
      [entry?.attachments, entry?.channelData],
      [[], { webexConnect: { author: 'customer' } }],
    );
  });

  it("gives what an agent said, on the bot's side, in the BOT conversation", () => {
    assert.deepEqual(entryOf(mirrored, { tiedTo: 'CONV-1' }), {
      ...place('CONV-1'),
      type: 'message',
      id: 'MSG-9',
      timestamp: new Date('2026-03-09T14:07:00Z'),
      from: { id: 'AGENT-1', name: 'Agent', role: 'bot' },
      recipient: user('CONV-1'),
      text: 'I will look into it.',
      textFormat: 'plain',
      attachments: [],
      channelData: { webexConnect: { author: 'agent', agentConversationId: 'AGENT-1' } },
    });
  });

  it('gives what the customer said to an agent', () => {
    const entry = entryOf({ ...mirrored, Event: 'Incoming message' }, { tiedTo: 'CONV-1' });
    assert.deepEqual(entry?.from, user('CONV-1'));
    assert.deepEqual(entry?.recipient, bot);
    assert.deepEqual(entry?.channelData, {
      webexConnect: { author: 'customer', agentConversationId: 'AGENT-1' },
    });
  });

  it('gives what the customer tapped for an agent', () => {
    const fields = { ...mirrored, Message: '', PostbackPayload: 'YES', Event: 'FB POSTBACK' };
    assert.equal(entryOf(fields)?.text, 'YES');
  });

  it("keeps what is not tied in the agent's conversation", () => {
    assert.equal(entryOf(mirrored)?.conversation?.id, 'AGENT-1');
  });

  it('gives a message that crossed a handover like any other', () => {
    const event = decodeAs('message', payload('incoming-message'));
    assert.deepEqual(transcriptOfEvent(mirroredOfCrossing(event), STAMP), transcriptOfEvent(event, STAMP));
  });

  it('has the attachments of Media', () => {
    const attachments = [{ contentType: 'image/png', contentUrl: 'https://x.example/a.png' }];
    const Media = 'https://x.example/a.png';
    assert.deepEqual(entryOf({ ...payload('incoming-message'), Media })?.attachments, attachments);
    assert.deepEqual(entryOf({ ...mirrored, Media })?.attachments, attachments);
    const wordless = entryOf({ ...mirrored, Message: '', Media });
    assert.deepEqual([wordless?.text, wordless?.attachments], ['', attachments]);
  });

  it('has the time of arrival where there is none', () => {
    const entry = entryOf({ ...payload('incoming-message'), Timestamp: '' });
    assert.deepEqual(entry?.timestamp, new Date(RECEIVED_AT));
  });

  for (const [name, fields] of [
    ['a delivery', payload('message-delivery')],
    ['an event that is not documented', { Conversationid: 'C', Event: 'Chat Closed' }],
    [
      "an agent's event without a message",
      { Conversationid: 'A', ConversationType: 'AGENT', Event: 'Closed' },
    ],
  ] as const) {
    it(`gives nothing for ${name}`, () => assert.equal(entryOf(fields), undefined));
  }
});

describe('transcriptOfEvent on any event', () => {
  const entries = anyEventPayload.map((fields) => ({ fields, entry: entryOf(fields) }));

  it('has what Bot Framework Emulator needs, and what JSON can carry', () => {
    fc.assert(
      fc.property(entries, ({ entry }) => {
        fc.pre(entry !== undefined);
        const { channelId, conversation, from, recipient, timestamp, id, type } = entry;
        assert.equal(type, 'message');
        for (const needed of [channelId, conversation?.id, from?.id, recipient?.id, id])
          assert.ok(needed, String(needed));
        assert.deepEqual([from?.role, recipient?.role].sort(), ['bot', 'user']);
        assert.deepEqual(JSON.parse(JSON.stringify(entry)), {
          ...entry,
          timestamp: timestamp?.toISOString(),
        });
      }),
    );
  });

  it("has the id, the time and the conversation of the bot's activity, so that no logger doubles it", () => {
    fc.assert(
      fc.property(entries, ({ fields, entry }) => {
        fc.pre(entry !== undefined);
        const { id, timestamp, conversation } = toActivity(decode(fields), STAMP);
        assert.deepEqual([entry.id, entry.timestamp, entry.conversation], [id, timestamp, conversation]);
      }),
    );
  });

  it('reads as a line of its author, or says nothing', () => {
    fc.assert(
      fc.property(entries, ({ fields, entry }) => {
        fc.pre(entry !== undefined);
        const event = decode(fields);
        const line = toTranscriptLine(JSON.parse(JSON.stringify(entry)), 0);
        if (line === undefined) return assert.deepEqual([entry.text, entry.attachments], ['', []]);
        assert.equal(line.author, event.kind === 'mirroredMessage' ? event.author : 'customer');
        assert.equal(line.timestamp, entry.timestamp?.toISOString());
        assert.equal(line.text.startsWith(entry.text ?? ''), true, line.text);
      }),
    );
  });
});

describe('transcriptOfReply', () => {
  const reply = {
    id: 'ACT-1',
    conversationId: 'CONV-1',
    botId: 'desk',
    time: RECEIVED_AT,
    text: 'Sure?\n\n1. Yes',
  };

  it('gives what the customer saw of it', () => {
    const activity = {
      type: 'message',
      text: 'Sure?',
      recipient: { id: 'user-1', name: '' },
      attachments: [{ contentType: 'image/png', contentUrl: 'https://x.example/a.png' }],
    };
    assert.deepEqual(transcriptOfReply(activity, reply), {
      ...place('CONV-1'),
      type: 'message',
      id: 'ACT-1',
      timestamp: new Date(RECEIVED_AT),
      from: { id: 'desk', name: '', role: 'bot' },
      recipient: { id: 'user-1', name: '', role: 'user' },
      text: 'Sure?\n\n1. Yes',
      textFormat: 'plain',
      attachments: [],
      channelData: { webexConnect: { author: 'bot' } },
    });
  });

  it('goes to the conversation ID where nobody is named, as all of this adapter does', () => {
    assert.equal(transcriptOfReply({}, reply).recipient?.id, 'CONV-1');
  });

  it('reads as a line of the bot', () => {
    assert.deepEqual(toTranscriptLine(transcriptOfReply({}, reply), 0), {
      author: 'bot',
      text: reply.text,
      timestamp: new Date(RECEIVED_AT).toISOString(),
    });
  });
});
