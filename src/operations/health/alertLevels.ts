/** Percent of a limit at which an operator is told. */
const ALERT_PERCENTS = [50, 70, 90, 100] as const;

/** Percent of a limit at which an operator is told. */
export type AlertPercent = (typeof ALERT_PERCENTS)[number];

/** What was told of one thing so far. */
export interface AlertState {
  /** The highest threshold that was told of since all was well; 0 when none was. */
  readonly reached: AlertPercent | 0;
  /** Milliseconds since the epoch: since when not all is well; `undefined` while it is. */
  readonly since: number | undefined;
}

/** Of a thing with which all is well. */
export const CALM: AlertState = { reached: 0, since: undefined };

/** How one thing stands. */
export interface Reading {
  readonly value: number;
  readonly limit: number;
  /** All is well again at this value. Below the first threshold, so that a value that sways tells nothing twice. */
  readonly calmAt: number;
  /** Since when not all is well, where it is known; otherwise since it was first seen. */
  readonly since?: number | undefined;
}

/** What is to be told. */
export type Telling =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'alert'; readonly percent: AlertPercent; readonly since: number }
  | { readonly kind: 'recovered'; readonly since: number };

const NOTHING: Telling = { kind: 'nothing' };

/** The highest threshold that `value` has reached; 0 below all of them. */
export function thresholdOf(value: number, limit: number): AlertPercent | 0 {
  return ALERT_PERCENTS.findLast((percent) => value * 100 >= percent * limit) ?? 0;
}

/**
 * What is to be told of a thing after one more reading: each threshold once on the way up, the highest of those that
 * are passed at once, and one recovery. Pure.
 *
 * @param now Milliseconds since the epoch.
 */
export function alertAfter(
  state: AlertState,
  reading: Reading,
  now: number,
): { readonly state: AlertState; readonly telling: Telling } {
  const { value, limit, calmAt } = reading;
  const since = reading.since ?? state.since ?? now;
  if (value <= calmAt) {
    const told = state.reached > 0;
    return { state: CALM, telling: told ? { kind: 'recovered', since: state.since ?? now } : NOTHING };
  }
  const threshold = thresholdOf(value, limit);
  if (threshold === 0 || threshold <= state.reached) {
    return { state: { reached: state.reached, since }, telling: NOTHING };
  }
  return { state: { reached: threshold, since }, telling: { kind: 'alert', percent: threshold, since } };
}
