import { Router } from 'express';
import { z } from 'zod';
import { DIRECTION, FAULT_EFFECT, FAULT_MATCH } from '../../scenario/vocabulary';
import type { FaultMatch, World } from '../../world';
import { notFound } from '../requestError';
import { action, NOTHING, pathPart, type RestParts } from '../routeParts';

const FAULT = z.strictObject({
  direction: DIRECTION,
  match: FAULT_MATCH.exactOptional(),
  effect: FAULT_EFFECT,
});

/** What goes wrong. */
export function faultRoutes({ emulator, recorder }: RestParts): Router {
  const router = Router();
  router.post(
    '/faults',
    action(FAULT, (fault) => {
      const { direction, effect } = fault;
      const match = matchByName(emulator.world(), fault.match);
      const rule = emulator.faults.add(fault);
      recorder.did({ fault: { name: rule.id, direction, match, effect } });
      return rule;
    }),
  );
  router.delete(
    '/faults/:id',
    action(NOTHING, (_body, req) => {
      const id = pathPart(req, 'id');
      if (!emulator.world().faults.some((fault) => fault.id === id)) throw notFound(`fault ${id}`);
      return recorder.record({ clearFault: id }, () => emulator.faults.remove(id));
    }),
  );
  router.delete(
    '/faults',
    action(NOTHING, () => recorder.record({ clearFault: 'all' }, () => emulator.faults.clear())),
  );
  return router;
}

/** The next run has conversation IDs of its own, and the same customers. */
function matchByName(world: World, match: FaultMatch = {}): object {
  const { conversationId, ...rest } = match;
  const customer = world.customers.find((other) => other.conversationId === conversationId);
  return conversationId === undefined || customer === undefined ? rest : { ...rest, customer: customer.name };
}
