import {
  type Attributes,
  type BatchObservableCallback,
  type Counter,
  type Histogram,
  type Meter,
  type ObservableGauge,
  ValueType,
} from '@opentelemetry/api';
import { COUNTERS, type CounterName } from '../counters';
import { quietly } from './guarded';
import {
  GAUGE_NAMES,
  GAUGES,
  type GaugeName,
  type GaugeReading,
  HISTOGRAM_NAMES,
  HISTOGRAMS,
  type HistogramName,
  type Labels,
  openTelemetryName,
} from './metricDefinitions';

/** Passes on to OpenTelemetry what is measured. A meter is somebody else's code: what it throws costs nothing. */
export class MeterBridge {
  readonly #meter: Meter;
  readonly #attributes: Attributes;
  readonly #counters: ReadonlyMap<CounterName, Counter>;
  readonly #histograms: ReadonlyMap<HistogramName, Histogram>;
  readonly #gauges: ReadonlyMap<GaugeName, ObservableGauge>;
  readonly #observe: BatchObservableCallback;

  /** @param attributes Of every measurement: they tell the adapters of one process apart. */
  constructor(meter: Meter, attributes: Attributes, readGauges: () => Promise<readonly GaugeReading[]>) {
    this.#meter = meter;
    this.#attributes = attributes;
    this.#counters = new Map(
      [...COUNTERS].map(([name, description]) => [
        name,
        meter.createCounter(openTelemetryName(name), { description, valueType: ValueType.INT }),
      ]),
    );
    this.#histograms = new Map(
      HISTOGRAM_NAMES.map((name) => {
        const { description, bounds } = HISTOGRAMS[name];
        const advice = { explicitBucketBoundaries: [...bounds] };
        return [name, meter.createHistogram(openTelemetryName(name), { description, unit: 's', advice })];
      }),
    );
    this.#gauges = new Map(
      GAUGE_NAMES.map((name) => {
        const { description } = GAUGES[name];
        const unit = name.endsWith('_seconds') ? { unit: 's' } : {};
        return [name, meter.createObservableGauge(openTelemetryName(name), { description, ...unit })];
      }),
    );
    this.#observe = async (result) => {
      for (const { name, labels, value } of await readGauges()) {
        const gauge = this.#gauges.get(name);
        if (gauge !== undefined) result.observe(gauge, value, { ...labels, ...attributes });
      }
    };
    meter.addBatchObservableCallback(this.#observe, [...this.#gauges.values()]);
  }

  count(name: CounterName, amount: number): void {
    quietly(() => this.#counters.get(name)?.add(amount, this.#attributes));
  }

  observe(name: HistogramName, seconds: number, labels: Labels): void {
    quietly(() => this.#histograms.get(name)?.record(seconds, { ...labels, ...this.#attributes }));
  }

  /** Ends the gauges. */
  close(): void {
    quietly(() => this.#meter.removeBatchObservableCallback(this.#observe, [...this.#gauges.values()]));
  }
}
