import assert from 'node:assert/strict';
import {
  incomingMessage,
  messageDelivery,
  mirroredMessage,
  postback,
  TEST_CONVERSATION_ID,
} from '../../src/testing';
import { payload } from '../support/fixtures';

describe('the event builders', () => {
  it('build the documented fields, and no others', () => {
    assert.deepEqual(Object.keys(incomingMessage()).sort(), Object.keys(payload('incoming-message')).sort());
    assert.deepEqual(Object.keys(postback()).sort(), Object.keys(payload('postback')).sort());
    const delivery = messageDelivery({ status: 'Failed', description: 'why' });
    assert.deepEqual(Object.keys(delivery).sort(), Object.keys(payload('message-delivery')).sort());
  });

  it('build the documented values', () => {
    const fields = { conversationId: 'C', messageId: 'M', timestamp: Date.UTC(2026, 2, 9, 14, 5, 7, 250) };
    assert.deepEqual(incomingMessage({ ...fields, text: 'hello', channel: 'SMS' }), {
      Conversationid: 'C',
      ConversationType: 'BOT',
      Message: 'hello',
      MessageType: 'TEXT',
      Media: '',
      Messageid: 'M',
      Channel: 'SMS',
      Event: 'Incoming message',
      Timestamp: '2026-03-09 14:05:07.25',
    });
    assert.equal(postback('GO').PostbackPayload, 'GO');
    assert.equal(postback({ payload: 'GO' }).Messageid, undefined);
  });

  it('give each event an id and a time of its own, in one conversation', () => {
    const [first, second] = [incomingMessage('a'), incomingMessage('b')];
    assert.notEqual(first.Messageid, second.Messageid);
    assert.notEqual(first.Timestamp, second.Timestamp);
    assert.equal(first.Conversationid, TEST_CONVERSATION_ID);
  });

  it('leave the message’s id out for null, and take fields of the wire', () => {
    const event = incomingMessage({
      messageId: null,
      wire: { Tenant: 'x', Channel: 'WEB' },
      media: ['https://a.b/c.png'],
    });
    assert.equal('Messageid' in event, false);
    assert.equal(event.Tenant, 'x');
    assert.equal(event.Channel, 'WEB');
    assert.notEqual(event.Media, '');
  });

  it('build mirrored messages of agent and customer, tied or not', () => {
    assert.equal(mirroredMessage().BotConversationid, TEST_CONVERSATION_ID);
    assert.equal(mirroredMessage({ isTied: false }).BotConversationid, undefined);
    assert.match(String(mirroredMessage().Event), /agent/i);
    assert.doesNotMatch(String(mirroredMessage({ author: 'customer' }).Event), /agent/i);
    assert.equal(mirroredMessage('text').Message, 'text');
  });
});
