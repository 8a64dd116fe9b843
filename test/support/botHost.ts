import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type TurnLogic, WebexConnectAdapter, type WebexConnectAdapterOptions } from '../../src';
import { FakeWebhook, portOf } from './fakeWebhook';

export const TOKEN = 'the-verification-token';

/** What a test may do with a bot that is served over real HTTP. */
export interface BotHost {
  readonly adapter: WebexConnectAdapter;
  readonly webhook: FakeWebhook;
  readonly url: string;
  /** POSTs a body; objects as JSON. */
  post(body: unknown, headers?: Record<string, string>): Promise<BotAnswer>;
  /** The open connections, as the server sees them. */
  connections(): readonly Socket[];
  stop(): Promise<void>;
}

export interface BotAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export const echo: TurnLogic = async (context) => {
  if (context.activity.type === 'message') await context.sendActivity(`Echo: ${context.activity.text}`);
};

/** Mounts an adapter in a server and says how requests reach it. */
export type Mount = (adapter: WebexConnectAdapter, logic: TurnLogic) => Server;

export const onNodeHttp: Mount = (adapter, logic) =>
  createServer((request, response) => void adapter.process(request, response, logic));

/**
 * Serves a bot over real HTTP with a real webhook at the other end.
 *
 * @param prepare Is given the adapter before it starts, to add middleware.
 */
export async function serveBot(
  options: Partial<WebexConnectAdapterOptions> = {},
  logic: TurnLogic = echo,
  mount: Mount = onNodeHttp,
  prepare: (adapter: WebexConnectAdapter) => void = () => {},
): Promise<BotHost> {
  const webhook = await FakeWebhook.listen();
  const adapter = new WebexConnectAdapter({
    webhookUrl: webhook.url,
    verification: { token: TOKEN },
    ...options,
  });
  prepare(adapter);
  await adapter.start(logic);
  const server = mount(adapter, logic);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${portOf(server)}/api/webex-connect`;
  return {
    adapter,
    webhook,
    url,
    post: (body, headers) => postTo(url, body, headers),
    connections: () => [...sockets],
    async stop() {
      await adapter.stop();
      server.closeAllConnections();
      server.close();
      await webhook.close();
    },
  };
}

export async function postTo(
  url: string,
  body: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<BotAnswer> {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', headers, body: bytes });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
