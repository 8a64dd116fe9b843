import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { incomingMessage } from '../../src/testing';
import { SampleProcess } from '../samples/support/sampleProcess';
import { postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { type ParsedFamily, parsePrometheus } from '../support/prometheusParser';
import { type Asked, readPromql } from './support/promql';

/** Columns of Grafana's grid. */
const COLUMNS = 24;

const source = z.object({ type: z.literal('prometheus'), uid: z.string().regex(/^\$\{datasource\}$/) });
const panelShape = z.object({
  id: z.int().positive(),
  title: z.string().min(1),
  gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) }),
});
const row = panelShape.extend({ type: z.literal('row') });
const chart = panelShape.extend({
  type: z.enum(['stat', 'timeseries']),
  description: z.string().min(1),
  datasource: source,
  fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }),
  targets: z
    .array(
      z.object({ refId: z.string(), datasource: source, expr: z.string().min(1), legendFormat: z.string() }),
    )
    .min(1),
});
const dashboardShape = z.object({
  uid: z.string().min(1),
  title: z.string().min(1),
  // What Grafana 10 writes; later ones read it.
  schemaVersion: z.int().min(36).max(41),
  templating: z.object({
    list: z.array(
      z.object({ name: z.string(), type: z.string(), query: z.unknown(), definition: z.string().optional() }),
    ),
  }),
  panels: z.array(z.discriminatedUnion('type', [row, chart])),
});

type Panel = z.infer<typeof panelShape>;

describe('docs/grafana/webex-connect-bot.json', () => {
  const path = join(__dirname, '..', '..', 'docs', 'grafana', 'webex-connect-bot.json');
  const dashboard = dashboardShape.parse(JSON.parse(readFileSync(path, 'utf8')));
  const charts = dashboard.panels.flatMap((panel) => (panel.type === 'row' ? [] : [panel]));
  const expressions = charts.flatMap(({ targets }) => targets.map(({ expr }) => expr));

  let families: ReadonlyMap<string, ParsedFamily>;

  before(async function () {
    this.timeout(30_000);
    families = await metricsOfSample();
  });

  it('lets the data source be chosen', () => {
    const [first] = dashboard.templating.list;
    assert.deepEqual([first?.name, first?.type, first?.query], ['datasource', 'datasource', 'prometheus']);
  });

  it('has panels with IDs of their own', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { targets } of charts) {
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length);
    }
  });

  it('has panels that lie beside one another', () => {
    for (const panel of dashboard.panels) {
      assert.ok(panel.gridPos.x + panel.gridPos.w <= COLUMNS, `'${panel.title}' leaves the grid`);
      const under = dashboard.panels.find((other) => other !== panel && overlap(panel, other));
      assert.equal(under?.title, undefined, `'${panel.title}' lies on another`);
    }
  });

  it('asks in PromQL, and for nothing that a running sample does not serve', () => {
    for (const expression of expressions) {
      const { metrics, labels } = read(expression);
      assert.ok(metrics.length > 0, expression);
      const known = metrics.flatMap((metric) => labelsOf(families, metric));
      for (const label of labels) {
        assert.ok(['job', 'instance', 'le', ...known].includes(label), `${label} in ${expression}`);
      }
    }
  });

  it('fills its variables from what a running sample serves', () => {
    for (const { definition } of dashboard.templating.list.slice(1)) {
      const [, metric = ''] = /^label_values\((\w+)/.exec(definition ?? '') ?? [];
      assert.ok(labelsOf(families, metric));
    }
  });

  it('shows everything that on-call has to see', () => {
    const shown = new Set(expressions.flatMap((expression) => read(expression).metrics));
    const unshown = [...families.values()].filter(({ name, type }) => {
      const names = type === 'histogram' ? [`${name}_bucket`, `${name}_count`] : [name];
      return !names.some((one) => shown.has(one));
    });
    assert.deepEqual(
      unshown.map(({ name }) => name.replace('webex_connect_', '')),
      // Those by what became of a request show the same, and more.
      ['events_stored_total', 'events_duplicate_total', 'activities_silent_total'],
    );
  });
});

/** What a sample serves once it has answered a message. */
async function metricsOfSample(): Promise<ReadonlyMap<string, ParsedFamily>> {
  const webhook = await FakeWebhook.listen();
  const sample = await SampleProcess.start('echo', { WEBEX_CONNECT_WEBHOOK_URL: webhook.url });
  try {
    assert.equal((await postTo(sample.url, incomingMessage('hi'))).status, 200);
    await webhook.waitFor(1);
    for (;;) {
      const response = await fetch(new URL('/metrics', sample.url));
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
      const families = parsePrometheus(await response.text());
      // The delivery is counted when it is recorded, which is after its arrival.
      const delivered = families.get('webex_connect_messages_delivered_total')?.samples[0]?.value;
      if (delivered === 1) return families;
    }
  } finally {
    await sample.stop();
    await webhook.close();
  }
}

function labelsOf(families: ReadonlyMap<string, ParsedFamily>, metric: string): readonly string[] {
  const samples = [...families.values()].flatMap((family) => family.samples);
  const sample = samples.find(({ name }) => name === metric);
  assert.ok(sample, `no sample serves ${metric}`);
  return Object.keys(sample.labels);
}

/** With a value for each of Grafana's variables. */
function read(expression: string): Asked {
  return readPromql(expression.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+/g, 'any'));
}

function overlap({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean {
  const apart =
    one.x + one.w <= other.x ||
    other.x + other.w <= one.x ||
    one.y + one.h <= other.y ||
    other.y + other.h <= one.y;
  return !apart;
}
