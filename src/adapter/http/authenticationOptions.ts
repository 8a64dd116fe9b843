import { z } from 'zod';
import { callback } from '../../optionSchema';
import type { Caller } from './caller';

const textOrList = <Text extends z.ZodType<string>>(text: Text) =>
  z.union([text, z.array(text).min(1)]).transform((one) => (typeof one === 'string' ? [one] : one));

/** What can come in a header as it is: any other token would match no request, and nobody would know why. */
const accessToken = z
  .string()
  .min(1)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must be printable ASCII with no blank at either end')
  .refine((token) => !/^Bearer /i.test(token), "must be the bare token, without 'Bearer'");

/** Options of the checks that a caller has to pass. With none, as is documented for OTHERS, everybody may call. */
export const authenticationSchema = z.strictObject({
  isAllowed: callback<(caller: Caller) => boolean | Promise<boolean>>()
    .optional()
    .describe(
      'Whether a caller may come in at all, by address or client certificate (`allowAddresses` makes one); asked first. ' +
        '`false` is answered 403; an error, or no decision in time, 503.',
    ),
  accessToken: textOrList(accessToken)
    .optional()
    .describe("The bot's access token (platform IMI BOT); several while one is being replaced."),
  accessTokenHeaders: z
    .array(z.string().min(1).toLowerCase())
    .min(1)
    .default(['authorization', 'access-token', 'access_token', 'x-access-token'])
    .describe('Headers in which the access token may come, bare or after `Bearer`.'),
  signatureSecret: textOrList(z.string().min(1))
    .optional()
    .describe(
      'Secrets of an HMAC SHA-256 or SHA-512 signature over the raw body; several while one is being replaced.',
    ),
  signatureHeader: z
    .string()
    .min(1)
    .toLowerCase()
    .default('x-hub-signature')
    .describe("The signature's header."),
});
