import assert from 'node:assert/strict';
import type { Activity } from 'botbuilder';
import { type BotHost, serveBot } from '../support/botHost';
import { payload } from '../support/fixtures';

const TIMESTAMP = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/;

describe('the documented payloads, over HTTP', () => {
  let host: BotHost;
  let seen: Partial<Activity>[];

  beforeEach(async () => {
    seen = [];
    host = await serveBot({}, async (context) => {
      seen.push(JSON.parse(JSON.stringify(context.activity)));
      if (context.activity.type === 'message') await context.sendActivity(`Echo: ${context.activity.text}`);
    });
  });
  afterEach(() => host.stop());

  it('an incoming message is echoed in the documented form, in the same conversation, stamped in GMT', async () => {
    const before = Date.now();
    await host.post(payload('incoming-message'));
    await host.webhook.waitFor(1);
    const [post] = host.webhook.received;
    const { Timestamp = '', ...rest } = post?.body ?? {};
    assert.deepEqual(rest, {
      eventid: '1001',
      conversation_id: payload('incoming-message').Conversationid,
      message: 'Echo: Where is my order?',
      Messagetype: 'TEXT',
    });
    assert.deepEqual(Object.keys(post?.body ?? {}), Object.keys(payload('reply-1001')));
    assert.match(Timestamp, TIMESTAMP);
    const stamped = Date.parse(`${Timestamp.replace(' ', 'T')}Z`);
    assert.ok(stamped >= before && stamped <= Date.now());
    assert.match(post?.headers['content-type'] ?? '', /^application\/json/);
  });

  it('the reply carries the id that the bot was given as Idempotency-Key', async () => {
    await host.post(payload('incoming-message'));
    await host.webhook.waitFor(1);
    assert.match(String(host.webhook.received[0]?.headers['idempotency-key']), /^[0-9a-f-]{36}\.1$/);
  });

  it('a message reaches the bot as a message with the platform’s id, time and fields', async () => {
    await host.post({ ...payload('incoming-message'), TenantField: { deep: [1] } });
    await host.adapter.whenIdle();
    const [activity] = seen;
    assert.equal(activity?.type, 'message');
    assert.equal(activity?.id, 'MSG-000001');
    assert.equal(activity?.text, 'Where is my order?');
    assert.equal(activity?.channelId, 'webexconnect');
    assert.equal(new Date(activity?.timestamp ?? 0).toISOString(), '2026-03-09T14:05:07.250Z');
    assert.deepEqual(activity?.channelData.TenantField, { deep: [1] });
    assert.equal(activity?.conversation?.id, payload('incoming-message').Conversationid);
    assert.equal(activity?.from?.id, payload('incoming-message').Conversationid);
  });

  it('a postback reaches the bot as a message with text and value, marked in channelData', async () => {
    await host.post(payload('postback'));
    await host.adapter.whenIdle();
    assert.equal(seen[0]?.text, 'TRACK_ORDER');
    assert.equal(seen[0]?.value, 'TRACK_ORDER');
    assert.equal(seen[0]?.channelData.webexConnect.isPostback, true);
  });

  it('a delivery reaches the bot as an event', async () => {
    await host.post(payload('message-delivery'));
    await host.adapter.whenIdle();
    assert.equal(seen[0]?.name, 'webexConnect.messageDelivery');
    assert.deepEqual(seen[0]?.value, {
      messageId: 'MSG-000002',
      status: 'Failed',
      description: 'User has opted out',
    });
    assert.deepEqual(host.webhook.received, []);
  });

  it('a message whose type is not BOT reaches the bot as an event, so that no onMessage runs', async () => {
    await host.post({
      ...payload('incoming-message'),
      ConversationType: 'AGENT',
      Event: 'Agent message',
      Conversationid: 'AGENT-1',
      BotConversationid: 'BOT-1',
    });
    await host.adapter.whenIdle();
    assert.equal(seen[0]?.type, 'event');
    assert.equal(seen[0]?.name, 'webexConnect.mirroredMessage');
    assert.equal(seen[0]?.conversation?.id, 'BOT-1');
    assert.deepEqual(seen[0]?.value, {
      author: 'agent',
      crossedHandover: false,
      agentConversationId: 'AGENT-1',
      isTied: true,
      messageId: 'MSG-000001',
      text: 'Where is my order?',
    });
    assert.deepEqual(host.webhook.received, []);
  });
});
