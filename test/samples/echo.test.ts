import assert from 'node:assert/strict';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { type BotAnswer, postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { payload } from '../support/fixtures';
import { SampleProcess } from './support/sampleProcess';

const TOKEN = { verification_token: 'sample-token' };

describe('the echo sample, as its own process', () => {
  let webhook: FakeWebhook;
  let sample: SampleProcess;
  const temporaryFile = temporaryFiles();

  before(async function () {
    this.timeout(30_000);
    webhook = await FakeWebhook.listen();
    sample = await SampleProcess.start('echo', {
      WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
      WEBEX_CONNECT_VERIFICATION_TOKEN: TOKEN.verification_token,
      WEBEX_CONNECT_ACCESS_TOKEN: 'sample-access',
      WEBEX_CONNECT_STORE: `sqlite:${temporaryFile()}`,
    });
  });

  after(async () => {
    await sample.stop();
    await webhook.close();
  });

  const post = (body: unknown): Promise<BotAnswer> =>
    postTo(sample.url, body, { 'content-type': 'application/json', authorization: 'Bearer sample-access' });

  it('answers each documented payload with 200 and the token, and echoes what the customer said', async () => {
    for (const name of ['incoming-message', 'postback', 'message-delivery'] as const) {
      const answer = await post(payload(name));
      assert.equal(answer.status, 200);
      assert.deepEqual(JSON.parse(answer.text), TOKEN);
    }
    await webhook.waitFor(2);
    assert.deepEqual(webhook.texts, ['Echo: Where is my order?', 'Echo: TRACK_ORDER']);
    for (const { body } of webhook.received) {
      assert.equal(body.eventid, '1001');
      assert.equal(body.conversation_id, payload('incoming-message').Conversationid);
      assert.match(body.Timestamp ?? '', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/);
    }
  });

  it('echoes no event twice', async () => {
    await post(payload('incoming-message'));
    await post({ ...payload('incoming-message'), Messageid: 'MSG-last', Message: 'last' });
    await webhook.waitFor(3);
    assert.deepEqual(webhook.texts.slice(2), ['Echo: last']);
  });

  it('refuses a stranger', async () => {
    assert.equal((await postTo(sample.url, payload('incoming-message'))).status, 401);
  });

  it('serves health and metrics', async () => {
    const live = await fetch(new URL('/health/live', sample.url));
    assert.equal(live.status, 200);
    const ready = await fetch(new URL('/health/ready', sample.url));
    assert.equal(ready.status, 200);
    assert.match(ready.headers.get('content-type') ?? '', /application\/health\+json/);
    assert.equal(JSON.parse(await ready.text()).status, 'pass');
    const metrics = await (await fetch(new URL('/metrics', sample.url))).text();
    assert.match(metrics, /^webex_connect_messages_delivered_total 3$/m);
  });
});
