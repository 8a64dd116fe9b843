import assert from 'node:assert/strict';
import { WebexConnectActivityHandler, WebexConnectAdapter } from '../../src';
import {
  incomingMessage,
  ManualClock,
  type MockWebexConnect,
  messageDelivery,
  mirroredMessage,
  mockWebexConnect,
  postback,
} from '../../src/testing';

describe('WebexConnectActivityHandler', () => {
  let webex: MockWebexConnect;
  let adapter: WebexConnectAdapter;
  let calls: string[];
  let bot: WebexConnectActivityHandler;

  beforeEach(() => {
    webex = mockWebexConnect();
    adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, clock: new ManualClock() });
    calls = [];
    bot = new WebexConnectActivityHandler();
    const note = (name: string) => async (_context: unknown, next: () => Promise<void>) => {
      calls.push(name);
      await next();
    };
    const chained = bot
      .onPostback(note('postback'))
      .onMessageDelivery(note('delivery'))
      .onMirroredMessage(note('mirrored'))
      .onDeliveryFailed(note('failed'))
      .onMessage(note('message'))
      .onEvent(note('event'))
      .onDialog(note('dialog'));
    assert.equal(chained, bot);
  });
  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  const send = async (event: Parameters<MockWebexConnect['send']>[1]) => {
    await webex.send(adapter, event, (context) => bot.run(context));
    await adapter.whenIdle();
  };

  it('runs onMessage, and not onPostback, for a message', async () => {
    await send(incomingMessage());
    assert.deepEqual(calls, ['message', 'dialog']);
  });

  it('runs onPostback, then onMessage, for a tapped button', async () => {
    await send(postback('TRACK'));
    assert.deepEqual(calls, ['postback', 'message', 'dialog']);
  });

  it('runs no onMessage when onPostback does not call next', async () => {
    const strict = new WebexConnectActivityHandler();
    strict
      .onPostback(async (context) => {
        calls.push(`tapped ${context.activity.value}`);
      })
      .onMessage(async () => {
        calls.push('message');
      });
    await webex.send(adapter, postback('TRACK'), (context) => strict.run(context));
    await adapter.whenIdle();
    assert.deepEqual(calls, ['tapped TRACK']);
  });

  it('runs onMessage for a tapped button when nobody listens for postbacks', async () => {
    const plain = new WebexConnectActivityHandler();
    plain.onMessage(async (context) => {
      calls.push(`message ${context.activity.text}`);
    });
    await webex.send(adapter, postback('TRACK'), (context) => plain.run(context));
    await adapter.whenIdle();
    assert.deepEqual(calls, ['message TRACK']);
  });

  it('runs onEvent, then onMessageDelivery, then onDialog for a receipt', async () => {
    await send(messageDelivery());
    assert.deepEqual(calls, ['event', 'delivery', 'dialog']);
  });

  it('runs onMirroredMessage, and never onMessage, for what agent and customer say', async () => {
    await send(mirroredMessage());
    await send(mirroredMessage({ author: 'customer' }));
    assert.deepEqual(calls, ['event', 'mirrored', 'dialog', 'event', 'mirrored', 'dialog']);
  });

  it('runs onDeliveryFailed when a message was given up', async () => {
    bot.onMessage(async (context) => {
      await context.sendActivity('never arrives');
    });
    webex.failNext(1, 400);
    await send(incomingMessage());
    assert.deepEqual(calls.slice(-3), ['event', 'failed', 'dialog']);
  });

  it('runs only onEvent and onDialog for an event it does not know', async () => {
    await send({ Conversationid: 'C', Event: 'Milestone' });
    assert.deepEqual(calls, ['event', 'dialog']);
  });
});
