/** @import { Attempt, EventToBot, WireEntry } from '../../../src/world' */

export const MOST_ATTEMPTS = 5;

/** The status of a POST that a fault left without an answer. */
export const NO_ANSWER = 0;

const EVENT_NAMES = new Map([
  ['1001', 'Reply'],
  ['1002', 'Handover'],
]);

/** @param {WireEntry} entry */
export function nameOf(entry) {
  if (entry.kind === 'toBot') return entry.event;
  if (entry.eventId === undefined) return 'no eventid';
  const name = EVENT_NAMES.get(entry.eventId);
  return name === undefined ? `eventid ${entry.eventId}` : `${name} (${entry.eventId})`;
}

/** When it was last on the wire. @param {WireEntry} entry */
export function timeOf(entry) {
  return entry.kind === 'fromBot' ? entry.at : entry.attempts.at(-1)?.at;
}

/** @param {WireEntry} entry */
export function hasTrouble(entry) {
  if (entry.kind === 'fromBot')
    return entry.problems.length > 0 || entry.fault !== undefined || entry.status >= 400;
  return entry.attempts.some((attempt) => attempt.problem !== undefined || attempt.fault !== undefined);
}

/** @type {Readonly<Record<EventToBot['state'], string>>} */
const STATES = {
  waiting: 'waiting',
  underWay: 'under way',
  answered: 'answered',
  retrying: 'will be retried',
  gaveUp: 'gave up',
  held: 'held back',
};

/** @param {EventToBot} entry */
export function stateOf(entry) {
  return STATES[entry.state];
}

/** @param {Attempt['token']} token */
export function tokenWords(token) {
  if (token === 'right') return '✓ token';
  if (token === 'wrong') return '✕ wrong token';
  if (token === 'missing') return '✕ no token';
  return 'token not checked';
}

/** @typedef {'good' | 'bad' | 'plain'} Mood */

/**
 * What the chip at the end of a row says.
 *
 * @param {WireEntry} entry
 * @returns {{ text: string, mood: Mood }}
 */
export function outcomeOf(entry) {
  if (entry.kind === 'fromBot') {
    const text = entry.status === NO_ANSWER ? 'no answer' : String(entry.status);
    return { text, mood: entry.status >= 200 && entry.status < 300 ? 'good' : 'bad' };
  }
  const last = entry.attempts.at(-1);
  if (last === undefined || entry.state === 'underWay') return { text: stateOf(entry), mood: 'plain' };
  if (last.problem === undefined) return { text: String(last.status ?? 'sent'), mood: 'good' };
  return { text: last.status === undefined ? 'no answer' : String(last.status), mood: 'bad' };
}
