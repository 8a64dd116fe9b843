import assert from 'node:assert/strict';
import { MemoryStore, type TurnLogic, WebexConnectAdapter } from '../../src';
import {
  assertReplies,
  incomingMessage,
  ManualClock,
  type MockWebexConnect,
  messageDelivery,
  mockWebexConnect,
} from '../../src/testing';
import { echo } from '../support/botHost';

const MINUTE = 60_000;

describe('what an operator sees and does', () => {
  let webex: MockWebexConnect;
  let clock: ManualClock;
  let adapter: WebexConnectAdapter;

  beforeEach(() => {
    webex = mockWebexConnect();
    clock = new ManualClock();
    adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, clock, outbound: { jitter: 0 } });
  });
  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  const say = async (text: string, logic: TurnLogic = echo, conversationId = 'C1') => {
    await webex.send(adapter, incomingMessage({ text, conversationId }), logic);
    await adapter.whenIdle();
  };

  it('a message that was refused is a dead letter with the reason, and replaying it delivers it', async () => {
    webex.failNext(1, 400);
    await say('hi');
    const [letter] = await adapter.deadLetters.list();
    assert.equal(letter?.reason, 'the webhook answered 400');
    assert.equal(letter?.attempts, 1);
    assertReplies(webex, []);
    await adapter.deadLetters.replay(letter?.id ?? '');
    await webex.waitForReplies(1);
    assertReplies(webex, ['Echo: hi']);
    assert.deepEqual(await adapter.deadLetters.list(), []);
  });

  it('the bot is told of a message that was given up, and what it says then breeds no further notice', async () => {
    const told: unknown[] = [];
    webex.failNext(3, 400);
    await say('hi', async (context) => {
      if (context.activity.name === 'webexConnect.deliveryFailed') told.push(context.activity.value);
      await context.sendActivity('something');
    });
    await adapter.whenIdle();
    const [letter] = await adapter.deadLetters.list();
    assert.deepEqual(told, [
      { deadLetterId: letter?.id, activityId: letter?.activityId, reason: letter?.reason, attempts: 1 },
    ]);
    assert.equal((await adapter.deadLetters.list()).length, 2);
  });

  it('a dead letter can be discarded, and an unknown one is said to be unknown', async () => {
    webex.failNext(1, 400);
    await say('hi');
    const [letter] = await adapter.deadLetters.list();
    await adapter.deadLetters.discard(letter?.id ?? '');
    assert.deepEqual(await adapter.deadLetters.list(), []);
    await assert.rejects(adapter.deadLetters.discard('x'), { code: 'WEBEX_CONNECT_NOT_FOUND' });
    await assert.rejects(adapter.deadLetters.replay('x'), { code: 'WEBEX_CONNECT_NOT_FOUND' });
  });

  it('an event whose turn fails three times is quarantined, the conversation goes on, and a replay runs it', async () => {
    let isBroken = true;
    const logic: TurnLogic = async (context) => {
      if (isBroken && context.activity.text === 'poison') throw new Error('the order service is down');
      await echo(context);
    };
    await say('poison', logic);
    await say('after', logic);
    assertReplies(webex, []);
    await clock.advance(MINUTE);
    await adapter.whenIdle();
    assertReplies(webex, ['Echo: after']);
    const [item] = await adapter.quarantine.list();
    assert.equal(item?.reason, 'the turn failed 3 times: Error');
    assert.equal(item?.details, 'the order service is down');
    isBroken = false;
    await adapter.quarantine.replay(item?.id ?? '');
    await webex.waitForReplies(2);
    assertReplies(webex, ['Echo: after', 'Echo: poison']);
    assert.deepEqual(await adapter.quarantine.list(), []);
  });

  it('a turn that fails is handled by onTurnError and counts as processed, as in Bot Framework', async () => {
    adapter.onTurnError = async (context, error) => {
      await context.sendActivity(`Sorry: ${error.message}`);
    };
    await say('hi', () => Promise.reject(new Error('oops')));
    assertReplies(webex, ['Sorry: oops']);
    assert.equal(adapter.counters.get('turns_completed_total'), 1);
    assert.deepEqual(await adapter.quarantine.list(), []);
  });

  it('an unreadable request stays in quarantine until it can be read, or is discarded', async () => {
    await webex.send(adapter, { Event: 'Incoming message', Message: 'lost' }, echo);
    const [item] = await adapter.quarantine.list();
    await assert.rejects(adapter.quarantine.replay(item?.id ?? ''), /still cannot be read/);
    assert.equal((await adapter.quarantine.list()).length, 1);
    await adapter.quarantine.discard(item?.id ?? '');
    assert.deepEqual(await adapter.quarantine.list(), []);
    await assert.rejects(adapter.quarantine.discard('x'), { code: 'WEBEX_CONNECT_NOT_FOUND' });
    await assert.rejects(adapter.quarantine.replay('x'), { code: 'WEBEX_CONNECT_NOT_FOUND' });
  });

  it('a request that an option’s function could not read is read under a mended option', async () => {
    const store = new MemoryStore();
    const broken = new WebexConnectAdapter({
      webhookUrl: webex.webhookUrl,
      store,
      translation: {
        isEcho: () => {
          throw new Error('bug in isEcho');
        },
      },
    });
    const answer = await webex.send(broken, incomingMessage('hi'), echo);
    assert.equal(answer.status, 200);
    const [item] = await broken.quarantine.list();
    assert.equal(item?.reason, 'decoding failed: Error');
    assert.equal(item?.details, 'bug in isEcho');
    await broken.stop();

    const mended = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, store });
    await mended.start(echo);
    await mended.quarantine.replay(item?.id ?? '');
    await webex.waitForReplies(1);
    assertReplies(webex, ['Echo: hi']);
    await mended.stop();
  });

  it('five failures make the webhook inactive: nothing is sent and no attempt used up until reactivate()', async () => {
    webex.failNext(5, 500);
    for (const number of [1, 2, 3, 4, 5]) await say(`${number}`, echo, `C${number}`);
    const sick = await adapter.health();
    assert.equal(sick.webhook.status, 'inactive');
    assert.equal(sick.status, 'warn');
    assert.match(sick.reasons.join(), /the webhook is inactive: the webhook answered 500/);
    await say('6', echo, 'C1');
    await clock.advance(10_000);
    assert.equal(webex.requests.length, 5);
    await adapter.reactivate();
    await webex.waitForReplies(6);
    assert.deepEqual(new Set(webex.texts), new Set([1, 2, 3, 4, 5, 6].map((number) => `Echo: ${number}`)));
    assertReplies(webex, ['Echo: 1', 'Echo: 6'], 'C1');
    assert.equal((await adapter.health()).status, 'pass');
  });

  it('an inactive webhook is probed after a pause, and everything drains when it answers', async () => {
    webex.failNext(6, 503);
    for (const number of [1, 2, 3, 4, 5]) await say(`${number}`, echo, `C${number}`);
    await clock.advance(MINUTE);
    await webex.waitForRequests(6);
    await adapter.whenIdle();
    assert.equal((await adapter.health()).webhook.status, 'inactive');
    await clock.advance(MINUTE);
    await webex.waitForReplies(5);
    await adapter.whenIdle();
    assert.equal((await adapter.health()).webhook.status, 'active');
    assert.deepEqual(await adapter.deadLetters.list(), []);
  });

  it('a receipt is tied to the bot’s activity when it names it', async () => {
    let sent: string | undefined;
    let repliedTo: string | undefined;
    const logic: TurnLogic = async (context) => {
      if (context.activity.type === 'message') sent = (await context.sendActivity('hello'))?.id;
      else repliedTo = context.activity.replyToId;
    };
    await say('hi', logic);
    await webex.send(adapter, messageDelivery({ conversationId: 'C1', messageId: sent ?? '' }), logic);
    await adapter.whenIdle();
    assert.equal(repliedTo, sent);
  });

  it('health fails while the store does not answer', async () => {
    const store = new MemoryStore();
    const ailing = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, store });
    await ailing.start(echo);
    store.stats = () => Promise.reject(new RangeError('down'));
    const health = await ailing.health();
    await ailing.stop();
    assert.equal(health.status, 'fail');
    assert.match(health.reasons.join(), /^the store does not answer: RangeError \(since 2\S+Z\)$/);
  });

  it('health warns of the platform’s view at 1 to 4 failures, and says what to do at 5', async () => {
    const store = new MemoryStore();
    store.accept = () => Promise.reject(new Error('down'));
    const failing = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, store, clock });
    for (const count of [1, 2, 3, 4, 5]) {
      assert.equal((await webex.send(failing, incomingMessage(), echo)).status, 503);
      const { reasons, platform, status } = await failing.health();
      assert.equal(platform.consecutiveFailures, count);
      assert.equal(status, 'warn');
      assert.match(
        reasons[0] ?? '',
        count < 5 ? new RegExp(`^${count} of 5`) : /edit the integration and verify again/,
      );
    }
    await webex.send(failing, {}, echo);
    assert.equal((await failing.health()).platform.consecutiveFailures, 0);
    await failing.stop();
  });
});
