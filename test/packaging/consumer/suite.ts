import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import * as testing from 'botbuilder-adapter-webex-connect/testing';

export async function testTheBot(): Promise<void> {
  const clock = new testing.ManualClock();
  const webexConnect = testing.mockWebexConnect({ clock });
  const adapter = new WebexConnectAdapter({ webhookUrl: webexConnect.webhookUrl, clock });
  await webexConnect.send(adapter, testing.incomingMessage('hi'), async (context) => {
    await context.sendActivity('hello');
  });
  await webexConnect.waitForReplies(1);
  webexConnect.restore();
}
