const { WebexConnectAdapter } = require('botbuilder-adapter-webex-connect');
const { SqliteStore } = require('botbuilder-adapter-webex-connect/sqlite');

async function main() {
  const adapter = new WebexConnectAdapter({
    webhookUrl: 'https://webexconnect.test/hooks/bot',
    store: new SqliteStore(':memory:'),
  });
  await adapter.start(async () => {});
  await adapter.stop();
  console.log('ok');
}

main();
