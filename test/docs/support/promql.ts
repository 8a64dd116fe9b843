import assert from 'node:assert/strict';

/** Of Prometheus' own grammar, which is an ES module. */
type Grammar = typeof import('@prometheus-io/lezer-promql', { with: { 'resolution-mode': 'import' }});
const { parser }: Grammar = require('@prometheus-io/lezer-promql');

/** What an expression asks for. */
export interface Asked {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
}

/** Reads PromQL with Prometheus' own grammar. @throws {Error} when it is none. */
export function readPromql(query: string): Asked {
  const found = { metrics: new Set<string>(), labels: new Set<string>() };
  parser.parse(query).iterate({
    enter: ({ type, name, from, to }) => {
      assert.ok(!type.isError, `no PromQL at ${from}: ${query}`);
      if (name === 'Identifier') found.metrics.add(query.slice(from, to));
      if (name === 'LabelName') found.labels.add(query.slice(from, to));
    },
  });
  return { metrics: [...found.metrics], labels: [...found.labels] };
}
