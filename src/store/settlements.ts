import type { NewInboxEvent } from './inboxEvent';

/** What becomes of a claimed turn. */
export type TurnSettlement =
  | { readonly kind: 'completed' }
  | {
      readonly kind: 'retry';
      readonly at: number;
      readonly notBefore: number;
      /** What has failed, in a few words and none of anybody's (I9): for the history. */
      readonly cause: string;
    }
  /** Given back unused, as when the adapter stops: the attempt does not count. */
  | { readonly kind: 'released' }
  /** Given back unused, to be claimed no sooner than this: the attempt does not count. */
  | { readonly kind: 'held'; readonly notBefore: number }
  | {
      readonly kind: 'quarantined';
      readonly at: number;
      /** Why, in a few words and none of anybody's (I9). */
      readonly reason: string;
      /** What the bot's error says: it may quote the customer, so it is for who looks at the event itself. */
      readonly details?: string | undefined;
      /** As with a retry. */
      readonly cause: string;
    };

/** What becomes of a claimed send. What is given as error or reason holds no word of the message and no secret (I9). */
export type SendSettlement =
  | { readonly kind: 'delivered'; readonly at: number; readonly platformMessageId: string | undefined }
  | {
      readonly kind: 'retry';
      readonly at: number;
      readonly notBefore: number;
      readonly error: string;
      readonly isAmbiguous: boolean;
    }
  /** Held back: the attempt does not count. */
  | { readonly kind: 'held'; readonly at: number; readonly error: string; readonly isAmbiguous: boolean }
  /** Given back unsent, as when the adapter stops: there was no attempt. */
  | { readonly kind: 'released' }
  | {
      readonly kind: 'dead';
      readonly at: number;
      readonly reason: string;
      readonly isAmbiguous: boolean;
      /** What tells the bot, stored in the same commit. */
      readonly notice: NewInboxEvent | undefined;
    };
