import { createServer, type Server } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Clock } from '../emulatorApi';
import { Recorder } from '../scenario/recorder';
import { pageFiles } from './pageFiles';
import { PortTakenError } from './portTakenError';
import { realClock } from './realClock';
import { restApi } from './restApi';
import type { DrivenEmulator } from './routeParts';
import { refuseOtherSites } from './sameSite';
import { watched } from './servedWorld';
import { type ReceiveBotPost, webhookRoute } from './webhookRoute';
import { WorldStream } from './worldStream';

/** Nobody but this machine is to drive the emulator: it has no passwords. */
const LOOPBACK = '127.0.0.1';

export interface EmulatorServerParts {
  readonly emulator: DrivenEmulator;
  readonly receive: ReceiveBotPost;
  /** Where the bot POSTs to: `/hooks/…`. */
  readonly webhookPath: string;
  /** Paces the stream of the page; real time by default. */
  readonly pace?: Clock;
}

/** Page, REST API, stream and webhook on one port. */
export class EmulatorServer {
  readonly #server: Server;
  readonly #stream: WorldStream;

  constructor({ emulator, receive, webhookPath, pace = realClock }: EmulatorServerParts) {
    const recorder = new Recorder(emulator);
    this.#stream = new WorldStream(watched({ emulator, recorder }), pace);
    const app = express();
    app.disable('x-powered-by');
    app.set('etag', false);
    // Whoever knows its path may send here, by whatever name: a bot in a container, or at a tunnel's other end.
    app.use(webhookRoute(webhookPath, receive));
    app.use(refuseOtherSites);
    app.use(secure);
    app.get('/api/stream', (req, res) => this.#stream.open(req, res));
    app.use('/api', restApi({ emulator, recorder }));
    app.use(pageFiles());
    app.use((_req, res) => {
      res.status(404).json({ error: 'There is nothing here.' });
    });
    app.use(answerFailure);
    this.#server = createServer(app);
  }

  /** @returns The port. @throws PortTakenError */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        reject(error.code === 'EADDRINUSE' ? new PortTakenError(port) : error);
      });
      this.#server.listen(port, LOOPBACK, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Ends what is under way too. */
  async close(): Promise<void> {
    this.#stream.close();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** The page brings its own policy of content along; this can be said in a header only. */
function secure(_req: Request, res: Response, next: NextFunction): void {
  res.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Referrer-Policy', 'no-referrer');
  next();
}

/** A body that is too large, a path that cannot be decoded. The parameters' number makes it an error handler. */
function answerFailure(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) {
    next(error);
    return;
  }
  const isKnown = error instanceof Error && 'status' in error && typeof error.status === 'number';
  const status = isKnown && typeof error.status === 'number' ? error.status : 500;
  res.status(status).json({ error: error instanceof Error ? error.message : String(error) });
}
