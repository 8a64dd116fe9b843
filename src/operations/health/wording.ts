import { WEBHOOK_DESTINATION } from '../../delivery/destinations';
import type { DestinationHealth } from '../../store/deliveryStore';
import type { BacklogEvent } from './healthEvents';
import { PLATFORM_FAILURE_LIMIT } from './platformRun';

type BacklogSubject = BacklogEvent['subject'];

/** What to do when Webex Connect has, by all we can tell, stopped calling. */
export const EDIT_AND_VERIFY =
  'Webex Connect has probably made this webhook inactive: edit the integration and verify again';

/** A moment, for people and logs in any time zone. @param at Milliseconds since the epoch. */
export function moment(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
}

/** What stands for a destination in a sentence. @param destination Its name, as the store has it. */
export function placeOf(destination: string): string {
  return destination === WEBHOOK_DESTINATION ? 'the webhook' : `the bridge '${destination}'`;
}

/**
 * @param what Such as `the webhook`.
 * @param limit The option `outbound.failuresUntilInactive`; `undefined` where only the bot knows it.
 */
export function inactivityOf(
  what: string,
  health: DestinationHealth & { readonly status: 'inactive' },
  limit: number | undefined,
): string {
  const { reason, consecutiveFailures, since, probeAt } = health;
  const failures = `${consecutiveFailures} consecutive failures`;
  const count = limit === undefined ? failures : `${failures}, the limit is ${limit}`;
  return `${what} is inactive: ${reason} (${count}; since ${moment(since)}; next probe at ${moment(probeAt)})`;
}

/** @param what Such as `the webhook`. */
export function failuresOf(what: string, failures: number, limit: number): string {
  return `${failures} of ${limit} consecutive failures until ${what} turns inactive`;
}

/** How Webex Connect sees this bot after so many failures in a row. */
export function platformFailuresOf(failures: number): string {
  if (failures >= PLATFORM_FAILURE_LIMIT) return EDIT_AND_VERIFY;
  return `${failures} of ${PLATFORM_FAILURE_LIMIT} consecutive failures until Webex Connect makes this webhook inactive`;
}

/** @param what What waits longer than it should, such as `event`. @param since Milliseconds since the epoch. */
export function waitOf(what: 'event' | 'message', since: number): string {
  const fate = what === 'event' ? 'has waited for its turn' : 'has waited to be delivered';
  return `the oldest ${what} ${fate} since ${moment(since)}`;
}

/** What an operator has to decide on. */
export function countOf(what: 'deadLetters' | 'quarantined', count: number): string {
  if (what === 'deadLetters') return `${count} ${count === 1 ? 'dead letter' : 'dead letters'}`;
  return `${count} ${count === 1 ? 'item' : 'items'} in quarantine`;
}

/** @param since The last call, milliseconds since the epoch. */
export function silenceOf(since: number): string {
  return `no call since ${moment(since)}, though traffic is expected: ${EDIT_AND_VERIFY}`;
}

/** A store that does not answer, or does not take what is written. */
export function lossOf(error: string, since: number): string {
  return `the store does not answer: ${error} (since ${moment(since)})`;
}

/** What waits, as a share of `inbound.maxBacklog`. */
export function backlogOf(subject: BacklogSubject, waiting: number, limit: number): string {
  const percent = Math.floor((waiting * 100) / limit);
  const share = `${percent} % of inbound.maxBacklog (${limit})`;
  if (subject === 'waitingMessages') return `${waiting} messages wait to be delivered: ${share}`;
  const refusal = waiting >= limit ? '; new ones are answered 503' : '';
  return `${waiting} events wait for their turn: ${share}${refusal}`;
}
