import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PlatformEvent } from '../../src/wire/platformEvent';
import { writeEvent } from '../../src/wire/writeEvent';

const base = {
  conversationId: 'CONV-7f3a1c52-0d7e-4f0b-9c0e-2f6d0a9b1e11',
  conversationType: 'BOT',
  channel: 'FB',
} as const;
const message: PlatformEvent = {
  ...base,
  kind: 'message',
  author: 'customer',
  text: 'Where is my order?',
  media: undefined,
  messageId: 'MSG-000001',
  at: Date.UTC(2026, 2, 9, 14, 5, 7, 250),
};

function written(event: PlatformEvent): unknown {
  return JSON.parse(writeEvent(event, 'documented', 0));
}

describe('writeEvent', () => {
  it('writes an incoming message as the reference has it, in its order', () => {
    assert.equal(
      writeEvent(message, 'documented', 0),
      JSON.stringify({
        Conversationid: 'CONV-7f3a1c52-0d7e-4f0b-9c0e-2f6d0a9b1e11',
        ConversationType: 'BOT',
        Message: 'Where is my order?',
        MessageType: 'TEXT',
        Messageid: 'MSG-000001',
        Media: '',
        Channel: 'FB',
        Event: 'Incoming message',
        Timestamp: '2026-03-09 14:05:07.25',
      }),
    );
  });

  it('writes a postback without Messageid', () => {
    const at = Date.UTC(2026, 2, 9, 14, 5, 9, 100);
    assert.deepEqual(written({ ...base, kind: 'postback', payload: 'TRACK_ORDER', at }), {
      Conversationid: 'CONV-7f3a1c52-0d7e-4f0b-9c0e-2f6d0a9b1e11',
      ConversationType: 'BOT',
      PostbackPayload: 'TRACK_ORDER',
      Channel: 'FB',
      Event: 'FB POSTBACK',
      Timestamp: '2026-03-09 14:05:09.10',
    });
  });

  it('writes a receipt, described only when it failed', () => {
    const at = Date.UTC(2026, 2, 9, 14, 5, 12, 990);
    const receipt = { ...base, kind: 'receipt', messageId: 'MSG-000002', at } as const;
    assert.deepEqual(written({ ...receipt, status: 'Failed' }), {
      Conversationid: 'CONV-7f3a1c52-0d7e-4f0b-9c0e-2f6d0a9b1e11',
      ConversationType: 'BOT',
      Messageid: 'MSG-000002',
      Channel: 'FB',
      Event: 'Message Delivery',
      DeliveryStatus: 'Failed',
      Description: 'User has opted out',
      Timestamp: '2026-03-09 14:05:12.99',
    });
    assert.match(writeEvent({ ...receipt, status: 'Read' }, 'documented', 0), /"Description":""/);
  });

  it("writes an agent's message with the BOT conversation it belongs to", () => {
    const mirrored = written({
      ...message,
      author: 'agent',
      conversationType: 'AGENT',
      conversationId: 'CONV-agent',
      botConversationId: base.conversationId,
    });
    assert.deepEqual(Object.entries(mirrored ?? {}).slice(0, 3), [
      ['Conversationid', 'CONV-agent'],
      ['ConversationType', 'AGENT'],
      ['BotConversationid', base.conversationId],
    ]);
    assert.match(JSON.stringify(mirrored), /"Event":"Agent message"/);
  });

  const media: [url: string, type: string][] = [
    ['https://example.com/a.PNG?x=.mp3', 'IMAGE'],
    ['https://example.com/a.mp4', 'VIDEO'],
    ['https://example.com/a.mp3#t', 'AUDIO'],
    ['https://example.com/a', 'FILE'],
  ];
  for (const [url, type] of media) {
    it(`calls ${url} ${type}`, () => {
      const text = writeEvent({ ...message, media: url }, 'documented', 0);
      assert.match(text, new RegExp(`"MessageType":"${type}"`));
      assert.ok(text.includes(`"Media":"${url}"`), text);
    });
  }

  it('leaves Messageid out in the dialect without it', () => {
    const text = writeEvent(message, 'withoutMessageid', 0);
    assert.doesNotMatch(text, /messageid/i);
    assert.match(text, /"Message":/);
  });

  it('changes nothing but the casing of names in the sloppy dialect, and not always in the same way', () => {
    const texts = [0, 1, 2].map((ordinal) => writeEvent(message, 'sloppyCasing', ordinal));
    assert.equal(new Set(texts).size, 3);
    const documented: Record<string, string> = JSON.parse(writeEvent(message, 'documented', 0));
    const lowered = Object.entries(documented).map(([name, value]) => [name.toLowerCase(), value]);
    for (const text of texts) {
      const fields: Record<string, string> = JSON.parse(text);
      assert.deepEqual(
        Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]),
        lowered,
      );
    }
  });

  it('carries any text unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const fields: { Message: string } = JSON.parse(writeEvent({ ...message, text }, 'documented', 0));
        assert.equal(fields.Message, text);
      }),
    );
  });
});
