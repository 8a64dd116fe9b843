import assert from 'node:assert/strict';
import { sleep } from '../../src/clock';
import { incomingMessage, ManualClock } from '../../src/testing';
import { type BotHost, serveBot } from '../support/botHost';

const TURN_MS = 30_000;

describe('a bot that takes 30 s per turn', () => {
  let clock: ManualClock;
  let host: BotHost;
  let running: Set<string>;
  let most: number;

  beforeEach(async () => {
    clock = new ManualClock();
    running = new Set();
    most = 0;
    host = await serveBot({ clock }, async (context) => {
      const conversationId = context.activity.conversation.id;
      assert.equal(running.has(conversationId), false, 'two turns of one conversation at a time');
      running.add(conversationId);
      most = Math.max(most, running.size);
      await context.sendActivity('One moment please.');
      await sleep(clock, TURN_MS);
      await context.sendActivity(`Answer to ${context.activity.text}`);
      running.delete(conversationId);
    });
  });
  afterEach(() => host.stop());

  it('delays no answer to Webex Connect, and "one moment please" reaches the customer at once', async () => {
    for (let number = 1; number <= 20; number++) {
      const answer = await host.post(incomingMessage({ conversationId: `C${number}` }));
      assert.equal(answer.status, 200);
      await host.webhook.waitFor(number);
    }
    assert.deepEqual(new Set(host.webhook.texts), new Set(['One moment please.']));
    await clock.advance(TURN_MS);
    await host.webhook.waitFor(40);
  });

  it('handles two messages of one conversation in order, one after the other', async () => {
    await host.post(incomingMessage('first'));
    await host.post(incomingMessage('second'));
    await host.webhook.waitFor(1);
    await clock.advance(TURN_MS);
    await host.webhook.waitFor(3);
    await clock.advance(TURN_MS);
    await host.webhook.waitFor(4);
    assert.deepEqual(host.webhook.texts, [
      'One moment please.',
      'Answer to first',
      'One moment please.',
      'Answer to second',
    ]);
  });

  it('runs 100 conversations in parallel', async () => {
    const posts = Array.from({ length: 100 }, (_, index) =>
      host.post(incomingMessage({ conversationId: `C${index}`, text: `question ${index}` })),
    );
    for (const { status } of await Promise.all(posts)) assert.equal(status, 200);
    await host.webhook.waitFor(100);
    assert.equal(most, 100);
    await clock.advance(TURN_MS);
    await host.webhook.waitFor(200);
    const answers = host.webhook.received.filter(({ body }) => body.message?.startsWith('Answer'));
    for (const { body } of answers) {
      assert.equal(body.message, `Answer to question ${body.conversation_id?.slice(1)}`);
    }
  });
});
