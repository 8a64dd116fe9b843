import { Router } from 'express';
import { z } from 'zod';
import { DIALECT, INTEGRATION_CHANGES, ROUTING_RULE } from '../../scenario/vocabulary';
import { action, NOTHING, type RestParts } from '../routeParts';

/** Nothing at all is an edit, too: it is what an inactive integration needs. */
const EDIT = INTEGRATION_CHANGES.optional().transform((changes = {}) => changes);

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
