import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { incomingMessage, mirroredMessage } from '../../src/testing';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { SampleProcess } from './support/sampleProcess';

/** Without a stamp of the platform's the time of arrival counts: these tests run on the machine's clock. */
const UNSTAMPED = { Timestamp: '' };

describe('the JavaScript sample, as its own process', () => {
  let webhook: FakeWebhook;
  let sample: SampleProcess;
  const temporaryFile = temporaryFiles();

  before(async function () {
    this.timeout(30_000);
    webhook = await FakeWebhook.listen();
    sample = await SampleProcess.start('javascript', {
      WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
      WEBEX_CONNECT_VERIFICATION_TOKEN: 'sample-token',
      WEBEX_CONNECT_STORE: `sqlite:${temporaryFile()}`,
    });
  });

  after(async () => {
    await sample.stop();
    await webhook.close();
  });

  const at = (path: string) => new URL(path, sample.url);

  async function happens(event: unknown): Promise<void> {
    const answer = await postTo(sample.url, event);
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [200, { verification_token: 'sample-token' }]);
  }

  const metrics = async () => (await fetch(at('/metrics'))).text();

  /** Resolves when the bot knows of as many answers of the webhook. */
  async function delivered(count: number): Promise<void> {
    const isDelivered = new RegExp(`^webex_connect_messages_delivered_total ${count}$`, 'm');
    while (!isDelivered.test(await metrics())) await setTimeout(10);
  }

  it('answers, hands over, is silent, and comes back', async () => {
    await happens(incomingMessage({ text: 'hi', wire: UNSTAMPED }));
    await happens(incomingMessage({ text: 'an agent, please', wire: UNSTAMPED }));
    await webhook.waitFor(3);
    await delivered(3);
    assert.equal(webhook.received[2]?.body.eventid, '1002');
    assert.match(webhook.received[2]?.body.customparam2 ?? '', /customer: an agent, please/);

    await happens(mirroredMessage({ text: 'This is Kim.', agentConversationId: 'AGENT-1', wire: UNSTAMPED }));
    await happens(incomingMessage({ text: 'thanks', wire: UNSTAMPED }));
    await webhook.waitFor(5);
    assert.deepEqual(webhook.texts, [
      'You said "hi". Say "agent" to talk to a colleague.',
      'One moment, I am getting a colleague.',
      undefined,
      'You are talking to the bot again.',
      'You said "thanks". Say "agent" to talk to a colleague.',
    ]);
  });

  it('serves health and metrics', async () => {
    assert.equal((await fetch(at('/health/live'))).status, 200);
    assert.equal((await fetch(at('/health/ready'))).status, 200);
    assert.match(await metrics(), /^webex_connect_handovers_completed_total 1$/m);
  });
});
