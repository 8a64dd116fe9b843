import type { Clock } from '../clock';

/** When a failed send is tried again. */
export interface RetryPolicy {
  /** Milliseconds before the first, second, … retry; their number is the number of retries. */
  readonly retryDelaysMs: readonly number[];
  /** Share of a delay by which it varies either way: 0.1 is ±10 %. */
  readonly jitter: number;
  /** The longest `Retry-After` that is honoured, in milliseconds. */
  readonly maxRetryAfterMs: number;
}

/**
 * How long to wait after a failed attempt.
 *
 * @param attempt The attempt that failed, from 1.
 * @param retryAfterMs What the receiver asked for. It never shortens the schedule.
 * @returns Milliseconds, or `undefined` when the attempts are used up.
 */
export function retryDelay(
  attempt: number,
  retryAfterMs: number | undefined,
  policy: RetryPolicy,
  clock: Pick<Clock, 'random'>,
): number | undefined {
  const scheduled = policy.retryDelaysMs[attempt - 1];
  if (scheduled === undefined) return undefined;
  const varied = scheduled * (1 + policy.jitter * (2 * clock.random() - 1));
  const asked = Math.min(retryAfterMs ?? 0, policy.maxRetryAfterMs);
  return Math.round(Math.max(varied, asked));
}

/**
 * Reads `Retry-After`: seconds, or an HTTP date.
 *
 * @param now Milliseconds since the epoch.
 * @returns Milliseconds from now, at least 0; `undefined` when it is neither.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}
