import assert from 'node:assert/strict';
import { metrics as openTelemetry } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { COUNTERS } from '../../../src/operations/counters';
import {
  GAUGES,
  type GaugeReading,
  HISTOGRAM_NAMES,
  HISTOGRAMS,
  openTelemetryName,
  prometheusName,
} from '../../../src/operations/telemetry/metricDefinitions';
import { Metrics } from '../../../src/operations/telemetry/metrics';
import { type ParsedFamily, parsePrometheus, sampleOf } from '../../support/prometheusParser';

/** A reader that the test asks, as a scrape does. */
class PulledReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

const READINGS: readonly GaugeReading[] = [
  { name: 'store_up', labels: {}, value: 1 },
  { name: 'waiting_events', labels: {}, value: 12 },
  { name: 'oldest_waiting_event_age_seconds', labels: {}, value: 2.5 },
  { name: 'destination_active', labels: { destination: 'webhook' }, value: 1 },
  { name: 'destination_active', labels: { destination: 'a "centre"' }, value: 0 },
];

function newMetrics(botId = 'bot', readings = READINGS): Metrics {
  return new Metrics({ botId, readGauges: async () => readings });
}

function measure(metrics: Metrics): void {
  metrics.counters.add('events_stored_total', 3);
  metrics.observe('ack_duration_seconds', 4, { outcome: 'stored' });
  metrics.observe('ack_duration_seconds', 40, { outcome: 'stored' });
  metrics.observe('ack_duration_seconds', 4000, { outcome: 'unavailable' });
  metrics.observe('send_duration_seconds', 250, { destination: 'webhook', outcome: 'accepted' });
}

describe('What is measured', () => {
  describe('is written for Prometheus', () => {
    it('with every metric that there is', async () => {
      const families = parsePrometheus(await newMetrics().toPrometheus());
      const names = [...COUNTERS.keys(), ...HISTOGRAM_NAMES, ...Object.keys(GAUGES)];
      assert.deepEqual([...families.keys()].sort(), names.map(prometheusName).sort());
      for (const { help } of families.values()) assert.match(help, /\.$/);
    });

    it('with what was counted, timed and looked up', async () => {
      const metrics = newMetrics();
      measure(metrics);
      const families = parsePrometheus(await metrics.toPrometheus());
      const stored = { outcome: 'stored' };
      assert.equal(sampleOf(families, 'webex_connect_events_stored_total'), 3);
      assert.equal(sampleOf(families, 'webex_connect_turns_failed_total'), 0);
      assert.equal(sampleOf(families, 'webex_connect_ack_duration_seconds_count', stored), 2);
      assert.equal(sampleOf(families, 'webex_connect_ack_duration_seconds_sum', stored), 0.044);
      const bucket = (le: string) =>
        sampleOf(families, 'webex_connect_ack_duration_seconds_bucket', { ...stored, le });
      assert.deepEqual([bucket('0.0025'), bucket('0.005'), bucket('0.05'), bucket('+Inf')], [0, 1, 2, 2]);
      assert.equal(sampleOf(families, 'webex_connect_waiting_events'), 12);
      assert.equal(sampleOf(families, 'webex_connect_destination_active', { destination: 'a "centre"' }), 0);
    });

    it('with nothing shorter than nothing, though the clock was set back', async () => {
      const metrics = newMetrics();
      metrics.observe('turn_duration_seconds', -5000, { outcome: 'completed' });
      const families = parsePrometheus(await metrics.toPrometheus());
      assert.equal(
        sampleOf(families, 'webex_connect_turn_duration_seconds_sum', { outcome: 'completed' }),
        0,
      );
    });

    it('with bounds that ascend, and labels of few values', () => {
      for (const name of HISTOGRAM_NAMES) {
        const { bounds, labels } = HISTOGRAMS[name];
        assert.deepEqual(
          bounds,
          [...new Set(bounds)].toSorted((one, other) => one - other),
        );
        for (const label of labels) assert.ok(['outcome', 'destination'].includes(label));
      }
    });
  });

  describe('reaches OpenTelemetry', () => {
    let reader: PulledReader;

    beforeEach(() => {
      reader = new PulledReader();
      openTelemetry.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
    });
    afterEach(async () => {
      openTelemetry.disable();
      await reader.shutdown();
    });

    /** What an exporter for Prometheus makes of it. */
    async function exported(): Promise<ReadonlyMap<string, ParsedFamily>> {
      const { resourceMetrics, errors } = await reader.collect();
      assert.deepEqual(errors, []);
      const text = new PrometheusSerializer('', false, undefined, true, true).serialize(resourceMetrics);
      return parsePrometheus(withUnits(text));
    }

    it('under the same names and with the same values as in the text of our own', async () => {
      const metrics = newMetrics();
      metrics.attach();
      measure(metrics);
      const ours = parsePrometheus(await metrics.toPrometheus());
      const theirs = await exported();
      assert.ok(theirs.size >= 6);
      for (const [name, family] of theirs) {
        const labelled = family.samples.map(({ labels: { webex_connect_bot, ...labels }, ...sample }) => {
          assert.equal(webex_connect_bot, 'bot');
          return { ...sample, labels };
        });
        const { type, help, samples = [] } = ours.get(name) ?? {};
        assert.deepEqual({ type, help }, { type: family.type, help: family.help });
        for (const sample of labelled) {
          assert.deepEqual(
            samples.find((one) => keyOf(one) === keyOf(sample))?.value,
            sample.value,
            `${sample.name} ${JSON.stringify(sample.labels)}`,
          );
        }
      }
    });

    it('with what was counted before it was there', async () => {
      const metrics = newMetrics();
      metrics.counters.add('events_stored_total', 2);
      metrics.attach();
      metrics.attach();
      metrics.counters.add('events_stored_total');
      assert.equal(sumOf(await exported(), 'webex_connect_events_stored_total'), 3);
    });

    it('of several adapters each for itself', async () => {
      for (const botId of ['one', 'two']) {
        const metrics = newMetrics(botId);
        metrics.attach();
        measure(metrics);
      }
      const families = await exported();
      assert.equal(sumOf(families, 'webex_connect_events_stored_total'), 6);
      assert.equal(sumOf(families, 'webex_connect_waiting_events'), 24);
    });

    it('with no gauge any more when the store is closed', async () => {
      const metrics = newMetrics();
      metrics.attach();
      metrics.detach();
      metrics.counters.add('events_stored_total');
      const families = await exported();
      assert.deepEqual([...families.keys()], ['webex_connect_events_stored_total']);
    });

    it('with units', async () => {
      const metrics = newMetrics();
      metrics.attach();
      measure(metrics);
      const { resourceMetrics } = await reader.collect();
      const units = resourceMetrics.scopeMetrics.flatMap((scope) =>
        scope.metrics.map(({ descriptor }) => [descriptor.name, descriptor.unit]),
      );
      assert.ok(units.length > 5);
      for (const [name = '', unit] of units) assert.equal(unit, /duration|age$/.test(name) ? 's' : '', name);
    });
  });

  it('is measured all the same when a meter throws', async () => {
    const broken = () => {
      throw new Error('the meter is broken');
    };
    const provider = { getMeter: broken };
    openTelemetry.setGlobalMeterProvider(provider);
    try {
      const metrics = newMetrics();
      metrics.attach();
      measure(metrics);
      metrics.detach();
      assert.equal(metrics.counters.get('events_stored_total'), 3);
    } finally {
      openTelemetry.disable();
    }
  });

  it('has a name in OpenTelemetry without unit and type', () => {
    const rows = [
      ['events_stored_total', 'webex_connect.events_stored'],
      ['ack_duration_seconds', 'webex_connect.ack_duration'],
      ['waiting_events', 'webex_connect.waiting_events'],
    ];
    for (const [name = '', expected] of rows) assert.equal(openTelemetryName(name), expected);
  });
});

function keyOf({ name, labels }: ParsedFamily['samples'][number]): string {
  return `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
}

function sumOf(families: ReadonlyMap<string, ParsedFamily>, name: string): number {
  return (families.get(name)?.samples ?? []).reduce((sum, { value }) => sum + value, 0);
}

/**
 * The JavaScript exporter leaves the unit out of a name, which the specification, the Collector and Prometheus itself put
 * there: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1
 */
function withUnits(text: string): string {
  const inSeconds = [...text.matchAll(/^# UNIT (\S+) s\n/gm)].flatMap(([, name]) => name ?? []);
  return inSeconds.reduce(
    (so, name) => so.replaceAll(new RegExp(`\\b${name}(?=[_{ ])(?!_seconds)`, 'g'), `${name}_seconds`),
    text.replaceAll(/^# UNIT .*\n/gm, ''),
  );
}
