import { MemoryStore, WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';

const adapter = new WebexConnectAdapter({
  webhookUrl: 'https://webexconnect.test/hooks/bot',
  store: new MemoryStore(),
});
await adapter.start(async () => {});
await adapter.stop();
console.log('ok');
