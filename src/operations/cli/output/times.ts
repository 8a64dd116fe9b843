const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time for people, in UTC: `2026-03-09 14:00:08Z`. */
export function timeText(milliseconds: number): string {
  return `${toIso(milliseconds).slice(0, 19).replace('T', ' ')}Z`;
}

/** A time for people, to the millisecond: `2026-03-09 14:00:08.031Z`. */
export function exactTimeText(milliseconds: number): string {
  return toIso(milliseconds).replace('T', ' ');
}

/** A time for scripts: ISO 8601 in UTC; null when there is none. */
export function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : toIso(milliseconds);
}

/** How long something takes or took: `350 ms`, `12 s`, `5 min`, `3 h`, `2 d`. */
export function durationText(milliseconds: number): string {
  const length = Math.max(milliseconds, 0);
  if (length < SECOND) return `${Math.round(length)} ms`;
  if (length < 2 * MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < 2 * HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < 2 * DAY) return `${Math.floor(length / HOUR)} h`;
  return `${Math.floor(length / DAY)} d`;
}

/** A store may hold a time that no calendar knows. */
function toIso(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
}
