import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import { assertReplies, incomingMessage, mockWebexConnect } from 'botbuilder-adapter-webex-connect/testing';
import { EchoBot } from '../echoBot';

describe('the echo bot', () => {
  it('answers a customer who says hi', async () => {
    const webex = mockWebexConnect();
    const bot = new EchoBot();
    const adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl });
    await webex.send(adapter, incomingMessage('hi'), (context) => bot.run(context));
    await webex.waitForReplies(1);
    assertReplies(webex, ['Echo: hi']);
    await adapter.stop();
    webex.restore();
  });
});
