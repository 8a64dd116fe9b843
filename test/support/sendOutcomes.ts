import fc from 'fast-check';
import type { SendOutcome } from '../../src/delivery/sendOutcome';

export const accepted = { kind: 'accepted', platformMessageId: undefined } as const satisfies SendOutcome;
export const failed = {
  kind: 'failed',
  reason: 'the webhook answered 500',
  isAmbiguous: false,
  retryAfterMs: undefined,
} as const satisfies SendOutcome;
export const timedOut = {
  ...failed,
  reason: 'no answer within 5000 ms',
  isAmbiguous: true,
} as const satisfies SendOutcome;
export const refusedMessage = {
  kind: 'refused',
  reason: 'the webhook answered 400',
  blames: 'message',
} as const satisfies SendOutcome;
export const refusedByWebhook = {
  kind: 'refused',
  reason: 'the webhook answered 401',
  blames: 'webhook',
} as const satisfies SendOutcome;

/** Any outcome, good or bad. */
export const anyOutcome = fc.constantFrom<SendOutcome[]>(
  accepted,
  failed,
  timedOut,
  refusedMessage,
  refusedByWebhook,
);
