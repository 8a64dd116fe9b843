import type { Contender } from '../contenders';

/** Questions to a process that serves the echo bot. */
export type BotProtocol = {
  start: { ask: BotSetup; answer: { readonly url: string } };
  /** Collects garbage first: it belongs to what made it. */
  usage: { ask: undefined; answer: Usage };
  /** What is kept when all garbage is collected and given back. */
  memory: { ask: undefined; answer: Memory };
  /** Resolves when nothing is under way. */
  idle: { ask: undefined; answer: undefined };
};

export interface BotSetup {
  readonly contender: Contender;
  readonly platformUrl: string;
  /** A path or a connection string, for the durable stores. */
  readonly store: StoreLocation | undefined;
  /** Milliseconds that each turn takes beside the bot's own work. */
  readonly turnMs: number;
  /** Ended events and messages that the store is to hold before it starts. */
  readonly oldRows: number;
  /** Events that wait for their turn when it starts. */
  readonly waitingEvents: number;
}

export interface StoreLocation {
  readonly location: string;
  /** PostgreSQL's schema: each measurement has its own. */
  readonly schema: string;
}

export interface Usage {
  readonly cpuMs: number;
  /** Transactions that were committed; unknown where the engine does not count them. */
  readonly commits: number | undefined;
}

export interface Memory {
  readonly rssBytes: number;
  readonly heapBytes: number;
}
