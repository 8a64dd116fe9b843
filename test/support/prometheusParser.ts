import assert from 'node:assert/strict';

/** One line of a metric, as it was read. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric, as it was read. */
export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
}

const HELP = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/;
const TYPE = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
const VALUE = /^(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|[+-]Inf)$/i;

/**
 * Reads Prometheus' text format, version 0.0.4, and is stricter than Prometheus: each metric has its help, its type and
 * all of its samples in one place, and histograms are complete and add up.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parsePrometheus(text: string): ReadonlyMap<string, ParsedFamily> {
  assert.ok(text.endsWith('\n'), 'the text ends with a line end');
  const families = new Map<string, ParsedFamily>();
  const lines = text.slice(0, -1).split('\n');
  while (lines.length > 0) {
    const family = takeFamily(lines);
    assert.ok(!families.has(family.name), `${family.name} comes twice`);
    checkSamples(family);
    families.set(family.name, family);
  }
  return families;
}

/** The value of the one series that has these labels. */
export function sampleOf(
  families: ReadonlyMap<string, ParsedFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const samples = [...families.values()].flatMap((family) => family.samples);
  return samples.find((sample) => keyOf(sample) === keyOf({ name, labels }))?.value;
}

function takeFamily(lines: string[]): ParsedFamily {
  const [, name = '', help = ''] = HELP.exec(lines[0] ?? '') ?? assert.fail(`no help: ${lines[0]}`);
  const [, typed, type = ''] = TYPE.exec(lines[1] ?? '') ?? assert.fail(`no type: ${lines[1]}`);
  assert.equal(typed, name);
  lines.splice(0, 2);
  const next = lines.findIndex((line) => line.startsWith('#'));
  const samples = lines.splice(0, next === -1 ? lines.length : next).map(parseSample);
  return { name, type, help, samples };
}

function parseSample(line: string): ParsedSample {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? assert.fail(`no sample: ${line}`);
  assert.match(value, VALUE, line);
  return { name, labels: parseLabels(labels), value: Number(value.replace('Inf', 'Infinity')) };
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const [whole = '', label = '', value = ''] = LABEL.exec(rest) ?? assert.fail(`no label: ${rest}`);
    assert.ok(!(label in labels), `the label ${label} comes twice`);
    labels[label] = value.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
    rest = rest.slice(whole.length);
  }
  return labels;
}

function checkSamples({ name, type, samples }: ParsedFamily): void {
  const keys = samples.map(keyOf);
  assert.equal(new Set(keys).size, keys.length, `a series of ${name} comes twice`);
  if (type === 'histogram') checkHistogram(name, samples);
  else for (const sample of samples) assert.equal(sample.name, name);
  if (type === 'counter') for (const { value } of samples) assert.ok(value >= 0);
}

function checkHistogram(name: string, samples: readonly ParsedSample[]): void {
  for (const [series, parts] of bySeries(samples)) {
    const buckets = parts.filter((part) => part.name === `${name}_bucket`);
    const count = parts.find((part) => part.name === `${name}_count`)?.value;
    const hasSum = parts.some((part) => part.name === `${name}_sum`);
    assert.ok(hasSum, `${name} has no sum ${series}`);
    assert.equal(parts.length, buckets.length + 2, `${name} has strange samples ${series}`);
    const bounds = buckets.map(({ labels }) => Number(labels.le?.replace('Inf', 'Infinity')));
    assert.deepEqual(bounds, ascending(new Set(bounds)));
    assert.equal(bounds.at(-1), Number.POSITIVE_INFINITY);
    const values = buckets.map(({ value }) => value);
    assert.deepEqual(values, ascending(values), `${name} counts down ${series}`);
    assert.equal(values.at(-1), count);
  }
}

/** The samples of a histogram by their labels, but for the bucket's. */
function bySeries(samples: readonly ParsedSample[]): Map<string, ParsedSample[]> {
  const series = new Map<string, ParsedSample[]>();
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    const key = keyOf({ name: '', labels });
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  return series;
}

function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((one, other) => one - other);
}

function keyOf({ name, labels }: Pick<ParsedSample, 'name' | 'labels'>): string {
  return `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
}
