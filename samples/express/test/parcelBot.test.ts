import assert from 'node:assert/strict';
import { MemoryStorage, TestAdapter, type TurnContext, UserState } from 'botbuilder';
import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import { assertReplies, incomingMessage, mockWebexConnect } from 'botbuilder-adapter-webex-connect/testing';
import { ParcelBot } from '../parcelBot';
import { Recipients } from '../recipients';

describe('The parcel bot', () => {
  let logic: (context: TurnContext) => Promise<void>;

  beforeEach(() => {
    const storage = new MemoryStorage();
    const bot = new ParcelBot(new UserState(storage), new Recipients(storage));
    logic = (context) => bot.run(context);
  });

  it('shows a card and buttons in Web Chat', async () => {
    const webChat = new TestAdapter(logic, { channelId: 'webchat' });
    await webChat.send('hi').startTest();
    assert.equal(webChat.activeQueue.pop()?.suggestedActions?.actions?.length, 2);
    await webChat.send('Where is 123456?').startTest();
    const [card] = webChat.activeQueue.pop()?.attachments ?? [];
    assert.equal(card?.contentType, 'application/vnd.microsoft.card.adaptive');
  });

  it('says the same in words on Webex Connect', async () => {
    const webex = mockWebexConnect();
    const adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl });
    for (const text of ['hi', 'Where is 123456?', 'And 123456 now?']) {
      await webex.send(adapter, incomingMessage(text), logic);
    }
    await webex.waitForReplies(3);
    const parcel = (timesAsked: string) =>
      `Parcel 123456\nWhere: in our van\nYou have asked: ${timesAsked}\nFollow it: https://parcels.example.com/123456`;
    assertReplies(webex, [
      'Which parcel? Its number has six digits, such as 123456.',
      parcel('once'),
      parcel('2 times'),
    ]);
    await adapter.stop();
    webex.restore();
  });
});
