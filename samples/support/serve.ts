import {
  healthRoutes,
  metricsRoute,
  type TurnLogic,
  type WebexConnectAdapter,
} from 'botbuilder-adapter-webex-connect';
import { createServer, type Request, type Response, type Server } from 'restify';
import { refuseMalformedUrls } from './refuseMalformedUrls';

/** Where a sample stands in for Webex Connect when no webhook URL is set. */
export const FAKE_WEBHOOK_PATH = '/fake-webex-connect';

/** The routes that every sample serves. */
export function createBotServer(adapter: WebexConnectAdapter, logic: TurnLogic): Server {
  const server = createServer({ name: 'webex-connect-bot' });
  server.pre(refuseMalformedUrls);
  // Webex Connect says all it has to say at once; Node would wait for a minute, and for five.
  Object.assign(server.server, { headersTimeout: 10_000, requestTimeout: 15_000 });
  server.post('/api/webex-connect', async (req: Request, res: Response) => adapter.process(req, res, logic));
  server.head('/api/webex-connect', async (req: Request, res: Response) => adapter.process(req, res, logic));
  healthRoutes(adapter).mount(server);
  server.get('/metrics', metricsRoute(adapter));
  return server;
}

/** Prints what the bot sends, for whoever has no Webex Connect at hand. */
export function addFakeWebhook(server: Server, print: (line: string) => void): void {
  server.post(FAKE_WEBHOOK_PATH, async (req: Request, res: Response) => {
    req.setEncoding('utf8');
    let body = '';
    for await (const chunk of req) body += chunk;
    print(`bot -> Webex Connect: ${body}`);
    res.writeHead(200, { 'Content-Type': 'application/json' });
    res.end('{}');
  });
}

/** Resolves with the port that the server listens on. Rejects when it is taken. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`Port ${port} is taken. Set PORT to a free one.`) : error);
    });
    server.listen(port, () => resolve(server.address().port));
  });
}

/** Ends a sample in good order at Ctrl-C or `kill`. */
export function stopOnSignal(server: Server, adapter: WebexConnectAdapter): void {
  const stop = () => {
    server.close();
    void adapter.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
