import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AxiosTransport } from '../../../src/delivery/http/axiosTransport';
import type { HttpTransport, HttpTransportSettings } from '../../../src/delivery/http/httpTransport';
import { UndiciTransport } from '../../../src/delivery/http/undiciTransport';
import type { SendOutcome } from '../../../src/delivery/sendOutcome';
import { WebhookClient, type WebhookClientSettings } from '../../../src/delivery/webhookClient';
import type { OutboxMessage } from '../../../src/store/deliveryStore';
import { ManualClock } from '../../../src/testing/manualClock';
import { type LoopbackServer, serveHttp, serveTcp } from '../../support/loopbackServer';
import { newMessage } from '../../support/storeSamples';

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

export type Answer = (response: ServerResponse, received: Received) => void;

/** What every client sends. */
export const message: OutboxMessage = {
  ...newMessage('c', 'message-1', { body: '{"message":"Grüße 😀"}' }),
  ambiguousAttempts: 0,
  lastError: undefined,
};

export const accepted: SendOutcome = { kind: 'accepted', platformMessageId: undefined };

const transports: Readonly<Record<string, (settings: HttpTransportSettings) => HttpTransport>> = {
  undici: (settings) => new UndiciTransport(settings),
  axios: (settings) => new AxiosTransport(settings),
};

/** Clients of one transport, and the webhooks they send to. All are closed after each test. */
export interface WebhookStage {
  readonly clock: ManualClock;
  openTransport(settings: HttpTransportSettings): HttpTransport;
  clientFor(url: string, more?: Partial<WebhookClientSettings>): WebhookClient;
  serving(start: Promise<LoopbackServer>): Promise<LoopbackServer>;
  /** A webhook that reads each request to its end, and what it has read. */
  webhook(answer: Answer): Promise<{ server: LoopbackServer; received: Received[] }>;
  outcomeOf(answer: Answer, more?: Partial<WebhookClientSettings>): Promise<SendOutcome>;
  /** Of a server that answers the first bytes it gets with `bytes`, and then closes the connection. */
  outcomeOfBytes(bytes: string | Buffer): Promise<SendOutcome>;
}

/** Describes what a client does, on each transport. */
export function describeWebhookClient(describeOn: (stage: WebhookStage) => void): void {
  for (const [name, openTransport] of Object.entries(transports)) {
    describe(`WebhookClient, ${name}`, () => describeOn(stageWith(openTransport)));
  }
}

function stageWith(openTransport: (settings: HttpTransportSettings) => HttpTransport): WebhookStage {
  const clock = new ManualClock();
  let servers: LoopbackServer[] = [];
  let clients: WebhookClient[] = [];

  afterEach(async () => {
    for (const client of clients) client.close();
    for (const server of servers) await server.close();
    clients = [];
    servers = [];
  });

  function clientFor(url: string, more: Partial<WebhookClientSettings> = {}): WebhookClient {
    const settings: WebhookClientSettings = {
      url,
      timeoutMs: 5000,
      maxConnections: 4,
      judgeAnswer: () => 'accepted',
      platformMessageId: () => undefined,
      ...more,
    };
    const client = new WebhookClient(settings, clock, openTransport);
    clients.push(client);
    return client;
  }

  async function serving(start: Promise<LoopbackServer>): Promise<LoopbackServer> {
    const server = await start;
    servers.push(server);
    return server;
  }

  async function webhook(answer: Answer): Promise<{ server: LoopbackServer; received: Received[] }> {
    const received: Received[] = [];
    const listener: RequestListener = async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      const one = { request, body };
      received.push(one);
      answer(response, one);
    };
    return { server: await serving(serveHttp(listener)), received };
  }

  async function outcomeOf(answer: Answer, more: Partial<WebhookClientSettings> = {}): Promise<SendOutcome> {
    const { server } = await webhook(answer);
    return clientFor(server.url, more).send(message);
  }

  async function outcomeOfBytes(bytes: string | Buffer): Promise<SendOutcome> {
    const server = await serving(serveTcp((socket) => socket.end(bytes)));
    return clientFor(server.url).send(message);
  }

  return { clock, openTransport, clientFor, serving, webhook, outcomeOf, outcomeOfBytes };
}
