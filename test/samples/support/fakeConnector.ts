import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import { portOf } from '../../support/fakeWebhook';

const ACTIVITY = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  attachments: z.array(z.looseObject({ contentType: z.string() })).optional(),
});

interface ReceivedActivity {
  readonly path: string | undefined;
  readonly activity: z.infer<typeof ACTIVITY>;
}

/** The connector of Azure Bot Service: where `CloudAdapter` sends what the bot says. */
export class FakeConnector {
  readonly received: ReceivedActivity[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += chunk;
      this.received.push({ path: request.url, activity: ACTIVITY.parse(JSON.parse(text)) });
      response.setHeader('content-type', 'application/json');
      response.end('{"id":"sent-1"}');
    });
  }

  static async listen(): Promise<FakeConnector> {
    const connector = new FakeConnector();
    connector.#server.listen(0, '127.0.0.1');
    await once(connector.#server, 'listening');
    return connector;
  }

  /** `serviceUrl` of an activity. */
  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
