import { z } from 'zod';

/** Options of how the adapter judges its own health. */
export const healthOptionsSchema = z.strictObject({
  expectTrafficWithinMs: z
    .int()
    .min(1000)
    .optional()
    .describe(
      'Milliseconds after which silence of Webex Connect is reported; choose it longer than the quietest night.',
    ),
  warnAfterWaitingMs: z
    .int()
    .min(1)
    .default(15 * 60_000)
    .describe('Milliseconds that the oldest event or message may wait before health warns.'),
});
