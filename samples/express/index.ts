import { createServer } from 'node:http';
import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type TurnContext,
  UserState,
} from 'botbuilder';
import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import { readEnvironment } from '../support/environment';
import { addFakeWebhook, FAKE_WEBHOOK_PATH, listen, stopOnSignal, TIME_LIMITS } from '../support/serve';
import { createApp } from './createApp';
import { ParcelBot } from './parcelBot';
import { Recipients } from './recipients';

async function main(): Promise<void> {
  const { port, webhookUrl, verificationToken, accessToken, store, storage } = readEnvironment(process.env);
  if (webhookUrl === undefined && port === 0) throw new Error('PORT=0 needs WEBEX_CONNECT_WEBHOOK_URL.');
  const recipients = new Recipients(storage);
  const bot = new ParcelBot(new UserState(storage), recipients);
  const logic = (context: TurnContext) => bot.run(context);
  const onTurnError = async (context: TurnContext, error: Error) => {
    console.error('the bot failed:', error);
    await context.sendActivity('Sorry, something went wrong.');
  };

  // MicrosoftAppId, MicrosoftAppPassword, MicrosoftAppType, MicrosoftAppTenantId: as the bot had them before.
  const cloud = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(process.env));
  cloud.onTurnError = onTurnError;
  const webexConnect = new WebexConnectAdapter({
    webhookUrl: webhookUrl ?? `http://localhost:${port}${FAKE_WEBHOOK_PATH}`,
    verification: { token: verificationToken },
    authentication: { accessToken },
    store,
    logger: console,
  });
  webexConnect.onTurnError = onTurnError;

  await webexConnect.start(logic);
  const appId = process.env.MicrosoftAppId ?? '';
  const app = createApp({ cloud, webexConnect, logic, recipients, appId });
  if (webhookUrl === undefined) addFakeWebhook(app, console.log);
  const server = createServer(TIME_LIMITS, app);
  const listeningOn = await listen(server, port);
  stopOnSignal(server, webexConnect);
  console.log(`For Webex Connect the bot listens on http://localhost:${listeningOn}/api/webex-connect`);
  console.log(
    `For Teams, Web Chat and Bot Framework Emulator on http://localhost:${listeningOn}/api/messages`,
  );
  if (appId === '') console.log('MicrosoftAppId is not set: /api/messages is open to everybody.');
  if (webhookUrl === undefined) {
    console.log('WEBEX_CONNECT_WEBHOOK_URL is not set: replies to Webex Connect are printed here.');
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
