import type { Clock } from '../clock';
import type { SendSettlement } from '../store/deliveryStore';
import { type RetryPolicy, retryDelay } from './retryPolicy';
import type { SendOutcome } from './sendOutcome';

/** A settlement before anybody decided whether the bot is to be told. */
export type SendDecision =
  | Exclude<SendSettlement, { kind: 'dead' }>
  | { readonly kind: 'dead'; readonly reason: string; readonly isAmbiguous: boolean };

/** What the decision depends on beside the outcome. */
export interface SendCircumstances {
  /** From 1. */
  readonly attempt: number;
  /** Whether the destination was inactive when the attempt began: then the attempt is not used up. */
  readonly isProbe: boolean;
}

/** Decides what becomes of a message after an attempt. Pure, but for the clock. */
export function decide(
  outcome: SendOutcome,
  circumstances: SendCircumstances,
  policy: RetryPolicy,
  clock: Pick<Clock, 'now' | 'random'>,
): SendDecision {
  if (outcome.kind === 'accepted') {
    return { kind: 'delivered', at: clock.now(), platformMessageId: outcome.platformMessageId };
  }
  const isAmbiguous = outcome.kind === 'failed' && outcome.isAmbiguous;
  const blamesMessage = outcome.kind === 'refused' && outcome.blames === 'message';
  if (circumstances.isProbe && !blamesMessage) {
    return { kind: 'held', error: outcome.reason, isAmbiguous };
  }
  if (outcome.kind === 'refused') return { kind: 'dead', reason: outcome.reason, isAmbiguous };

  const delay = retryDelay(circumstances.attempt, outcome.retryAfterMs, policy, clock);
  if (delay === undefined) {
    const reason = `gave up after ${circumstances.attempt} attempts: ${outcome.reason}`;
    return { kind: 'dead', reason, isAmbiguous };
  }
  return { kind: 'retry', notBefore: clock.now() + delay, error: outcome.reason, isAmbiguous };
}
