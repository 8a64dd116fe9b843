import { WEBHOOK_DESTINATION } from '../../../delivery/destinations';
import type { DestinationHealth, StoreStats } from '../../../store/deliveryStore';
import type { StoreUser } from '../../../store/operatorCommands';
import type { StoreView } from '../../../store/storeView';
import { isReservedDestination, PLATFORM_RECORD } from '../../health/reservedDestinations';
import { durationText } from '../output/times';

/** How Webex Connect sees the bot, as far as the bot has noted it: its failures in a row, of five. */
export interface PlatformView {
  readonly consecutiveFailures: number;
  /** Milliseconds since the epoch: the first of them; `undefined` when there is none. */
  readonly failingSince: number | undefined;
}

/** What a store tells of a bot's health. */
export interface StoreStatus {
  readonly users: readonly StoreUser[];
  readonly stats: StoreStats;
  /** By name; the webhook first. */
  readonly destinations: readonly (readonly [name: string, health: DestinationHealth])[];
  readonly platform: PlatformView;
  /** Why somebody should look, in words; empty when all is well. */
  readonly reasons: readonly string[];
}

/** Failures in a row after which Webex Connect makes a webhook inactive ("Five consecutive failures"). */
const PLATFORM_LIMIT = 5;
/** What waits longer is not just on its way. */
const LONG_WAIT_MS = 60_000;

/** Reads what a store tells. @param now Milliseconds since the epoch. */
export async function readStatus(view: StoreView, now: number): Promise<StoreStatus> {
  const { reading } = view;
  const names = (await reading.listDestinations()).filter((name) => !isReservedDestination(name));
  const ordered = [WEBHOOK_DESTINATION, ...names.filter((name) => name !== WEBHOOK_DESTINATION)];
  const destinations: [string, DestinationHealth][] = [];
  for (const name of ordered) destinations.push([name, await reading.loadHealth(name)]);
  const facts = {
    users: await view.users(),
    stats: await reading.stats(),
    destinations,
    platform: platformOf(await reading.loadHealth(PLATFORM_RECORD)),
  };
  return { ...facts, reasons: reasonsOf(facts, now) };
}

/** A destination's health carries it. */
function platformOf(health: DestinationHealth): PlatformView {
  if (health.status === 'active') return { consecutiveFailures: 0, failingSince: undefined };
  return { consecutiveFailures: health.consecutiveFailures, failingSince: health.since };
}

function reasonsOf(
  { users, stats, destinations, platform }: Omit<StoreStatus, 'reasons'>,
  now: number,
): string[] {
  const reasons = [
    users.some(({ role }) => role === 'bot')
      ? undefined
      : 'no bot runs on this store: nothing is taken in or sent',
    ...destinations.map(([name, health]) => inactivityOf(name, health, now)),
    platformReason(platform),
    waitOf('event has waited for its turn', stats.oldestWaitingEventAt, now),
    waitOf('message has waited to be delivered', stats.oldestWaitingMessageAt, now),
    countOf(stats.deadLetters, 'dead letter', 'dead letters'),
    countOf(stats.quarantined, 'item in quarantine', 'items in quarantine'),
  ];
  return reasons.filter((reason) => reason !== undefined);
}

function inactivityOf(name: string, health: DestinationHealth, now: number): string | undefined {
  if (health.status === 'active') return undefined;
  const what = name === WEBHOOK_DESTINATION ? 'the webhook' : `the bridge '${name}'`;
  return `${what} has been inactive for ${durationText(now - health.since)}: ${health.reason}`;
}

function platformReason({ consecutiveFailures }: PlatformView): string | undefined {
  if (consecutiveFailures === 0) return undefined;
  if (consecutiveFailures >= PLATFORM_LIMIT) {
    return 'Webex Connect has probably made this webhook inactive: edit the integration and verify again';
  }
  return `${consecutiveFailures} of ${PLATFORM_LIMIT} consecutive failures until Webex Connect makes this webhook inactive`;
}

function waitOf(what: string, since: number | undefined, now: number): string | undefined {
  if (since === undefined || now - since < LONG_WAIT_MS) return undefined;
  return `the oldest ${what} for ${durationText(now - since)}`;
}

function countOf(count: number, one: string, several: string): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? one : several}`;
}
