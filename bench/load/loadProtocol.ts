import type { Latency } from '../measure/latency';
import type { BodyPlan } from './bodies';

/** Questions to the load generator. */
export type LoadProtocol = {
  /** As fast as the answers come, on so many connections. */
  closed: { ask: ClosedLoop; answer: LoadResult };
  /** At a fixed rate, whatever the answers do. */
  open: { ask: OpenLoop; answer: LoadResult };
};

interface Load {
  /** Taken in turn. */
  readonly urls: readonly string[];
  readonly bodies: BodyPlan;
  readonly count: number;
}

export interface ClosedLoop extends Load {
  readonly connections: number;
}

export interface OpenLoop extends Load {
  readonly perSecond: number;
}

export interface LoadResult {
  /** When the first request was sent, and the last answer came: milliseconds since the epoch, with fractions. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly statuses: Readonly<Record<number, number>>;
  readonly failures: number;
  /** In an open loop from when a request was due, so that a server that stalls cannot hide it. */
  readonly latency: Latency;
}
