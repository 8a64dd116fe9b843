import type { InboxSource } from './inboxEvent';
import type { MessageRole } from './outboxMessage';

/**
 * What happened to the events and messages of a conversation, for the person who is asked why. It holds ids, times and
 * reasons, and no word that anybody has said (I9).
 *
 * It is read from the events and messages that a store keeps anyway, and goes when they go. Only an attempt that failed
 * is written down for it, in the commit that settles it.
 */
export type HistoryEntry = EventAccepted | TurnAttempt | MessageStaged | SendAttempt;

/** What every entry has. */
export interface Happened {
  /** The entry's place in its list: `page.after` of the page that follows. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly conversationId: string;
}

/** An event was stored, once; a replay out of quarantine does not repeat it. */
export interface EventAccepted extends Happened {
  readonly kind: 'eventAccepted';
  readonly eventId: string;
  readonly source: InboxSource;
}

/**
 * A run of an event's turn. Numbered from 1, and from 1 again when the event was replayed out of quarantine. A turn
 * that is still running, or was given back unused, is not told.
 */
export type TurnAttempt = Happened & {
  readonly kind: 'turnAttempt';
  readonly eventId: string;
  readonly attempt: number;
} & (
    | { readonly outcome: 'completed' }
    | { readonly outcome: 'failed'; readonly reason: string }
    /** It failed, or was abandoned, too often: an operator has to look at it. */
    | { readonly outcome: 'quarantined'; readonly reason: string }
    | Abandoned
  );

/** A message was stored, to be sent. */
export interface MessageStaged extends Happened {
  readonly kind: 'messageStaged';
  readonly messageId: string;
  readonly activityId: string;
  readonly destination: string;
  readonly role: MessageRole;
  /** The event whose turn sends it; `undefined` for a proactive message, and when the event is kept no longer. */
  readonly eventId: string | undefined;
}

/**
 * An attempt to send a message. Numbered from 1, and from 1 again when it was replayed from the dead letters. One that is
 * held back does not count: the next has its number.
 */
export type SendAttempt = Happened & {
  readonly kind: 'sendAttempt';
  readonly messageId: string;
  readonly destination: string;
  readonly attempt: number;
} & (
    | { readonly outcome: 'delivered' }
    | FailedSend<'failed'>
    /** It failed while its destination was inactive, or as the adapter stopped. */
    | FailedSend<'held'>
    /** It was given up: a dead letter. */
    | FailedSend<'dead'>
    /** Whether it arrived nobody knows (I7). */
    | Abandoned
  );

/** An attempt that did not deliver the message. */
export interface FailedSend<Outcome extends string> {
  readonly outcome: Outcome;
  /** With the HTTP status, where there was an answer. */
  readonly reason: string;
  /** The bytes may have arrived all the same (I7). */
  readonly isAmbiguous: boolean;
}

/** Its process ended, or lost its lease, before it was settled. `at` is when that was noticed. */
export interface Abandoned {
  readonly outcome: 'abandoned';
}

/** A request that is no event was put into quarantine. Why, is told by the quarantine: the reason may quote it. */
export interface RequestQuarantined {
  readonly kind: 'requestQuarantined';
  readonly id: string;
  readonly at: number;
  readonly requestId: string;
}

/** One of the things that happen in all conversations together. */
export type ActivityEntry = HistoryEntry | RequestQuarantined;

/** What happened lately. */
export interface RecentActivity {
  /** By their times, as far as they became known together: what was written late comes late. */
  readonly entries: readonly ActivityEntry[];
  /** Where to go on. */
  readonly cursor: string;
}
