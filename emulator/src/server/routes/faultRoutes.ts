import { Router } from 'express';
import { faultSteps } from '../../scenario/recorder';
import { FAULT } from '../../scenario/vocabulary';
import { notFound } from '../requestError';
import { action, NOTHING, pathPart, type RestParts } from '../routeParts';

/** What goes wrong. */
export function faultRoutes({ emulator, recorder }: RestParts): Router {
  const router = Router();
  router.post(
    '/faults',
    action(FAULT, (fault) => {
      const rule = emulator.faults.add(fault);
      for (const step of faultSteps(emulator.world(), rule)) recorder.did(step);
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
