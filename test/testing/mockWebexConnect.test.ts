import assert from 'node:assert/strict';
import { EventFactory } from 'botbuilder';
import nock from 'nock';
import { type TurnLogic, WebexConnectAdapter } from '../../src';
import { incomingMessage, ManualClock, type MockWebexConnect, mockWebexConnect } from '../../src/testing';
import { echo } from '../support/botHost';

describe('mockWebexConnect', () => {
  let webex: MockWebexConnect;
  let adapter: WebexConnectAdapter;
  let clock: ManualClock;

  beforeEach(() => {
    clock = new ManualClock();
    webex = mockWebexConnect({ clock });
    adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, clock, outbound: { jitter: 0 } });
  });
  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  const say = async (text = 'hi', logic: TurnLogic = echo) => {
    await webex.send(adapter, incomingMessage(text), logic);
  };

  it('records replies and handovers apart', async () => {
    await say('hi', async (context) => {
      await context.sendActivities([
        { type: 'message', text: 'one' },
        EventFactory.createHandoffInitiation(context, { skill: 'x' }),
      ]);
    });
    await adapter.whenIdle();
    assert.deepEqual(webex.texts, ['one']);
    assert.equal(webex.handovers.length, 1);
    assert.equal(webex.events.length, 2);
  });

  it('answers what the adapter answered the platform', async () => {
    const answer = await webex.send(adapter, incomingMessage(), echo);
    assert.deepEqual([answer.status, answer.body], [200, '{}']);
    await adapter.whenIdle();
  });

  it('fails the next requests with a status and headers', async () => {
    webex.failNext(2, 429, { 'Retry-After': '120' });
    await say();
    await webex.waitForRequests(1);
    await adapter.whenIdle();
    await clock.advance(119_999);
    assert.equal(webex.requests.length, 1);
    await clock.advance(1);
    await webex.waitForRequests(2);
    await adapter.whenIdle();
    await clock.advance(120_000);
    await webex.waitForReplies(1);
    assert.deepEqual(
      webex.requests.map(({ outcome }) => outcome),
      ['failed', 'failed', 'accepted'],
    );
  });

  it('drops a request before or after Webex Connect has taken it', async () => {
    webex.dropNext(1);
    webex.dropNext(1, { isReceived: true });
    await say();
    await webex.waitForRequests(1);
    await adapter.whenIdle();
    assert.equal(webex.replies.length, 0);
    await clock.advance(5000);
    await webex.waitForRequests(2);
    await adapter.whenIdle();
    assert.equal(webex.replies.length, 1);
    await clock.advance(60_000);
    await webex.waitForRequests(3);
    assert.equal(webex.replies.length, 2);
    assert.equal(new Set(webex.requests.map(({ idempotencyKey }) => idempotencyKey)).size, 1);
    assert.equal(adapter.counters.get('sends_ambiguous_total'), 2);
  });

  it('delays an answer on the clock, and the adapter gives up after its time limit', async () => {
    webex.delayNext(1, 6000);
    await say();
    while (clock.nextTimerIn !== 5000) await new Promise(setImmediate);
    await clock.advance(5000);
    await adapter.whenIdle();
    assert.equal(adapter.counters.get('sends_ambiguous_total'), 1);
    await clock.advance(5000);
    await webex.waitForReplies(2);
  });

  it('hands HTTP back as it was with the last mock', () => {
    const second = mockWebexConnect({ webhookUrl: 'https://other.test/hook' });
    assert.equal(nock.isActive(), true);
    second.restore();
    assert.equal(nock.isActive(), true);
    webex.restore();
    webex.restore();
    assert.equal(nock.isActive(), false);
  });
});
