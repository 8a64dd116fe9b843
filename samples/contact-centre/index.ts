import { ConversationState, UserState } from 'botbuilder';
import {
  AgentMirrorMiddleware,
  ConversationTracker,
  HandoverMiddleware,
  WebexConnectAdapter,
} from 'botbuilder-adapter-webex-connect';
import { createBotServer } from '../support/createBotServer';
import { readEnvironment } from '../support/environment';
import { addFakeWebhook, FAKE_WEBHOOK_PATH, listen, stopOnSignal } from '../support/serve';
import { ContactCentreBot } from './contactCentreBot';
import { addTranscriptRoute } from './transcriptRoute';

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const { port, webhookUrl, verificationToken, accessToken, store, storage } = environment;
  if (webhookUrl === undefined && port === 0) throw new Error('PORT=0 needs WEBEX_CONNECT_WEBHOOK_URL.');

  const conversationState = new ConversationState(storage);
  const bot = new ContactCentreBot(conversationState, new UserState(storage));
  const adapter = new WebexConnectAdapter({
    webhookUrl: webhookUrl ?? `http://localhost:${port}${FAKE_WEBHOOK_PATH}`,
    verification: { token: verificationToken },
    authentication: { accessToken },
    store,
    logger: console,
  });
  adapter.use(new ConversationTracker(), new HandoverMiddleware(), new AgentMirrorMiddleware());
  adapter.onTurnError = async (context, error) => {
    console.error('the bot failed:', error);
    // A dialog that cannot go on must not meet the customer's next message.
    await conversationState.delete(context);
    await context.sendActivity('Sorry, something went wrong. Please write to us again.');
  };

  await adapter.start((context) => bot.run(context));
  const server = createBotServer(adapter, (context) => bot.run(context));
  addTranscriptRoute(server, adapter.conversations, process.env.WEBEX_CONNECT_TRANSCRIPT_TOKEN || undefined);
  if (webhookUrl === undefined) addFakeWebhook(server, console.log);
  const listeningOn = await listen(server, port);
  stopOnSignal(server, adapter);
  console.log(`The contact-centre bot listens on http://localhost:${listeningOn}/api/webex-connect`);
  if (webhookUrl === undefined)
    console.log('WEBEX_CONNECT_WEBHOOK_URL is not set: what the bot sends is printed here.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
