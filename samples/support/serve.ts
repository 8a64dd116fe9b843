import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebexConnectAdapter } from 'botbuilder-adapter-webex-connect';

/** Where a sample stands in for Webex Connect when no webhook URL is set. */
export const FAKE_WEBHOOK_PATH = '/fake-webex-connect';

/** Webex Connect says all it has to say at once; Node would wait for a minute, and for five. Milliseconds. */
export const TIME_LIMITS = { headersTimeout: 10_000, requestTimeout: 15_000 };

/** A server of restify, or of Node with an Express app in it. */
interface AnyServer {
  once(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  listen(port: number, listener: () => void): unknown;
  address(): AddressInfo | string | null;
  close(): unknown;
}

/** A restify server, or an Express app. */
interface PostRoutes {
  post(path: string, handler: (req: IncomingMessage, res: ServerResponse) => Promise<void>): unknown;
}

/** Prints what the bot sends, for whoever has no Webex Connect at hand. */
export function addFakeWebhook(routes: PostRoutes, print: (line: string) => void): void {
  routes.post(FAKE_WEBHOOK_PATH, async (req, res) => {
    req.setEncoding('utf8');
    let body = '';
    for await (const chunk of req) body += chunk;
    print(`bot -> Webex Connect: ${body}`);
    res.writeHead(200, { 'Content-Type': 'application/json' });
    res.end('{}');
  });
}

/** Resolves with the port that the server listens on. Rejects when it is taken. */
export function listen(server: AnyServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`Port ${port} is taken. Set PORT to a free one.`) : error);
    });
    server.listen(port, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Ends a sample in good order at Ctrl-C or `kill`. npm passes on what the terminal has sent already: once is enough. */
export function stopOnSignal(server: AnyServer, adapter: WebexConnectAdapter): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    server.close();
    void adapter.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
