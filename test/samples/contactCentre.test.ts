import assert from 'node:assert/strict';
import { z } from 'zod';
import type { JsonObject } from '../../src';
import { incomingMessage, mirroredMessage } from '../../src/testing';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { SampleProcess } from './support/sampleProcess';

const CONVERSATION = 'CONV/7f3a 1';
const COLLEAGUE = 'One moment, I am getting a colleague.';
const BACK = "You are talking to the service desk's bot again.";
const MENU = '1. Order status\n2. Opening hours\n3. Talk to an agent';
const ELSE = `Is there anything else I can do for you?\n\n${MENU}`;
const HOURS = 'We are open from Monday to Friday, 8:00 to 18:00, and on Saturday, 9:00 to 13:00.';
const ORDER = 'Order 123456 is being packed and leaves our warehouse today.';

const LINES = z.array(
  z.strictObject({
    author: z.enum(['customer', 'bot', 'agent']),
    text: z.string(),
    timestamp: z.iso.datetime(),
  }),
);
const ACTIVITIES = z.array(z.looseObject({ type: z.string() }));

/** Without a stamp of the platform's the time of arrival counts: these tests run on the machine's clock. */
const UNSTAMPED = { Timestamp: '' };

describe('the contact-centre sample, as its own process', () => {
  let webhook: FakeWebhook;
  let sample: SampleProcess;
  let environment: Record<string, string>;
  const temporaryFile = temporaryFiles();

  before(async function () {
    this.timeout(30_000);
    webhook = await FakeWebhook.listen();
    environment = {
      WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
      WEBEX_CONNECT_VERIFICATION_TOKEN: 'sample-token',
      WEBEX_CONNECT_STORE: `sqlite:${temporaryFile()}`,
    };
    sample = await SampleProcess.start('contact-centre', environment);
  });

  after(async () => {
    await sample.stop();
    await webhook.close();
  });

  async function happens(event: JsonObject): Promise<void> {
    const answer = await postTo(sample.url, event);
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [200, { verification_token: 'sample-token' }]);
  }

  const customer = (text: string) =>
    happens(incomingMessage({ text, conversationId: CONVERSATION, wire: UNSTAMPED }));
  const toAgent = (author: 'customer' | 'agent', text: string, agentConversationId: string) =>
    happens(
      mirroredMessage({ author, text, conversationId: CONVERSATION, agentConversationId, wire: UNSTAMPED }),
    );

  function ask(path: string): Promise<Response> {
    return fetch(new URL(path, sample.url));
  }

  function transcript(query = ''): Promise<Response> {
    return ask(`/api/conversations/${encodeURIComponent(CONVERSATION)}/transcript${query}`);
  }

  async function lines(): Promise<string[]> {
    return LINES.parse(await (await transcript()).json()).map(({ author, text }) => `${author}: ${text}`);
  }

  /** Resolves when the bot knows of as many answers of the webhook. */
  async function delivered(count: number): Promise<void> {
    const metrics = await (await ask('/metrics')).text();
    const shown = /^webex_connect_messages_delivered_total (\d+)$/m.exec(metrics)?.[1];
    if (Number(shown) < count) await delivered(count);
  }

  it('answers, hands over, and is silent while the agent talks', async () => {
    await customer('Where is order 123456?');
    // A customer who does not wait stands between the bot's words.
    await webhook.waitFor(2);
    await customer('Can I speak to a Human, please?');
    await webhook.waitFor(4);
    assert.deepEqual(webhook.texts, [ORDER, ELSE, COLLEAGUE, undefined]);
    const handover = webhook.received[3]?.body;
    assert.equal(handover?.eventid, '1002');
    assert.equal(handover?.conversation_id, CONVERSATION);
    assert.deepEqual(JSON.parse(handover?.customparam1 ?? ''), { reason: 'asked', orderNumber: '123456' });
    assert.match(handover?.customparam2 ?? '', /^customer: Where is order 123456\?$/m);
    await delivered(4);

    await toAgent('agent', 'Hello, this is Kim.', 'AGENT-1');
    await toAgent('customer', 'Is there a human at last? help', 'AGENT-1');
    await toAgent('agent', 'Yes.', 'AGENT-1');
  });

  it('survives a crash while the agent has the conversation', async function () {
    this.timeout(30_000);
    await sample.kill();
    sample = await SampleProcess.start('contact-centre', environment);
    await toAgent('agent', 'Still here.', 'AGENT-1');
  });

  it('takes the conversation back, and hands over a second time', async () => {
    await customer('When are you open?');
    await webhook.waitFor(7);
    assert.deepEqual(webhook.texts.slice(4), [BACK, HOURS, ELSE]);

    await customer('fnord');
    await webhook.waitFor(8);
    await customer('fnord');
    await webhook.waitFor(10);
    assert.equal(webhook.received[9]?.body.eventid, '1002');
    await delivered(6);
    await toAgent('agent', 'Kim again.', 'AGENT-2');
    await customer('2');
    await webhook.waitFor(13);
    assert.deepEqual(webhook.texts.slice(10), [BACK, HOURS, ELSE]);
  });

  it('has sent the customer nothing else, and everything in the BOT conversation', () => {
    assert.equal(webhook.received.length, 13);
    const conversations = webhook.received.map(({ body }) => body.conversation_id);
    assert.deepEqual(new Set(conversations), new Set([CONVERSATION]));
  });

  it('gives the collated transcript', async () => {
    assert.deepEqual(await lines(), [
      'customer: Where is order 123456?',
      `bot: ${ORDER}`,
      `bot: ${ELSE}`,
      'customer: Can I speak to a Human, please?',
      `bot: ${COLLEAGUE}`,
      'agent: Hello, this is Kim.',
      'customer: Is there a human at last? help',
      'agent: Yes.',
      'agent: Still here.',
      'customer: When are you open?',
      `bot: ${BACK}`,
      `bot: ${HOURS}`,
      `bot: ${ELSE}`,
      'customer: fnord',
      `bot: Sorry, I did not understand that. What can I do for you?\n\n${MENU}`,
      'customer: fnord',
      `bot: ${COLLEAGUE}`,
      'agent: Kim again.',
      'customer: 2',
      `bot: ${BACK}`,
      `bot: ${HOURS}`,
      `bot: ${ELSE}`,
    ]);
    const text = await (await transcript('?format=text')).text();
    assert.match(text, /agent: Hello, this is Kim\.$/m);
    const activities = ACTIVITIES.parse(await (await transcript('?format=transcript')).json());
    assert.equal(activities.length, 22);
    assert.ok(
      activities.every(({ type }) => type === 'message'),
      'a transcript holds messages',
    );
  });

  it('knows nothing of a conversation that there was not', async () => {
    const answer = await ask('/api/conversations/CONV-unknown/transcript');
    assert.equal(answer.status, 404);
    assert.deepEqual(await answer.json(), { error: 'No such conversation is known.' });
  });

  it('serves health and metrics', async () => {
    assert.equal((await ask('/health/live')).status, 200);
    assert.equal((await ask('/health/ready')).status, 200);
    assert.match(await (await ask('/metrics')).text(), /^webex_connect_handovers_completed_total 2$/m);
  });

  it('wants the token for transcripts, when it has one', async function () {
    this.timeout(30_000);
    await sample.stop();
    sample = await SampleProcess.start('contact-centre', {
      ...environment,
      WEBEX_CONNECT_TRANSCRIPT_TOKEN: 'transcript-token',
    });
    assert.equal((await transcript()).status, 401);
    const url = new URL(`/api/conversations/${encodeURIComponent(CONVERSATION)}/transcript`, sample.url);
    const answer = await fetch(url, { headers: { authorization: 'Bearer transcript-token' } });
    assert.equal(LINES.parse(await answer.json()).length, 22);
  });
});
