import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const WRITTEN = /^(\d+(?:\.\d+)?) ?(ms|s|m|h)$/;
const WRONG = "must be milliseconds, or a text such as '500ms', '5s', '30m' or '1h'";

/** Nothing of the platform takes longer. */
export const LONGEST_MS = 366 * 24 * 3_600_000;

/** `500`, `'500ms'`, `'5s'`, `'30m'`, `'1h'`: milliseconds. */
export const DURATION = z
  .union([z.number().min(0), z.string().regex(WRITTEN, WRONG)], { error: WRONG })
  .refine((duration) => millisecondsOf(duration) <= LONGEST_MS, 'must not be longer than a year');

export type Duration = number | string;

export function millisecondsOf(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const [, amount = '0', unit = 'ms'] = WRITTEN.exec(duration) ?? [];
  return Number(amount) * (UNITS[unit] ?? 1);
}
