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
  readonly #series = new Map<string, GrowingSeries>();

  constructor(definition: HistogramDefinition) {
    this.#definition = definition;
  }

  get series(): readonly HistogramSeries[] {
    return [...this.#series.values()];
  }

  observe(seconds: number, labels: Labels): void {
    const { bounds } = this.#definition;
    const series = this.#of(labels);
    const fitting = bounds.findIndex((bound) => seconds <= bound);
    const bucket = fitting === -1 ? bounds.length : fitting;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  #of(labels: Labels): GrowingSeries {
    let key = '';
    for (const label of this.#definition.labels) key += `${labels[label]}\n`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const counts = new Array<number>(this.#definition.bounds.length + 1).fill(0);
    const series = { labels, counts, sum: 0 };
    this.#series.set(key, series);
    return series;
  }
}
