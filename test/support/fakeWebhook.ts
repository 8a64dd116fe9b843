import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { z } from 'zod';

/** One POST of the bot. */
export interface ReceivedPost {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, string>;
}

const bodySchema = z.record(z.string(), z.string());

/** The webhook of an integration, on a real socket. */
export class FakeWebhook {
  readonly received: ReceivedPost[] = [];
  /** What the next posts are answered; 200 when it is empty. */
  readonly statuses: number[] = [];
  readonly #server: Server;
  #waiters: (() => void)[] = [];

  private constructor() {
    this.#server = createServer(async (request, response) => {
      if (request.method === 'OPTIONS') {
        response.end();
        return;
      }
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += chunk;
      this.received.push({ headers: request.headers, text, body: bodySchema.parse(JSON.parse(text)) });
      // restify changes `writeHead` for the whole process: it returns nothing any more.
      response.writeHead(this.statuses.shift() ?? 200);
      response.end('{}');
      for (const wake of this.#waiters.splice(0)) wake();
    });
  }

  static async listen(): Promise<FakeWebhook> {
    const webhook = new FakeWebhook();
    // A connection that is closed for being idle just when it is used again fails a send.
    webhook.#server.keepAliveTimeout = 0;
    webhook.#server.listen(0, '127.0.0.1');
    await once(webhook.#server, 'listening');
    return webhook;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/integration/secret-path`;
  }

  get texts(): (string | undefined)[] {
    return this.received.map(({ body }) => body.message);
  }

  async waitFor(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export function portOf(server: { address(): unknown }): number {
  return z.object({ port: z.number() }).parse(server.address()).port;
}
