import express, { type NextFunction, type Request, type Response, Router } from 'express';

/** What the bot POSTs, as it came. */
export interface BotPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why the body could not be read, which is empty then. */
  readonly unreadable?: Unreadable;
}

export interface Unreadable {
  /** That it is answered with. */
  readonly status: number;
  readonly problem: string;
}

/** How the platform answers it, or does not. */
export interface BotPostAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly close?: 'reset' | 'silent';
  /** Called when the bot was gone before the answer was out. */
  lost?(): void;
}

export type ReceiveBotPost = (post: BotPost) => Promise<BotPostAnswer>;

const BODY_LIMIT = '1mb';

/** The URL that was generated for the integration. */
export function webhookRoute(path: string, receive: ReceiveBotPost): Router {
  const router = Router({ caseSensitive: true, strict: true });
  // Bots name no origin; a browser does, for every page that sends something to another site.
  router.all(path, (req, res, next) => {
    if (req.headers.origin === undefined) next();
    else res.status(403).json({ error: 'Pages may not speak for the bot.' });
  });
  const readBody = express.raw({ type: () => true, limit: BODY_LIMIT });
  const onBody = async (req: Request, res: Response) => {
    const body = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : '';
    answer(req, res, await receive({ headers: headersOf(req), body }));
  };
  const onUnreadable = async (error: unknown, req: Request, res: Response, next: NextFunction) => {
    const unreadable = unreadableBy(error);
    if (unreadable === undefined || req.socket.destroyed) return next(error);
    answer(req, res, await receive({ headers: headersOf(req), body: '', unreadable }));
  };
  // Whatever the bot says that it sends: what is wrong with it is for the emulator to say.
  router.post(path, readBody, onBody, onUnreadable);
  router.all(path, (_req, res) => {
    res.setHeader('Allow', 'POST');
    res.status(405).json({ error: 'The bot POSTs its events here.' });
  });
  return router;
}

/** What the parser of bodies refuses: too much, or what cannot be unpacked. */
function unreadableBy(error: unknown): Unreadable | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const problem = error.status === 413 ? `is larger than ${BODY_LIMIT}` : `cannot be read: ${error.message}`;
  return { status: error.status, problem: `The body ${problem}.` };
}

function answer(req: Request, res: Response, { status, headers, body, close, lost }: BotPostAnswer): void {
  if (close === 'reset') {
    req.socket.resetAndDestroy();
    return;
  }
  // Nothing is ever said: the bot has to lose its patience.
  if (close === 'silent') return;
  if (res.closed) {
    lost?.();
    return;
  }
  res.once('close', () => {
    if (!res.writableFinished) lost?.();
  });
  res.writeHead(status, headers);
  res.end(body);
}

function headersOf(req: Request): Record<string, string> {
  return Object.fromEntries(
    Object.entries(req.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
