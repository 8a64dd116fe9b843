/** The wire's stamps are GMT, so the page's are too. @param {number} at */
export function timeOfDay(at) {
  return new Date(at).toISOString().slice(11, 19);
}

/** @param {number} at */
export function timeWithHundredths(at) {
  return new Date(at).toISOString().slice(11, 22);
}

/** @param {number} at */
export function dateAndTime(at) {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A length of time: `59 s`, `4 min 05 s`, `1 h 02 min`. @param {number} milliseconds */
export function lengthOfTime(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${twoDigits(Math.floor((seconds % 3600) / 60))} min`;
}

/** @param {number} value */
function twoDigits(value) {
  return String(value).padStart(2, '0');
}
