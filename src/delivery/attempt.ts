import type { ClaimedSend } from '../store/deliveryStore';
import type { SendOutcome } from './sendOutcome';

/** What goes along with one attempt to send. A client that cannot make use of it may leave it. */
export interface AttemptTrace {
  /** Headers that carry a trace on: `traceparent`, or none. */
  readonly headers: Readonly<Record<string, string>>;
  /** Tells the HTTP status of the answer. */
  readonly answered: (status: number) => void;
}

/**
 * Watches one attempt to send: makes it, and resolves with what came of it.
 *
 * @param attempt Never rejects.
 */
export type AttemptWatcher = (
  send: ClaimedSend,
  attempt: (trace: AttemptTrace) => Promise<SendOutcome>,
) => Promise<SendOutcome>;

/** Nobody watches. */
export const unwatched: AttemptWatcher = (_send, attempt) => attempt({ headers: {}, answered: () => {} });
