import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { portOf } from '../../support/fakeWebhook';
import { SECRETS, WORDS } from './canaries';

/** How a post fares, by a word in it. */
export const FATES = [
  'fateRefused',
  'fateBroken',
  'fateSlow',
  'fateCut',
  'fateRedirected',
  'fateThrottled',
  'fateOdd',
] as const;

export type Fate = (typeof FATES)[number];

/** A webhook that says whatever it is told back to who has said it: in bodies, in headers, in reason phrases. */
export class CruelWebhook {
  /** Path, and headers and body as one text, of every post. */
  readonly received: { readonly path: string; readonly text: string }[] = [];
  /** Meets whatever names no fate of its own. */
  fate: Fate | undefined;
  #server: Server | undefined;
  #port = 0;

  static async listen(): Promise<CruelWebhook> {
    const webhook = new CruelWebhook();
    await webhook.#listen();
    webhook.#port = portOf(webhook.#running);
    return webhook;
  }

  get port(): number {
    return this.#port;
  }

  /** Nobody listens at the port any more. */
  async goAway(): Promise<void> {
    const server = this.#running;
    this.#server = undefined;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async comeBack(): Promise<void> {
    await this.#listen();
  }

  async close(): Promise<void> {
    if (this.#server !== undefined) await this.goAway();
  }

  get #running(): Server {
    if (this.#server === undefined) throw new Error('The webhook is away.');
    return this.#server;
  }

  async #listen(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.keepAliveTimeout = 0;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    if (request.method !== 'POST') {
      response.end();
      return;
    }
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    this.received.push({ path, text: `${JSON.stringify(request.headers)} ${text}` });
    const echo = JSON.stringify({ error: `${WORDS.echo}: ${text}`, reason: text });
    const headers = { 'X-Echo': WORDS.echo, 'Content-Type': 'application/json' };
    switch (FATES.find((fate) => text.includes(fate)) ?? this.fate) {
      case undefined:
        response.writeHead(200, WORDS.echo, headers);
        response.end(JSON.stringify({ echo }));
        return;
      case 'fateOdd':
        response.writeHead(200, headers);
        response.end(echo);
        return;
      case 'fateRefused':
        response.writeHead(400, WORDS.echo, headers);
        response.end(echo);
        return;
      case 'fateBroken':
        response.writeHead(500, WORDS.echo, headers);
        response.end(echo);
        return;
      case 'fateThrottled':
        response.writeHead(429, { ...headers, 'Retry-After': WORDS.echo });
        response.end(echo);
        return;
      case 'fateRedirected':
        response.writeHead(302, {
          ...headers,
          Location: `http://user:${SECRETS.redirectPassword}@127.0.0.1:1/?key=${SECRETS.redirectQuery}`,
        });
        response.end(echo);
        return;
      case 'fateCut':
        request.socket.destroy();
        return;
      case 'fateSlow':
        // The caller's patience ends before this does.
        return;
    }
  }
}
