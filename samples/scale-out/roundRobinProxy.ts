import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { TIME_LIMITS } from '../support/serve';

/** A replica, as the proxy sees it. */
export interface Backend {
  /** Where it listens; undefined while it does not. */
  readonly url: string | undefined;
  /** What its health has said last. */
  readonly isReady: boolean;
}

/** What became of passing a request on: nothing of it has been sent, or the caller has an answer. */
type Outcome = 'refused' | 'answered';

/** Webex Connect waits for five seconds. */
const ANSWERS_WITHIN_MS = 4500;
/** They speak of one connection, and there are two here. */
const CONNECTION_HEADERS = ['connection', 'expect', 'keep-alive', 'te', 'trailer', 'upgrade'];

/**
 * Passes each request to the next replica that is ready. Stands in for your load balancer, and does no more than one has
 * to: no replica is preferred for a conversation.
 *
 * When a replica refuses the connection, the next one is asked: nothing was sent, so nothing can happen twice. Once bytes
 * have left, the replica may have stored the event, and who repeats it is Webex Connect: it gets a 502 and tries again.
 */
export class RoundRobinProxy {
  readonly server: Server;
  readonly #backends: readonly Backend[];
  readonly #answersWithinMs: number;
  #next = 0;

  /** @param answersWithinMs A replica that has not answered by then is given up: a 504. */
  constructor(backends: readonly Backend[], answersWithinMs = ANSWERS_WITHIN_MS) {
    this.#backends = backends;
    this.#answersWithinMs = answersWithinMs;
    this.server = createServer(TIME_LIMITS, (req, res) => {
      this.#pass(req, res).catch(() => res.destroy());
    });
  }

  async #pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    for (const url of this.#inTurn()) {
      if ((await passTo(url, req, res, this.#answersWithinMs)) === 'answered') return;
    }
    answer(res, 503, { 'Retry-After': '5' });
  }

  /** Those that are ready, another one first each time. */
  #inTurn(): string[] {
    const first = this.#next++ % this.#backends.length;
    const order = [...this.#backends.slice(first), ...this.#backends.slice(0, first)];
    return order.flatMap(({ url, isReady }) => (isReady && url !== undefined ? [url] : []));
  }
}

function passTo(url: string, req: IncomingMessage, res: ServerResponse, withinMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const upstream = request({
      hostname,
      port,
      path: req.url,
      method: req.method,
      headers: headersFor(req),
      // A connection of its own: one that is kept may have gone, and nobody could tell what had left by it.
      agent: false,
      signal: AbortSignal.timeout(withinMs),
    });
    let isConnected = false;
    upstream.once('socket', (socket) =>
      socket.once('connect', () => {
        isConnected = true;
        req.pipe(upstream);
      }),
    );
    upstream.once('response', (response) => {
      res.writeHead(response.statusCode ?? 502, withoutConnection(response.headers));
      // An answer that breaks off must not look whole.
      pipeline(response, res, () => {});
    });
    upstream.on('error', ({ name }) => {
      if (!isConnected && name !== 'AbortError') return resolve('refused');
      answer(res, name === 'AbortError' ? 504 : 502);
    });
    res.once('close', () => {
      upstream.destroy();
      resolve('answered');
    });
  });
}

function headersFor({ headers, socket }: IncomingMessage): IncomingMessage['headers'] {
  const { 'x-forwarded-for': before, ...others } = withoutConnection(headers);
  return { ...others, 'x-forwarded-for': [before, socket.remoteAddress].filter(Boolean).join(', ') };
}

function withoutConnection(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.includes(name)));
}

function answer(res: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  res.writeHead(status, headers);
  res.end();
}
