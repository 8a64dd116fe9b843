import assert from 'node:assert/strict';
import { ConversationState, MemoryStorage, type TurnContext, UserState } from 'botbuilder';
import {
  AgentMirrorMiddleware,
  ConversationTracker,
  HandoverMiddleware,
  WebexConnectAdapter,
} from 'botbuilder-adapter-webex-connect';
import { createEmulator, type Emulator } from 'webex-connect-emulator';
import { createBotServer } from '../../support/createBotServer';
import { listen } from '../../support/serve';
import { ContactCentreBot } from '../contactCentreBot';

const TOKEN = 'my-token';

describe('The contact-centre bot, with a Webex Connect of its own,', () => {
  let emulator: Emulator;
  let stopBot: () => Promise<void>;

  beforeEach(async () => {
    emulator = await createEmulator({ verificationToken: TOKEN });
    const adapter = new WebexConnectAdapter({
      webhookUrl: emulator.webhookUrl,
      verification: { token: TOKEN },
    });
    adapter.use(new ConversationTracker(), new HandoverMiddleware(), new AgentMirrorMiddleware());
    const storage = new MemoryStorage();
    const bot = new ContactCentreBot(new ConversationState(storage), new UserState(storage));
    const logic = (context: TurnContext) => bot.run(context);
    await adapter.start(logic);
    const server = createBotServer(adapter, logic);
    const port = await listen(server, 0);
    stopBot = async () => {
      server.close();
      await adapter.stop();
    };
    emulator.integration.edit({ botUrl: `http://localhost:${port}/api/webex-connect` });
    assert.ok(await emulator.integration.verify(), 'the bot was not verified');
  });

  afterEach(async () => {
    await stopBot();
    await emulator.stop();
  });

  it('hands over and takes back', async () => {
    const ann = emulator.customer('Ann', 'WHATSAPP');
    await ann.says('Can I talk to an agent?');
    await ann.reads(/getting a colleague/);
    const { customParams } = await emulator.desk.receives('Ann');
    assert.match(customParams.customparam2 ?? '', /customer: Can I talk to an agent\?/);

    emulator.desk.pickUp('Ann', 'Kim');
    await emulator.desk.says('Ann', 'Hello, this is Kim.');
    await ann.reads('Hello, this is Kim.');
    await emulator.desk.close('Ann');
    await ann.says('When are you open?');
    await ann.reads(/Monday to Friday/);

    assert.deepEqual(emulator.judge.settle(), []);
  });
});
