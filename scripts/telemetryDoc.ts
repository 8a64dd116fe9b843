import { COUNTERS } from '../src/operations/counters';
import {
  GAUGE_NAMES,
  GAUGES,
  HISTOGRAM_NAMES,
  HISTOGRAMS,
} from '../src/operations/telemetry/metricDefinitions';

const TABLE = /(\| metric, after `webex_connect_` .*\n\|[-|]+\n)(?:\|.*\n)*/;

/** The page `docs/telemetry.md` with the metrics that there are in the code. */
export function withMetrics(page: string): string {
  const rows = [
    ...[...COUNTERS].map(([name, description]) => row(name, 'counter', [], description)),
    ...HISTOGRAM_NAMES.map((name) => {
      const { labels, description } = HISTOGRAMS[name];
      return row(name, 'histogram', labels, description);
    }),
    ...GAUGE_NAMES.map((name) => row(name, 'gauge', GAUGES[name].labels, GAUGES[name].description)),
  ];
  return page.replace(TABLE, (_table, head: string) => head + rows.join(''));
}

function row(name: string, type: string, labels: readonly string[], description: string): string {
  const cells = [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), description];
  return `| ${cells.join(' | ')} |\n`;
}
