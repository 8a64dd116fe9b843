import { type Request, Router } from 'express';
import { z } from 'zod';
import { UNNAMED_AGENT } from '../../unnamedAgent';
import type { AgentConversationView } from '../../world';
import { notFound } from '../requestError';
import { action, begun, NOTHING, pathPart, type RestParts } from '../routeParts';

const AGENT = z.string().trim().min(1).max(100);
const PICK_UP = z.strictObject({ agent: AGENT.optional() }).optional();
const SAY = z.strictObject({ text: z.string().min(1) });
const TRANSFER = z.strictObject({ agent: AGENT });

/** What agents do. */
export function deskRoutes({ emulator, recorder }: RestParts): Router {
  const router = Router();

  function conversationOf(req: Request): AgentConversationView {
    const id = pathPart(req, 'conversationId');
    const conversation = emulator.world().desk.find((other) => other.id === id);
    if (conversation === undefined) throw notFound(`agent's conversation ${id}`);
    return conversation;
  }

  router.post(
    '/desk/:conversationId/pick-up',
    action(PICK_UP, (body, req) => {
      const { id, customerName } = conversationOf(req);
      const agent = body?.agent ?? UNNAMED_AGENT;
      const step = { agent, picksUp: customerName };
      return recorder.record(step, () => emulator.desk.pickUp(id, agent));
    }),
  );
  router.post(
    '/desk/:conversationId/say',
    action(SAY, ({ text }, req) => {
      const { id, customerName, agent = UNNAMED_AGENT } = conversationOf(req);
      const step = { agent, says: text, to: customerName };
      return recorder.record(step, () => begun(emulator.desk.says(id, text)));
    }),
  );
  router.post(
    '/desk/:conversationId/transfer',
    action(TRANSFER, ({ agent }, req) => {
      const { id, customerName, agent: before = UNNAMED_AGENT } = conversationOf(req);
      const step = { agent: before, transfers: customerName, to: agent };
      return recorder.record(step, () => emulator.desk.transfer(id, agent));
    }),
  );
  router.post(
    '/desk/:conversationId/close',
    action(NOTHING, (_body, req) => {
      const { id, customerName, agent = UNNAMED_AGENT } = conversationOf(req);
      const step = { agent, closes: customerName };
      return recorder.record(step, () => begun(emulator.desk.close(id)));
    }),
  );
  return router;
}
