import { Router } from 'express';
import type { EventToBot, World } from '../../world';
import { notFound } from '../requestError';
import { action, begun, NOTHING, pathPart, type RestParts } from '../routeParts';

/** What went over the wire, and what the judge thinks of it. */
export function wireRoutes({ emulator, recorder }: RestParts): Router {
  const router = Router();
  router.post(
    '/wire/:id/resend',
    action(NOTHING, (_body, req) => {
      const id = pathPart(req, 'id');
      const world = emulator.world();
      const entry = world.wire.find((other) => other.id === id);
      if (entry === undefined) throw notFound(`entry ${id} on the wire, or it is forgotten by now`);
      if (entry.kind !== 'toBot') return begun(emulator.resend(id));
      return recorder.record({ resend: describe(world, entry) }, () => begun(emulator.resend(id)));
    }),
  );
  router.delete(
    '/violations',
    action(NOTHING, () => emulator.judge.clear()),
  );
  return router;
}

/** The next run has ids of its own: counts back from the latest of such events. */
function describe({ customers, wire }: World, entry: EventToBot): object {
  const customer = customers.find((other) => other.conversationId === entry.conversationId)?.name;
  const alike = wire.filter(
    (other) =>
      other.kind === 'toBot' && other.event === entry.event && other.conversationId === entry.conversationId,
  );
  const back = alike.length - 1 - alike.indexOf(entry);
  return { ...(customer !== undefined && { customer }), event: entry.event, ...(back > 0 && { back }) };
}
