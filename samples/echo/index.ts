import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import { createBotServer } from '../support/createBotServer';
import { readEnvironment } from '../support/environment';
import { addFakeWebhook, FAKE_WEBHOOK_PATH, listen, stopOnSignal } from '../support/serve';
import { EchoBot } from './echoBot';

async function main(): Promise<void> {
  const { port, webhookUrl, verificationToken, accessToken, store } = readEnvironment(process.env);
  if (webhookUrl === undefined && port === 0) throw new Error('PORT=0 needs WEBEX_CONNECT_WEBHOOK_URL.');
  const bot = new EchoBot();
  const adapter = new WebexConnectAdapter({
    webhookUrl: webhookUrl ?? `http://localhost:${port}${FAKE_WEBHOOK_PATH}`,
    verification: { token: verificationToken },
    authentication: { accessToken },
    store,
    logger: console,
  });
  adapter.onTurnError = async (context, error) => {
    console.error('the bot failed:', error);
    await context.sendActivity('Sorry, something went wrong.');
  };

  await adapter.start((context) => bot.run(context));
  const server = createBotServer(adapter, (context) => bot.run(context));
  if (webhookUrl === undefined) addFakeWebhook(server, console.log);
  const listeningOn = await listen(server, port);
  stopOnSignal(server, adapter);
  console.log(`The echo bot listens on http://localhost:${listeningOn}/api/webex-connect`);
  if (webhookUrl === undefined)
    console.log('WEBEX_CONNECT_WEBHOOK_URL is not set: replies are printed here.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
