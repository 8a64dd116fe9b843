import { WEBHOOK_DESTINATION } from '../../../delivery/destinations';
import type { DestinationHealth } from '../../../store/deliveryStore';
import type { StoreUser } from '../../../store/operatorCommands';
import { PLATFORM_FAILURE_LIMIT, type PlatformRun } from '../../health/platformRun';
import { type Command, type CommandContext, NO_POSITIONALS } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import type { Cell } from '../output/output';
import { durationText, isoTime, timeText } from '../output/times';
import { readStatus, type StoreStatus } from './storeStatus';
import { userText } from './userText';

/** How a bot is, as far as its store tells. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'how the bot is, as far as its store tells',
  details: 'What waits, what is down, what you have to look at. Exit code 1 when somebody should look.',
  positionals: NO_POSITIONALS,
  options: {},
  run: status,
};

async function status({ out, clock, openStore }: CommandContext): Promise<ExitCode> {
  const store = await openStore();
  const now = clock.now();
  const found = await readStatus(store.view, now);
  if (out.isJson) out.json(toJson(store.name, found));
  else {
    out.fields(fieldsOf(store.name, found, now));
    out.line('');
    if (found.reasons.length === 0) out.line({ text: 'All is well.', tone: 'good' });
    else out.line({ text: 'Somebody should look:', tone: 'warning' });
    for (const reason of found.reasons) out.line(`  - ${reason}`);
  }
  return found.reasons.length === 0 ? EXIT.ok : EXIT.wrong;
}

function fieldsOf(
  name: string,
  { users, stats, destinations, platform }: StoreStatus,
  now: number,
): [string, Cell][] {
  return [
    ['Store', name],
    ['Running', users.length === 0 ? { text: 'no bot', tone: 'bad' } : usersText(users, now)],
    ['Events waiting', waitingText(stats.waitingEvents, stats.oldestWaitingEventAt, now)],
    ['Messages waiting', waitingText(stats.waitingMessages, stats.oldestWaitingMessageAt, now)],
    ['Dead letters', countCell(stats.deadLetters)],
    ['Quarantine', countCell(stats.quarantined)],
    ...destinations.map(([destination, health]): [string, Cell] => [
      destination === WEBHOOK_DESTINATION ? 'Webhook' : `Bridge ${destination}`,
      healthCell(health, now),
    ]),
    ['Webex Connect', platformCell(platform)],
  ];
}

function usersText(users: readonly StoreUser[], now: number): string {
  return users.map((user) => userText(user, now)).join('; ');
}

function waitingText(count: number, oldestAt: number | undefined, now: number): string {
  return oldestAt === undefined ? String(count) : `${count}, the oldest for ${durationText(now - oldestAt)}`;
}

function countCell(count: number): Cell {
  return count === 0 ? count : { text: String(count), tone: 'warning' };
}

function healthCell(health: DestinationHealth, now: number): Cell {
  const { consecutiveFailures } = health;
  if (health.status === 'inactive') {
    const text = `inactive for ${durationText(now - health.since)}: ${health.reason}; next probe ${timeText(health.probeAt)}`;
    return { text, tone: 'bad' };
  }
  if (consecutiveFailures === 0) return { text: 'active', tone: 'good' };
  return { text: `active, ${consecutiveFailures} failures in a row`, tone: 'warning' };
}

function platformCell(run: PlatformRun): Cell {
  if (run === undefined) return 'has had no failure that the bot knows of; while no bot runs, nobody counts';
  const { failures, since } = run;
  const text = `has had ${failures}/${PLATFORM_FAILURE_LIMIT} failures in a row from the bot, since ${timeText(since)}`;
  return { text, tone: failures < PLATFORM_FAILURE_LIMIT ? 'warning' : 'bad' };
}

function toJson(store: string, { users, stats, destinations, platform, reasons }: StoreStatus): object {
  return {
    status: reasons.length === 0 ? 'pass' : 'warn',
    reasons,
    store,
    running: users.map(({ role, host, pid, since }) => ({
      role,
      host: host ?? null,
      pid: pid ?? null,
      since: isoTime(since),
    })),
    waitingEvents: stats.waitingEvents,
    oldestWaitingEventAt: isoTime(stats.oldestWaitingEventAt),
    waitingMessages: stats.waitingMessages,
    oldestWaitingMessageAt: isoTime(stats.oldestWaitingMessageAt),
    deadLetters: stats.deadLetters,
    quarantined: stats.quarantined,
    destinations: destinations.map(([name, health]) => ({
      name,
      status: health.status,
      consecutiveFailures: health.consecutiveFailures,
      since: health.status === 'inactive' ? isoTime(health.since) : null,
      probeAt: health.status === 'inactive' ? isoTime(health.probeAt) : null,
      reason: health.status === 'inactive' ? health.reason : null,
    })),
    platform: {
      consecutiveFailures: platform?.failures ?? 0,
      limit: PLATFORM_FAILURE_LIMIT,
      failingSince: isoTime(platform?.since),
    },
  };
}
