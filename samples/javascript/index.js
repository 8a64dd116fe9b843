'use strict';

const {
  AgentMirrorMiddleware,
  ConversationTracker,
  HandoverMiddleware,
  WebexConnectAdapter,
} = require('botbuilder-adapter-webex-connect');
const { FrontDeskBot } = require('./bot');
const { openStore } = require('./openStore');
const { createServer, FAKE_WEBHOOK_PATH } = require('./server');

const port = Number(process.env.PORT || 3978);
const webhookUrl = process.env.WEBEX_CONNECT_WEBHOOK_URL;

async function main() {
  if (!webhookUrl && port === 0) throw new Error('PORT=0 needs WEBEX_CONNECT_WEBHOOK_URL.');
  const adapter = new WebexConnectAdapter({
    webhookUrl: webhookUrl || `http://localhost:${port}${FAKE_WEBHOOK_PATH}`,
    verification: { token: process.env.WEBEX_CONNECT_VERIFICATION_TOKEN || undefined },
    authentication: { accessToken: process.env.WEBEX_CONNECT_ACCESS_TOKEN || undefined },
    store: openStore(process.env.WEBEX_CONNECT_STORE || 'memory:'),
    logger: console,
  });
  adapter.use(new ConversationTracker(), new HandoverMiddleware(), new AgentMirrorMiddleware());
  adapter.onTurnError = async (context, error) => {
    console.error('the bot failed:', error);
    await context.sendActivity('Sorry, something went wrong.');
  };

  const bot = new FrontDeskBot();
  const logic = (context) => bot.run(context);
  await adapter.start(logic);
  const server = createServer(adapter, logic);
  server.on('error', fail);
  server.listen(port, () => {
    console.log(`The bot listens on http://localhost:${server.address().port}/api/webex-connect`);
    if (!webhookUrl) console.log('WEBEX_CONNECT_WEBHOOK_URL is not set: what the bot sends is printed here.');
  });

  let isStopping = false;
  const stop = async () => {
    // npm passes on what the terminal has sent already.
    if (isStopping) return;
    isStopping = true;
    server.close();
    await adapter.stop();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function fail(error) {
  console.error(error.message);
  process.exit(1);
}

main().catch(fail);
