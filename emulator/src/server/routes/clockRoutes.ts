import { Router } from 'express';
import { z } from 'zod';
import { LONGEST_MS } from '../../scenario/duration';
import { action, NOTHING, type RestParts } from '../routeParts';

const JUMP = z.strictObject({ milliseconds: z.number().min(0).max(LONGEST_MS) });

/** Time. */
export function clockRoutes({ emulator, recorder }: RestParts): Router {
  const router = Router();
  router.post(
    '/clock/pause',
    action(NOTHING, () => recorder.record({ clock: 'pause' }, () => emulator.clock.pause())),
  );
  router.post(
    '/clock/resume',
    action(NOTHING, () => recorder.record({ clock: 'resume' }, () => emulator.clock.resume())),
  );
  router.post(
    '/clock/step',
    action(NOTHING, () => recorder.record({ clock: 'step' }, () => emulator.clock.stepToNextRetry())),
  );
  router.post(
    '/clock/jump',
    action(JUMP, ({ milliseconds }) =>
      recorder.record({ clock: { jump: milliseconds } }, () => emulator.clock.jump(milliseconds)),
    ),
  );
  return router;
}
