import assert from 'node:assert/strict';
import { z } from 'zod';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { payload } from '../support/fixtures';
import { FakeConnector } from './support/fakeConnector';
import { SampleProcess } from './support/sampleProcess';

const TOKEN = { verification_token: 'sample-token' };
const CARD = 'application/vnd.microsoft.card.adaptive';
const AT_THE_DOOR = 'Parcel 123456 is at your door.';

const HEALTH = z.object({ status: z.string() });

describe('the Express sample, as its own process', () => {
  let connector: FakeConnector;
  let webhook: FakeWebhook;
  let sample: SampleProcess;
  const temporaryFile = temporaryFiles();

  before(async function () {
    this.timeout(30_000);
    connector = await FakeConnector.listen();
    webhook = await FakeWebhook.listen();
    sample = await SampleProcess.start('express', {
      WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
      WEBEX_CONNECT_VERIFICATION_TOKEN: TOKEN.verification_token,
      WEBEX_CONNECT_STORE: `sqlite:${temporaryFile()}`,
      MicrosoftAppId: '',
    });
  });

  after(async () => {
    await sample.stop();
    await webhook.close();
    await connector.close();
  });

  const at = (path: string) => new URL(path, sample.url).href;

  /** What somebody writes in Web Chat, as Azure Bot Service passes it on. */
  async function webChatSays(text: string): Promise<void> {
    const activity = {
      type: 'message',
      id: 'activity-1',
      timestamp: '2026-03-09T14:05:07.250Z',
      channelId: 'webchat',
      serviceUrl: connector.url,
      from: { id: 'user-1' },
      recipient: { id: 'bot-1' },
      conversation: { id: 'web-chat-1' },
      text,
    };
    assert.equal((await postTo(at('/api/messages'), activity)).status, 200);
  }

  async function customerSays(Message: string, Messageid: string): Promise<void> {
    const answer = await postTo(sample.url, { ...payload('incoming-message'), Message, Messageid });
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [200, TOKEN]);
  }

  it('serves Web Chat through CloudAdapter, with a card', async () => {
    await webChatSays('Where is 123456?');
    assert.deepEqual(
      connector.received.map(({ path }) => path),
      ['/v3/conversations/web-chat-1/activities/activity-1'],
    );
    assert.deepEqual(
      connector.received[0]?.activity.attachments?.map(({ contentType }) => contentType),
      [CARD],
    );
    assert.equal(webhook.received.length, 0);
  });

  it('serves Webex Connect on the same server, in words', async () => {
    const answer = await postTo(sample.url, payload('incoming-message'));
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [200, TOKEN]);
    await customerSays('Parcel 123456!', 'MSG-2');
    await webhook.waitFor(2);
    assert.deepEqual(webhook.texts, [
      'Which parcel? Its number has six digits, such as 123456.',
      'Parcel 123456\nWhere: in our van\nYou have asked: once\nFollow it: https://parcels.example.com/123456',
    ]);
    for (const { body } of webhook.received) {
      assert.equal(body.eventid, '1001');
      assert.equal(body.conversation_id, payload('incoming-message').Conversationid);
    }
    assert.equal(connector.received.length, 1, 'Web Chat hears nothing of it');
  });

  it('tells whoever asked last, by the adapter of that conversation', async () => {
    assert.equal((await postTo(at('/api/parcels/123456/arrived'), '')).status, 202);
    await webhook.waitFor(3);
    assert.equal(webhook.texts[2], AT_THE_DOOR);

    await webChatSays('123456');
    assert.equal((await postTo(at('/api/parcels/123456/arrived'), '')).status, 202);
    assert.equal(connector.received.at(-1)?.activity.text, AT_THE_DOOR);
    assert.equal(webhook.received.length, 3);
  });

  it('lets nobody from elsewhere send messages, and knows no parcel that nobody has asked for', async () => {
    const url = at('/api/parcels/123456/arrived');
    assert.equal((await postTo(url, '', { 'x-forwarded-for': '203.0.113.7' })).status, 403);
    assert.equal((await postTo(at('/api/parcels/999999/arrived'), '')).status, 404);
  });

  it('gives Webex Connect no failure for what is no JSON: no body parser stands before the adapter', async () => {
    assert.equal((await postTo(sample.url, '{"Conversationid":')).status, 200);
    assert.equal((await postTo(sample.url, `"${'x'.repeat(200_000)}"`)).status, 200);
  });

  it('serves health and metrics', async () => {
    assert.equal((await fetch(at('/health/live'))).status, 200);
    const ready = await fetch(at('/health/ready'));
    assert.equal(ready.status, 200);
    // What is no JSON waits in quarantine for somebody to look at it.
    assert.equal(HEALTH.parse(await ready.json()).status, 'warn');
    const metrics = await (await fetch(at('/metrics'))).text();
    assert.match(metrics, /^webex_connect_messages_delivered_total 3$/m);
  });
});

describe('the Express sample, with an app ID', function () {
  this.timeout(30_000);

  it('turns away who is not Azure Bot Service', async () => {
    const environment = {
      WEBEX_CONNECT_WEBHOOK_URL: 'http://127.0.0.1:9/',
      MicrosoftAppId: '00000000-0000-0000-0000-000000000001',
      MicrosoftAppPassword: 'not-a-secret-of-anyone',
    };
    const sample = await SampleProcess.start('express', environment, 'ignore');
    try {
      const activity = {
        type: 'message',
        channelId: 'webchat',
        serviceUrl: 'http://127.0.0.1:9/',
        text: 'hi',
      };
      const answer = await postTo(new URL('/api/messages', sample.url).href, activity);
      assert.equal(answer.status, 401);
    } finally {
      await sample.stop();
    }
  });
});
