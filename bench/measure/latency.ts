import { build } from 'hdr-histogram-js';

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const MICROSECONDS = 1000;

/** Collects times that answers took. */
export class LatencyRecorder {
  readonly #histogram = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 120_000_000 });

  add(milliseconds: number): void {
    this.#histogram.recordValue(Math.max(0, Math.round(milliseconds * MICROSECONDS)));
  }

  get latency(): Latency {
    const at = (percentile: number) => this.#histogram.getValueAtPercentile(percentile) / MICROSECONDS;
    return { p50: at(50), p99: at(99), p999: at(99.9), max: this.#histogram.maxValue / MICROSECONDS };
  }
}
