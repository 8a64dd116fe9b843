import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import { createBotServer } from '../support/createBotServer';
import { readEnvironment } from '../support/environment';
import { listen, stopOnSignal } from '../support/serve';
import { SlowEchoBot } from './slowEchoBot';

/** 30 seconds by default; less here, so that you need not wait. */
const LEASE_MS = 5000;

/** A bot like any other: that there are more of it, it neither knows nor needs to know. Its store is all they share. */
async function main(): Promise<void> {
  const { port, webhookUrl, verificationToken, accessToken, store } = readEnvironment(process.env);
  if (webhookUrl === undefined) throw new Error('A replica needs WEBEX_CONNECT_WEBHOOK_URL.');
  const name = process.argv[2] ?? 'a replica';
  const bot = new SlowEchoBot(name);
  const adapter = new WebexConnectAdapter({
    webhookUrl,
    verification: { token: verificationToken },
    authentication: { accessToken },
    store,
    leaseMs: LEASE_MS,
    logger: console,
  });
  adapter.onTurnError = async (context, error) => {
    console.error('the bot failed:', error);
    await context.sendActivity('Sorry, something went wrong.');
  };

  await adapter.start((context) => bot.run(context));
  const server = createBotServer(adapter, (context) => bot.run(context));
  const listeningOn = await listen(server, port);
  stopOnSignal(server, adapter);
  console.log(
    `${name}, process ${process.pid}, listens on http://localhost:${listeningOn}/api/webex-connect`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
