import type { Labels } from './metricDefinitions';

/** One line of a metric. */
export interface Sample {
  /** `_bucket`, `_sum` or `_count` of a histogram; else empty. */
  readonly suffix: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A metric with all its values. */
export interface MetricFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly description: string;
  readonly samples: readonly Sample[];
}

/** `Content-Type` of {@link toPrometheusText}. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Writes metrics in the text format of Prometheus, version 0.0.4. */
export function toPrometheusText(families: readonly MetricFamily[]): string {
  return families.map(toText).join('');
}

function toText({ name, type, description, samples }: MetricFamily): string {
  const lines = samples.map(
    ({ suffix, labels, value }) => `${name}${suffix}${labelText(labels)} ${numberText(value)}\n`,
  );
  return `# HELP ${name} ${escaped(description, /[\\\n]/g)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return '';
  return `{${entries.map(([label, value]) => `${label}="${escaped(value, /[\\\n"]/g)}"`).join(',')}}`;
}

function escaped(text: string, special: RegExp): string {
  return text.replace(special, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
