import { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';
import { SqliteStore } from 'botbuilder-adapter-webex-connect/sqlite';

const adapter = new WebexConnectAdapter({
  webhookUrl: 'https://webexconnect.test/hooks/bot',
  store: new SqliteStore(':memory:'),
});
await adapter.start(async () => {});
await adapter.stop();
console.log('ok');
