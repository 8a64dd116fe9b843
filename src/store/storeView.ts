import type { DeliveryStore } from './deliveryStore';
import type { OperatorRequests, StoreUser } from './operatorCommands';

/** What may be read of a store beside whatever works on it. */
export type StoreReading = Pick<
  DeliveryStore,
  | 'transcripts'
  | 'listDeadLetters'
  | 'findDeadLetter'
  | 'listQuarantine'
  | 'findQuarantined'
  | 'findConversation'
  | 'listConversations'
  | 'loadHealth'
  | 'listDestinations'
  | 'history'
  | 'activity'
  | 'stats'
>;

/** A store as a process sees it that runs no bot: it reads, and leaves commands for the bot. It changes nothing else. */
export interface StoreView {
  readonly reading: StoreReading;
  readonly requests: OperatorRequests;
  /** The processes that work on the store now, bots and operators' commands. */
  users(): Promise<readonly StoreUser[]>;
  close(): Promise<void>;
}
