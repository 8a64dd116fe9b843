import { Router } from 'express';
import { z } from 'zod';
import type { Customer } from '../../emulatorApi';
import { CHANNEL, MEDIA_URL, RECEIPT } from '../../scenario/vocabulary';
import { notFound, RequestError } from '../requestError';
import { action, begun, pathPart, type RestParts } from '../routeParts';

const NEW_CUSTOMER = z.strictObject({ name: z.string().trim().min(1).max(100), channel: CHANNEL });
const SAY = z.strictObject({ text: z.string().min(1) });
const TAP = z.strictObject({ payload: z.string().min(1) });
const SEND = z.strictObject({ mediaUrl: MEDIA_URL, text: z.string().optional() });
const ACKNOWLEDGE = z.strictObject({ receipt: RECEIPT.optional() }).optional();

/** What customers do. */
export function customerRoutes({ emulator, recorder }: RestParts): Router {
  const router = Router();

  function customerOf(id: string): Customer {
    const view = emulator.world().customers.find((customer) => customer.id === id);
    if (view === undefined) throw notFound(`customer ${id}`);
    return emulator.customer(view.name, view.channel);
  }

  router.post(
    '/customers',
    action(NEW_CUSTOMER, ({ name, channel }) => {
      const known = emulator.world().customers.find((customer) => customer.name === name);
      if (known !== undefined && known.channel !== channel) {
        throw new RequestError(409, `${name} is a customer on ${known.channel} already.`);
      }
      const { id } = emulator.customer(name, channel);
      return emulator.world().customers.find((customer) => customer.id === id);
    }),
  );
  router.post(
    '/customers/:id/say',
    action(SAY, ({ text }, req) => {
      const customer = customerOf(pathPart(req, 'id'));
      return recorder.record({ customer: customer.name, says: text }, () => begun(customer.says(text)));
    }),
  );
  router.post(
    '/customers/:id/tap',
    action(TAP, ({ payload }, req) => {
      const customer = customerOf(pathPart(req, 'id'));
      return recorder.record({ customer: customer.name, taps: payload }, () => begun(customer.taps(payload)));
    }),
  );
  router.post(
    '/customers/:id/send',
    action(SEND, ({ mediaUrl, text }, req) => {
      const customer = customerOf(pathPart(req, 'id'));
      const step = { customer: customer.name, sends: mediaUrl, ...(text !== undefined && { text }) };
      return recorder.record(step, () => begun(customer.sends(mediaUrl, text)));
    }),
  );
  router.post(
    '/customers/:id/acknowledge',
    action(ACKNOWLEDGE, (body, req) => {
      const receipt = body?.receipt ?? 'Read';
      const customer = customerOf(pathPart(req, 'id'));
      const step = { customer: customer.name, acknowledges: receipt };
      return recorder.record(step, () => begun(customer.acknowledges(receipt)));
    }),
  );
  return router;
}
