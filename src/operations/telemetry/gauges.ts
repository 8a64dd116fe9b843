import type { DestinationHealth, StoreStats } from '../../store/deliveryStore';
import type { GaugeName, GaugeReading } from './metricDefinitions';

/** Where the gauges' values come from. */
export interface GaugeSources {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** `undefined` when the store does not answer. Never rejects. */
  readonly stats: () => Promise<StoreStats | undefined>;
  /** The webhook and the bridges' own, by name. */
  readonly destinations: () => Readonly<Record<string, DestinationHealth>>;
  readonly failureLimit: number;
  readonly platformFailures: () => number;
  readonly turnsUnderWay: () => number;
  readonly sendsUnderWay: () => number;
}

/** Looks all gauges up; those of the store are missing while it does not answer. */
export async function readGauges(sources: GaugeSources): Promise<readonly GaugeReading[]> {
  const stats = await sources.stats();
  return [
    reading('store_up', stats === undefined ? 0 : 1),
    ...(stats === undefined ? [] : ofStore(stats, sources.now())),
    ...Object.entries(sources.destinations()).flatMap(([destination, health]) => [
      reading('destination_active', health.status === 'active' ? 1 : 0, { destination }),
      reading('destination_consecutive_failures', health.consecutiveFailures, { destination }),
      reading('destination_failure_limit', sources.failureLimit, { destination }),
    ]),
    reading('platform_consecutive_failures', sources.platformFailures()),
    reading('turns_under_way', sources.turnsUnderWay()),
    reading('sends_under_way', sources.sendsUnderWay()),
  ];
}

function ofStore(stats: StoreStats, now: number): readonly GaugeReading[] {
  return [
    reading('waiting_events', stats.waitingEvents),
    reading('waiting_messages', stats.waitingMessages),
    reading('oldest_waiting_event_age_seconds', ageSince(stats.oldestWaitingEventAt, now)),
    reading('oldest_waiting_message_age_seconds', ageSince(stats.oldestWaitingMessageAt, now)),
    reading('dead_letters', stats.deadLetters),
    reading('quarantined', stats.quarantined),
  ];
}

/** The clocks of two replicas differ. */
function ageSince(at: number | undefined, now: number): number {
  return at === undefined ? 0 : Math.max(now - at, 0) / 1000;
}

function reading(name: GaugeName, value: number, labels: GaugeReading['labels'] = {}): GaugeReading {
  return { name, labels, value };
}
