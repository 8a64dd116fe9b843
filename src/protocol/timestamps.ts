import type { JsonValue } from './json';

/**
 * How many hours the platform's `hh` counts. The page prints `YYYY-MM-DD hh:mm:ss.SS` without an AM/PM mark and
 * does not say; 24 is an assumption (option `translation.hourClock`).
 */
export type HourClock = 12 | 24;

/** How {@link parseTimestamp} reads what the platform leaves open. */
export interface TimestampReading {
  readonly hourClock: HourClock;
  /**
   * Milliseconds since the epoch at which the event arrived. With a 12-hour clock and no AM/PM mark, the half of
   * the day that is nearer to it is taken.
   */
  readonly receivedAt: number;
}

const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,9}))?)?)?(?:\s*([ap]m))?(?:\s*(z|gmt|utc|[+-]\d{2}:?\d{2}))?$/i;
const EPOCH_SECONDS = /^\d{10}$/;
const EPOCH_MILLISECONDS = /^\d{13}$/;
const HALF_DAY_MS = 12 * 60 * 60 * 1000;

/**
 * Reads a timestamp of the platform: the documented `YYYY-MM-DD hh:mm:ss.SS` (GMT), ISO 8601 with or without a
 * zone, and epoch seconds or milliseconds. Without a zone it is GMT, as documented.
 *
 * @returns Milliseconds since the epoch, or `undefined` when it is no timestamp.
 */
export function parseTimestamp(value: JsonValue | undefined, reading: TimestampReading): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (EPOCH_MILLISECONDS.test(text)) return Number(text);
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000;

  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', meridiem, zone] = match;
  const hours = hoursOf(Number(hour), meridiem);
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second));
  // The 30th of February is another day, and so is hour 24.
  const isRealDate = new Date(utc).getUTCDate() === Number(day) && Number(month) >= 1 && Number(month) <= 12;
  if (!isRealDate || Number(minute) > 59 || Number(second) > 59) return undefined;

  const time = utc + millisecondsOf(fraction) - zoneOffsetMs(zone);
  if (reading.hourClock === 24 || meridiem !== undefined || Number(hour) > 12) return time;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day)) - zoneOffsetMs(zone);
  return nearerHalfDay(midnight, time, reading.receivedAt);
}

/**
 * Writes a timestamp as the platform documents it: `YYYY-MM-DD hh:mm:ss.SSS` in GMT.
 *
 * @param time Milliseconds since the epoch.
 */
export function formatTimestamp(time: number, hourClock: HourClock): string {
  const iso = new Date(time).toISOString();
  const hour = Number(iso.slice(11, 13));
  const shown = hourClock === 24 ? hour : hour % 12 || 12;
  return `${iso.slice(0, 10)} ${String(shown).padStart(2, '0')}${iso.slice(13, 23)}`;
}

function hoursOf(hour: number, meridiem: string | undefined): number {
  if (meridiem === undefined) return hour;
  if (hour > 12) return hour;
  return (hour % 12) + (meridiem.toLowerCase() === 'pm' ? 12 : 0);
}

/** `SS` are hundredths: a fraction is read as decimals of a second (assumption). */
function millisecondsOf(fraction: string): number {
  return Number(fraction.padEnd(3, '0').slice(0, 3));
}

function zoneOffsetMs(zone: string | undefined): number {
  const match = /([+-])(\d{2}):?(\d{2})/.exec(zone ?? '');
  if (match === null) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** On a 12-hour clock without a mark, 12:34 may be 00:34 or 12:34, and 01:00 may be 01:00 or 13:00. */
function nearerHalfDay(midnight: number, time: number, receivedAt: number): number {
  const morning = midnight + ((time - midnight) % HALF_DAY_MS);
  const evening = morning + HALF_DAY_MS;
  return Math.abs(receivedAt - morning) <= Math.abs(receivedAt - evening) ? morning : evening;
}
