const { MemoryStore, WebexConnectAdapter } = require('botbuilder-adapter-webex-connect');

async function main() {
  const adapter = new WebexConnectAdapter({
    webhookUrl: 'https://webexconnect.test/hooks/bot',
    store: new MemoryStore(),
  });
  await adapter.start(async () => {});
  await adapter.stop();
  console.log('ok');
}

main();
