import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { RequestError } from './requestError';
import type { RestParts } from './routeParts';
import { clockRoutes } from './routes/clockRoutes';
import { customerRoutes } from './routes/customerRoutes';
import { deskRoutes } from './routes/deskRoutes';
import { faultRoutes } from './routes/faultRoutes';
import { integrationRoutes } from './routes/integrationRoutes';
import { recordingRoutes } from './routes/recordingRoutes';
import { wireRoutes } from './routes/wireRoutes';
import { servedWorld } from './servedWorld';

const BODY_LIMIT = '256kb';

/** Everything that the page can do, for programs in any language. */
export function restApi(parts: RestParts): Router {
  const router = Router();
  router.use(express.json({ limit: BODY_LIMIT, strict: true }));
  router.use((_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/world', (_req, res) => {
    res.json(servedWorld(parts));
  });
  for (const routes of [
    customerRoutes,
    deskRoutes,
    integrationRoutes,
    clockRoutes,
    faultRoutes,
    wireRoutes,
    recordingRoutes,
  ]) {
    router.use(routes(parts));
  }
  router.use((req, res) => {
    res.status(404).json({ error: `There is no ${req.method} ${req.baseUrl}${req.path}.` });
  });
  router.use(answerError);
  return router;
}

/** The parameters' number makes it an error handler. */
function answerError(error: unknown, _req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) {
    next(error);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  res.status(statusOf(error)).json({ error: message });
}

/** The body parser's errors say what they are; what the emulator refuses, its state does not allow. */
function statusOf(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') return error.status;
  return 409;
}
