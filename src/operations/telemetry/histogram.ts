import type { HistogramDefinition, Labels } from './metricDefinitions';

/** What was observed under one set of labels. */
export interface HistogramSeries {
  readonly labels: Labels;
  /** How many were no longer than each bound, and no shorter than the one before; the last is beyond all bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
}

interface GrowingSeries extends HistogramSeries {
  readonly counts: number[];
  sum: number;
}

/** Counts how long things take, in buckets. */
export class Histogram {
  readonly #definition: HistogramDefinition;
  readonly #series: GrowingSeries[] = [];

  constructor(definition: HistogramDefinition) {
    this.#definition = definition;
  }

  get series(): readonly HistogramSeries[] {
    return [...this.#series];
  }

  observe(seconds: number, labels: Labels): void {
    const { bounds } = this.#definition;
    const series = this.#of(labels);
    const fitting = bounds.findIndex((bound) => seconds <= bound);
    const bucket = fitting === -1 ? bounds.length : fitting;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  /** There are few, and each message looks for some: comparing is cheaper than making a key. */
  #of(labels: Labels): GrowingSeries {
    for (const known of this.#series) if (this.#isOf(labels, known)) return known;
    const counts = new Array<number>(this.#definition.bounds.length + 1).fill(0);
    const series = { labels, counts, sum: 0 };
    this.#series.push(series);
    return series;
  }

  #isOf(labels: Labels, known: GrowingSeries): boolean {
    for (const label of this.#definition.labels) if (known.labels[label] !== labels[label]) return false;
    return true;
  }
}
