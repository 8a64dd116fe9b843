import { Router } from 'express';
import { z } from 'zod';
import { action, NOTHING, type RestParts } from '../routeParts';

const STOP = z.strictObject({ name: z.string().min(1).exactOptional() }).optional();

/** A session of the page as a scenario. */
export function recordingRoutes({ recorder }: RestParts): Router {
  const router = Router();
  router.post(
    '/recording/start',
    action(NOTHING, () => recorder.start()),
  );
  router.post(
    '/recording/stop',
    action(STOP, (body) => ({ scenario: recorder.stop(body?.name) })),
  );
  return router;
}
