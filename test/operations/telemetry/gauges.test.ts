import assert from 'node:assert/strict';
import { type GaugeSources, readGauges } from '../../../src/operations/telemetry/gauges';
import { GAUGE_NAMES } from '../../../src/operations/telemetry/metricDefinitions';
import type { StoreStats } from '../../../src/store/deliveryStore';

const NOW = 1_000_000;
const stats: StoreStats = {
  waitingEvents: 3,
  waitingMessages: 4,
  oldestWaitingEventAt: NOW - 2500,
  oldestWaitingMessageAt: undefined,
  deadLetters: 5,
  quarantined: 6,
};
const sources: GaugeSources = {
  now: () => NOW,
  stats: async () => stats,
  destinations: () => ({
    webhook: { status: 'active', consecutiveFailures: 2 },
    centre: { status: 'inactive', consecutiveFailures: 5, since: 1, probeAt: 2, reason: 'refused' },
  }),
  failureLimit: 5,
  platformFailures: () => 1,
  turnsUnderWay: () => 7,
  sendsUnderWay: () => 8,
};

async function values(changed: Partial<GaugeSources> = {}): Promise<Record<string, number>> {
  const readings = await readGauges({ ...sources, ...changed });
  return Object.fromEntries(
    readings.map(({ name, labels, value }) => [[name, ...Object.values(labels)].join(' '), value]),
  );
}

describe('The gauges', () => {
  it('tell how things are', async () => {
    assert.deepEqual(await values(), {
      store_up: 1,
      waiting_events: 3,
      waiting_messages: 4,
      oldest_waiting_event_age_seconds: 2.5,
      oldest_waiting_message_age_seconds: 0,
      dead_letters: 5,
      quarantined: 6,
      'destination_active webhook': 1,
      'destination_consecutive_failures webhook': 2,
      'destination_failure_limit webhook': 5,
      'destination_active centre': 0,
      'destination_consecutive_failures centre': 5,
      'destination_failure_limit centre': 5,
      platform_consecutive_failures: 1,
      turns_under_way: 7,
      sends_under_way: 8,
    });
  });

  it('are all looked up', async () => {
    const names = new Set((await readGauges(sources)).map(({ name }) => name));
    assert.deepEqual([...names].sort(), GAUGE_NAMES.toSorted());
  });

  it('leave out what only a store knows that does not answer', async () => {
    const without = await values({ stats: async () => undefined });
    assert.equal(without.store_up, 0);
    assert.deepEqual(
      Object.keys(without).filter((name) => /waiting|dead|quarantined/.test(name)),
      [],
    );
    assert.equal(without['destination_active webhook'], 1);
  });

  it('know no age below nothing, though clocks differ', async () => {
    const future = { ...stats, oldestWaitingEventAt: NOW + 1000 };
    assert.equal((await values({ stats: async () => future })).oldest_waiting_event_age_seconds, 0);
  });
});
