import { Router } from 'express';
import { z } from 'zod';
import { BOT_URL, DIALECT, PLATFORM, ROUTING_RULE } from '../../scenario/vocabulary';
import { action, NOTHING, type RestParts } from '../routeParts';

const EDIT = z.strictObject({
  botUrl: BOT_URL.exactOptional(),
  platform: PLATFORM.exactOptional(),
  verificationToken: z.string().exactOptional(),
  accessToken: z.string().exactOptional(),
});

/** The integration's life, and how the service routes and writes. */
export function integrationRoutes({ emulator, recorder }: RestParts): Router {
  const router = Router();
  router.post(
    '/integration/verify',
    action(NOTHING, async () => {
      const verified = await emulator.integration.verify();
      recorder.did({ integration: verified ? 'verify' : 'verifyFails' });
      return { verified };
    }),
  );
  router.post(
    '/integration/edit',
    action(EDIT, (changes) => {
      // The next run has a bot, and secrets, of its own.
      const { platform } = changes;
      const step = { integration: { edit: platform === undefined ? {} : { platform } } };
      return recorder.record(step, () => emulator.integration.edit(changes));
    }),
  );
  router.post(
    '/rule',
    action(z.strictObject({ rule: ROUTING_RULE }), ({ rule }) =>
      recorder.record({ rule }, () => emulator.setRule(rule)),
    ),
  );
  router.post(
    '/dialect',
    action(z.strictObject({ dialect: DIALECT }), ({ dialect }) =>
      recorder.record({ dialect }, () => emulator.setDialect(dialect)),
    ),
  );
  return router;
}
