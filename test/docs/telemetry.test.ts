import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { withMetrics } from '../../scripts/telemetryDoc';
import { type TurnLogic, WebexConnectAdapter } from '../../src';
import { SpanAttributes } from '../../src/operations/telemetry/attributes';
import { incomingMessage, ManualClock, mockWebexConnect } from '../../src/testing';
import { SampleProcess } from '../samples/support/sampleProcess';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { OtlpCollector } from '../support/otlpCollector';
import { eventually } from '../support/scene';
import { SpanRecorder } from '../support/spanRecorder';
import { HOUR } from '../support/storeSamples';
import { readPage } from './support/pages';

const ROOT = join(__dirname, '..', '..');
const COMMONJS = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
const SPANS = ['receive', 'send', 'turn'];

describe('docs/telemetry.md', () => {
  const page = readFileSync(join(ROOT, 'docs', 'telemetry.md'), 'utf8');
  const sdk = readPage('docs/telemetry.md').blocks.find(({ code }) => code.includes('NodeSDK'))?.code ?? '';
  const temporaryFile = temporaryFiles();

  it('lists the metrics that there are; `npm run docs:telemetry` writes them anew', () => {
    assert.equal(page, withMetrics(page));
    assert.ok(page.includes('| `end_to_end_duration_seconds` | histogram |'));
  });

  it('lists the attributes that spans have, and on which', async () => {
    const listed = new Map(
      [...page.matchAll(/^\| `([a-z_]+\.[a-z_.]+)` \| (all[^|]*|[a-z, ]+) \| .+ \|$/gm)].map(
        ([, name = '', on = '']) => [name, on.startsWith('all') ? SPANS : on.trim().split(', ').sort()],
      ),
    );
    assert.deepEqual([...listed.keys()].sort(), Object.values(SpanAttributes).sort());
    assert.deepEqual(Object.fromEntries(listed), Object.fromEntries(await attributesSeen()));
  });

  it('plugs an SDK in with which traces and metrics arrive', async function () {
    this.timeout(60_000);
    const collector = await OtlpCollector.listen();
    const webhook = await FakeWebhook.listen();
    const script = temporaryFile('telemetry.cjs');
    writeFileSync(script, ts.transpileModule(sdk, { compilerOptions: COMMONJS }).outputText);
    const sample = await SampleProcess.start('echo', {
      WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
      NODE_OPTIONS: `--require ${script}`,
      NODE_PATH: join(ROOT, 'node_modules'),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_METRIC_EXPORT_TIMEOUT: '100',
    });
    try {
      assert.equal((await postTo(sample.url, incomingMessage('my card number is 4111'))).status, 200);
      await webhook.waitFor(1);
      assert.match(String(webhook.received[0]?.headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      const wanted = {
        '/v1/traces': [
          'webex_connect receive',
          'webex_connect turn',
          'webex_connect send',
          'service-desk-bot',
        ],
        '/v1/metrics': [
          'webex_connect.ack_duration',
          'webex_connect.events_stored',
          'webex_connect.store_up',
        ],
      };
      for (const [path, names] of Object.entries(wanted)) {
        await eventually(`${path} has all`, () =>
          names.every((name) => collector.textOf(path).includes(name)),
        );
        assert.ok(!collector.textOf(path).includes('4111'));
      }
    } finally {
      await sample.stop();
      await webhook.close();
      await collector.close();
    }
  });
});

/** The attributes that spans have when all goes well, and when nothing does. */
async function attributesSeen(): Promise<ReadonlyMap<string, readonly string[]>> {
  const recorder = SpanRecorder.install();
  const clock = new ManualClock();
  const webex = mockWebexConnect();
  const adapter = new WebexConnectAdapter({
    webhookUrl: webex.webhookUrl,
    clock,
    inbound: { maxBacklog: 1 },
  });
  const logic: TurnLogic = async (context) => {
    await context.sendActivity('hi');
    if (context.activity.text === 'fail') throw new Error('the bot failed');
    if (context.activity.text === 'wait') await clock.advance(HOUR);
  };
  try {
    webex.failNext(1, 500);
    for (const text of ['hi', 'fail']) {
      await webex.send(adapter, incomingMessage(text), logic);
      await clock.advance(HOUR);
    }
    await webex.send(adapter, incomingMessage('wait'), logic);
    await webex.send(adapter, incomingMessage('refused, for too many wait'), logic);
    await adapter.whenIdle();
  } finally {
    await adapter.stop();
    webex.restore();
    recorder.uninstall();
  }
  const seen = new Map<string, Set<string>>();
  for (const { name, attributes } of recorder.spans) {
    for (const attribute of Object.keys(attributes)) {
      const spans = seen.get(attribute) ?? new Set();
      seen.set(attribute, spans.add(name.replace('webex_connect ', '')));
    }
  }
  return new Map([...seen].map(([attribute, spans]) => [attribute, [...spans].sort()]));
}
