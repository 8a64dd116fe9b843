import { createServer } from 'node:http';
import { ConversationState, TranscriptLoggerMiddleware } from 'botbuilder';
import {
  MemoryStore,
  WebexConnectActivityHandler,
  WebexConnectAdapter,
  type WebexConnectAdapterOptions,
} from 'botbuilder-adapter-webex-connect';
import { PostgresStore } from 'botbuilder-adapter-webex-connect/postgres';
import { SqliteStore } from 'botbuilder-adapter-webex-connect/sqlite';

class EchoBot extends WebexConnectActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      await context.sendActivity(`Echo: ${context.activity.text}`);
      await next();
    }).onPostback((_context, next) => next());
  }
}

const options: WebexConnectAdapterOptions = {
  webhookUrl: 'https://webexconnect.test/hooks/bot',
  // Unset variables are undefined, which exactOptionalPropertyTypes tells from left out.
  verification: { token: process.env.WEBEX_CONNECT_VERIFICATION_TOKEN },
  store: new MemoryStore(),
};
const adapter = new WebexConnectAdapter(options);
const bot = new EchoBot();

adapter.onTurnError = async (context, error) => {
  await context.sendActivity(`Sorry: ${error.message}`);
};

export const server = createServer((req, res) => {
  void adapter.process(req, res, (context) => bot.run(context));
});

export function durableStore(location: string): SqliteStore | PostgresStore {
  const store = location.startsWith('postgres') ? new PostgresStore(location) : new SqliteStore(location);
  adapter.use(new TranscriptLoggerMiddleware(store.transcripts));
  return store;
}

export const conversationState = new ConversationState(durableStore(':memory:'));
