import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import {
  assertReplies,
  incomingMessage,
  ManualClock,
  type MockWebexConnect,
  mockWebexConnect,
} from 'botbuilder-adapter-webex-connect/testing';
import { EchoBot } from './echoBot.js';

describe("A bot's own tests", () => {
  const bot = new EchoBot();
  let clock: ManualClock;
  let webexConnect: MockWebexConnect;
  let adapter: WebexConnectAdapter;

  beforeEach(() => {
    clock = new ManualClock();
    webexConnect = mockWebexConnect({ clock });
    adapter = new WebexConnectAdapter({ webhookUrl: webexConnect.webhookUrl, clock });
  });

  afterEach(async () => {
    await adapter.stop();
    webexConnect.restore();
  });

  it('see what the customer reads', async () => {
    await webexConnect.send(adapter, incomingMessage('hello'), (context) => bot.run(context));
    await webexConnect.waitForReplies(1);
    assertReplies(webexConnect, ['Echo: hello']);
  });

  it('see a retry without waiting for it', async () => {
    webexConnect.failNext(1, 503);
    await webexConnect.send(adapter, incomingMessage('hello'), (context) => bot.run(context));
    await adapter.whenIdle();
    await clock.advance(10_000);
    await webexConnect.waitForReplies(1);
    assertReplies(webexConnect, ['Echo: hello']);
  });
});
