import type { Clock } from '../clock';
import type { SendSettlement } from '../store/deliveryStore';
import { type RetryPolicy, retryDelay } from './retryPolicy';
import type { SendOutcome } from './sendOutcome';

/** A settlement before anybody decided whether the bot is to be told. */
export type SendDecision =
  | Exclude<SendSettlement, { kind: 'dead' | 'released' }>
  | { readonly kind: 'dead'; readonly reason: string; readonly isAmbiguous: boolean };

/** What the decision depends on beside the outcome. */
export interface SendCircumstances {
  /** From 1. */
  readonly attempt: number;
  /** Whether the destination was inactive when the attempt began: then the attempt is not used up. */
  readonly isProbe: boolean;
}

/** Characters. */
const LONGEST_REASON = 300;

/** Decides what becomes of a message after an attempt. Pure, but for the clock. */
export function decide(
  outcome: SendOutcome,
  circumstances: SendCircumstances,
  policy: RetryPolicy,
  clock: Pick<Clock, 'now' | 'random'>,
): SendDecision {
  const at = clock.now();
  if (outcome.kind === 'accepted') {
    return { kind: 'delivered', at, platformMessageId: outcome.platformMessageId };
  }
  const cause = shorten(outcome.reason);
  const isAmbiguous = outcome.kind === 'failed' && outcome.isAmbiguous;
  const blamesMessage = outcome.kind === 'refused' && outcome.blames === 'message';
  if (circumstances.isProbe && !blamesMessage) {
    return { kind: 'held', at, error: cause, isAmbiguous };
  }
  if (outcome.kind === 'refused') return { kind: 'dead', reason: cause, isAmbiguous };

  const delay = retryDelay(circumstances.attempt, outcome.retryAfterMs, policy, clock);
  if (delay === undefined) {
    const reason = `gave up after ${circumstances.attempt} attempts: ${cause}`;
    return { kind: 'dead', reason, isAmbiguous };
  }
  return { kind: 'retry', at, notBefore: at + delay, error: cause, isAmbiguous };
}

/** A client may be anybody's: what it says goes into every log, list and history. */
function shorten(reason: string): string {
  return reason.length <= LONGEST_REASON ? reason : `${reason.slice(0, LONGEST_REASON)}…`;
}
