import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';

/** What the bot was sent. */
export interface ReceivedEvent {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The fields, if the body is JSON. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Answers an event. */
export type Responder = (event: ReceivedEvent, res: ServerResponse) => void;

export const TOKEN = 'a-verification-token';

/** 200 with the token. */
export const welcome: Responder = (_event, res) =>
  respond(res, 200, JSON.stringify({ verification_token: TOKEN }));

export function respond(res: ServerResponse, status: number, body = ''): void {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(body);
}

/** A bot's endpoint that does what a test tells it. */
export class TestBot {
  readonly events: ReceivedEvent[] = [];
  responder: Responder;
  readonly #server: Server;

  private constructor(responder: Responder) {
    this.responder = responder;
    this.#server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const event = { headers: req.headers, body, fields: fieldsOf(body) };
        // Verify is no event.
        if (body !== '{}') this.events.push(event);
        this.responder(event, res);
      });
    });
  }

  static async start(responder: Responder = welcome): Promise<TestBot> {
    const bot = new TestBot(responder);
    await new Promise<void>((resolve) => bot.#server.listen(0, '127.0.0.1', resolve));
    return bot;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The bot does not listen.');
    return `http://127.0.0.1:${address.port}/bot`;
  }

  /** What customers and agents have said, in the order in which it came. */
  get heard(): readonly (string | undefined)[] {
    return this.events.map(({ fields }) => fields.Message ?? fields.PostbackPayload);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function fieldsOf(body: string): Record<string, string> {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {};
  } catch {
    return {};
  }
}
