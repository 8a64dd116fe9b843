import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { WEBHOOK_DESTINATION } from '../delivery/destinations';
import { mustBeSecure, serverUrl } from '../optionSchema';

/** The bytes of a secret that Standard Webhooks allows. */
const SECRET_BYTES = { min: 24, max: 64 };
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
/** Headers that the delivery sets itself. */
const OWN_HEADERS = /^(webhook-|content-|idempotency-key$|host$|connection$|transfer-encoding$|expect$)/i;

const secret = z
  .string()
  .refine(isSecret, `must be 'whsec_' and the base64 of ${SECRET_BYTES.min} to ${SECRET_BYTES.max} bytes`);

/** Every option, its default and its description. */
export const httpCcspBridgeOptionsSchema = z
  .strictObject({
    url: serverUrl().describe("The contact centre's endpoint; https, but for loopback."),
    secret: z
      .union([secret.transform((one) => [one]), z.array(secret).min(1)], {
        error: `must be one secret or a list: each 'whsec_' and the base64 of ${SECRET_BYTES.min} to ${SECRET_BYTES.max} bytes`,
      })
      .describe(
        'What requests are signed with, after Standard Webhooks; several while one is being replaced.',
      ),
    name: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, dashes or underscores')
      .refine(
        (name) => name !== WEBHOOK_DESTINATION,
        `'${WEBHOOK_DESTINATION}' is the integration's own webhook`,
      )
      .default('contact-centre')
      .describe('Names the destination in the store, in health and in logs; unique, and never changed.'),
    timeoutMs: z
      .int()
      .min(1)
      .optional()
      .describe("Milliseconds for one attempt, connecting included; by default the adapter's."),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .describe('More headers of every request, such as an API key.'),
    allowInsecureHttp: z
      .boolean()
      .default(false)
      .describe('Allow http to other machines: customers’ words go over the wire in the clear.'),
  })
  .superRefine(mustBeSecure('url'))
  .superRefine(({ headers }, context) => {
    for (const [name, value] of Object.entries(headers)) {
      if (!isHeader(name, value)) {
        context.addIssue({ code: 'custom', path: ['headers', name], message: 'cannot be set in a request' });
      }
    }
  });

function isSecret(text: string): boolean {
  const base64 = SECRET.exec(text)?.[1];
  if (base64 === undefined || base64.length % 4 !== 0) return false;
  const { length } = Buffer.from(base64, 'base64');
  return length >= SECRET_BYTES.min && length <= SECRET_BYTES.max;
}

function isHeader(name: string, value: string): boolean {
  if (OWN_HEADERS.test(name)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
