import type { NextFunction, Request, Response } from 'express';

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Refuses what another site's page sends. The emulator sends to any URL it is told, so a page that reaches it through
 * a name of its own (DNS rebinding), or from its own origin, could make it knock on any door of this machine.
 */
export function refuseOtherSites(req: Request, res: Response, next: NextFunction): void {
  const problem = problemOf(req.headers.host, req.headers.origin);
  if (problem === undefined) next();
  else res.status(403).json({ error: problem });
}

function problemOf(host: string | undefined, origin: string | undefined): string | undefined {
  if (host === undefined || !LOCAL_HOST.test(host)) {
    return 'The emulator answers to localhost and 127.0.0.1 only.';
  }
  if (origin === undefined) return undefined;
  // A forwarding development environment may serve the page over https.
  return hostOf(origin) === hostOf(`http://${host}`)
    ? undefined
    : 'The emulator answers to its own page only.';
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}
