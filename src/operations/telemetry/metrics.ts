import { createNoopMeter, metrics as openTelemetry } from '@opentelemetry/api';
import { COUNTERS, type CounterName, Counters } from '../counters';
import { orElse } from './guarded';
import { Histogram, type HistogramSeries } from './histogram';
import { MeterBridge } from './meterBridge';
import {
  GAUGE_NAMES,
  GAUGES,
  type GaugeName,
  type GaugeReading,
  HISTOGRAM_NAMES,
  HISTOGRAMS,
  type HistogramName,
  type LabelsOf,
  prometheusName,
} from './metricDefinitions';
import { INSTRUMENTATION_NAME } from './openSpan';
import { type MetricFamily, type Sample, toPrometheusText } from './prometheusText';

/** What {@link Metrics} works with. */
export interface MetricsParts {
  /** Tells the adapters of one process apart, in OpenTelemetry. */
  readonly botId: string;
  /** Looks all gauges up. Never rejects. */
  readonly readGauges: () => Promise<readonly GaugeReading[]>;
}

/**
 * All that the adapter measures. Each thing is reported once, here or to {@link counters}, and is read from here for
 * `/metrics`; where an OpenTelemetry SDK is registered, it is passed on to that.
 */
export class Metrics {
  readonly counters = new Counters((name, amount) => this.#bridge?.count(name, amount));
  readonly #parts: MetricsParts;
  readonly #histograms = new Map(HISTOGRAM_NAMES.map((name) => [name, new Histogram(HISTOGRAMS[name])]));
  #bridge: MeterBridge | undefined;

  constructor(parts: MetricsParts) {
    this.#parts = parts;
  }

  /** @param milliseconds What was measured. */
  observe<Name extends HistogramName>(name: Name, milliseconds: number, labels: LabelsOf<Name>): void {
    // Clocks are set back.
    const seconds = Math.max(milliseconds, 0) / 1000;
    this.#histograms.get(name)?.observe(seconds, labels);
    this.#bridge?.observe(name, seconds, labels);
  }

  /** Begins to pass on to OpenTelemetry, with what was counted before. */
  attach(): void {
    this.#bridge ??= orElse(() => this.#begin(), undefined);
  }

  #begin(): MeterBridge | undefined {
    const meter = openTelemetry.getMeter(INSTRUMENTATION_NAME);
    if (meter === createNoopMeter()) return undefined;
    const attributes = { 'webex_connect.bot': this.#parts.botId };
    const bridge = new MeterBridge(meter, attributes, this.#parts.readGauges);
    for (const name of COUNTERS.keys()) {
      const count = this.counters.get(name);
      if (count > 0) bridge.count(name, count);
    }
    return bridge;
  }

  /** Ends what is looked up: the store is closed. */
  detach(): void {
    this.#bridge?.close();
  }

  /** All of it in the text format of Prometheus. */
  async toPrometheus(): Promise<string> {
    const readings = await this.#parts.readGauges();
    return toPrometheusText([
      ...[...COUNTERS].map(([name, description]) =>
        counterFamily(name, description, this.counters.get(name)),
      ),
      ...HISTOGRAM_NAMES.map((name) => histogramFamily(name, this.#histograms.get(name)?.series ?? [])),
      ...GAUGE_NAMES.map((name) => gaugeFamily(name, readings)),
    ]);
  }
}

function counterFamily(name: CounterName, description: string, value: number): MetricFamily {
  const samples = [{ suffix: '', labels: {}, value }];
  return { name: prometheusName(name), type: 'counter', description, samples };
}

function gaugeFamily(name: GaugeName, readings: readonly GaugeReading[]): MetricFamily {
  const samples = readings
    .filter((reading) => reading.name === name)
    .map(({ labels, value }) => ({ suffix: '', labels, value }));
  return { name: prometheusName(name), type: 'gauge', description: GAUGES[name].description, samples };
}

function histogramFamily(name: HistogramName, series: readonly HistogramSeries[]): MetricFamily {
  const { description, bounds } = HISTOGRAMS[name];
  const samples = series.flatMap((one) => histogramSamples(one, bounds));
  return { name: prometheusName(name), type: 'histogram', description, samples };
}

/** Prometheus counts in a bucket all that is no longer than its bound. */
function histogramSamples({ labels, counts, sum }: HistogramSeries, bounds: readonly number[]): Sample[] {
  let total = 0;
  const buckets = counts.map((count, index): Sample => {
    total += count;
    const le = index < bounds.length ? String(bounds[index]) : '+Inf';
    return { suffix: '_bucket', labels: { ...labels, le }, value: total };
  });
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: total }];
}
