import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TurnContext } from 'botbuilder';
import {
  AgentMirrorMiddleware,
  ConversationTracker,
  type DeliveryStore,
  HandoverMiddleware,
  handover,
  WebexConnectActivityHandler,
  WebexConnectAdapter,
} from 'botbuilder-adapter-webex-connect';

export const VERIFICATION_TOKEN = 'token-of-the-integration';

/** Answers `Echo: <text>`, and hands over whoever asks for an agent. */
export class EchoBot extends WebexConnectActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      if (context.activity.text.includes('agent')) await handover(context, { topic: 'compatibility' });
      else await context.sendActivity(`Echo: ${context.activity.text}`);
      await next();
    });
  }
}

export interface ServedBot {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves a bot on a port of this machine: 0 takes any that is free. */
export async function serveBot(
  webhookUrl: string,
  store: DeliveryStore,
  logic: (context: TurnContext) => Promise<unknown>,
  port = 0,
): Promise<ServedBot> {
  const adapter = new WebexConnectAdapter({
    webhookUrl,
    store,
    verification: { token: VERIFICATION_TOKEN },
  });
  adapter.use(new ConversationTracker(), new HandoverMiddleware(), new AgentMirrorMiddleware());
  const run = async (context: TurnContext) => void (await logic(context));
  await adapter.start(run);
  const server = createServer((req, res) => void adapter.process(req, res, run));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await adapter.stop();
  };
  return { url: `http://127.0.0.1:${taken}/`, stop };
}
