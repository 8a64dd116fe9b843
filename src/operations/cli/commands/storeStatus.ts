import { WEBHOOK_DESTINATION } from '../../../delivery/destinations';
import type { DestinationHealth, StoreStats } from '../../../store/deliveryStore';
import type { StoreUser } from '../../../store/operatorCommands';
import type { StoreView } from '../../../store/storeView';
import { PLATFORM_FAILURE_LIMIT, PLATFORM_SHAPE, type PlatformRun } from '../../health/platformRun';
import { isReservedDestination } from '../../health/reservedDestinations';
import { countOf, inactivityOf, placeOf, platformFailuresOf, waitOf } from '../../health/wording';

/** What a store tells of a bot's health. */
export interface StoreStatus {
  readonly users: readonly StoreUser[];
  readonly stats: StoreStats;
  /** By name; the webhook first. */
  readonly destinations: readonly (readonly [name: string, health: DestinationHealth])[];
  /** How Webex Connect sees the bot, as far as the bot has noted it. */
  readonly platform: PlatformRun;
  /** Why somebody should look, in words; empty when all is well. */
  readonly reasons: readonly string[];
}

/** Nobody counts what Webex Connect meets meanwhile. */
const NO_BOT =
  'no bot runs on this store: nothing is taken in or sent, and ' +
  `${PLATFORM_FAILURE_LIMIT} calls in a row that nobody answers have Webex Connect make the webhook inactive`;
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
    platform: PLATFORM_SHAPE.read(await reading.loadHealth(PLATFORM_SHAPE.name)),
  };
  return { ...facts, reasons: reasonsOf(facts, now) };
}

function reasonsOf(
  { users, stats, destinations, platform }: Omit<StoreStatus, 'reasons'>,
  now: number,
): string[] {
  const {
    oldestWaitingEventAt: eventAt,
    oldestWaitingMessageAt: messageAt,
    deadLetters,
    quarantined,
  } = stats;
  const reasons = [
    users.some(({ role }) => role === 'bot') ? undefined : NO_BOT,
    ...destinations.map(([name, health]) => whyInactive(name, health)),
    platform && platformFailuresOf(platform.failures),
    isLong(eventAt, now) ? waitOf('event', eventAt) : undefined,
    isLong(messageAt, now) ? waitOf('message', messageAt) : undefined,
    deadLetters > 0 ? countOf('deadLetters', deadLetters) : undefined,
    quarantined > 0 ? countOf('quarantined', quarantined) : undefined,
  ];
  return reasons.filter((reason) => reason !== undefined);
}

function whyInactive(name: string, health: DestinationHealth): string | undefined {
  if (health.status === 'active') return undefined;
  return inactivityOf(placeOf(name), health, undefined);
}

function isLong(since: number | undefined, now: number): since is number {
  return since !== undefined && now - since >= LONG_WAIT_MS;
}
