// A process of its own, `crashingBot <webhookUrl> <file> <port>`: it dies in the middle of its first turn.
import { SqliteStore } from 'botbuilder-adapter-webex-connect/sqlite';
import { serveBot } from './echoBot.js';

const [webhookUrl = '', file = '', port = ''] = process.argv.slice(2);
const store = new SqliteStore(file);

void serveBot(
  webhookUrl,
  store,
  async (context) => {
    await context.sendActivity('One moment.');
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  },
  Number(port),
).then(({ url }) => console.log(url));
