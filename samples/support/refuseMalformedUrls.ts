import type { Next, Request, Response } from 'restify';

/**
 * Answers 400 to a request whose target or `Host` makes no URL, with `server.pre`: restify 12.0.0 makes one of them for
 * every request, and its throw ends the process (https://github.com/restify/node-restify/issues/2011).
 */
export function refuseMalformedUrls(req: Request, res: Response, next: Next): void {
  const base = `http://${req.headers.host || 'localhost'}`;
  const isUrl = req.url?.startsWith('/') ? URL.canParse(base + req.url) : URL.canParse(req.url ?? '', base);
  if (!isUrl) {
    res.writeHead(400, { Connection: 'close' });
    res.end();
  }
  next(isUrl ? undefined : false);
}
