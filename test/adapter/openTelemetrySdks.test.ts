import assert from 'node:assert/strict';
import {
  context,
  type MeterProvider,
  metrics,
  type SpanContext,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import * as metricsOf2 from '@opentelemetry/sdk-metrics';
import * as tracesOf2 from '@opentelemetry/sdk-trace-base';
import * as metricsOf1 from 'opentelemetry-sdk-metrics-1';
import * as tracesOf1 from 'opentelemetry-sdk-trace-base-1';
import { incomingMessage } from '../../src/testing';
import { serveBot } from '../support/botHost';
import { TRACE } from '../support/storeSamples';

/** An SDK that is ready to be registered, and what it has got. */
interface Sdk {
  readonly tracers: TracerProvider;
  readonly meters: MeterProvider;
  readonly spans: () => readonly { readonly name: string; spanContext(): SpanContext }[];
  readonly metricNames: () => Promise<readonly string[]>;
}

// The constructors differ, which is why a bot registers its SDK by itself.
const sdks: [version: string, make: () => Sdk][] = [
  [
    '1.x',
    () => {
      const exporter = new tracesOf1.InMemorySpanExporter();
      const tracers = new tracesOf1.BasicTracerProvider();
      tracers.addSpanProcessor(new tracesOf1.SimpleSpanProcessor(exporter));
      class Reader extends metricsOf1.MetricReader {
        protected override onShutdown = async () => {};
        protected override onForceFlush = async () => {};
      }
      const reader = new Reader();
      return {
        tracers,
        meters: new metricsOf1.MeterProvider({ readers: [reader] }),
        spans: () => exporter.getFinishedSpans(),
        metricNames: async () => namesIn((await reader.collect()).resourceMetrics),
      };
    },
  ],
  [
    '2.x',
    () => {
      const exporter = new tracesOf2.InMemorySpanExporter();
      const spanProcessors = [new tracesOf2.SimpleSpanProcessor(exporter)];
      class Reader extends metricsOf2.MetricReader {
        protected override onShutdown = async () => {};
        protected override onForceFlush = async () => {};
      }
      const reader = new Reader();
      return {
        tracers: new tracesOf2.BasicTracerProvider({ spanProcessors }),
        meters: new metricsOf2.MeterProvider({ readers: [reader] }),
        spans: () => exporter.getFinishedSpans(),
        metricNames: async () => namesIn((await reader.collect()).resourceMetrics),
      };
    },
  ],
];

describe('An OpenTelemetry SDK', () => {
  afterEach(() => {
    trace.disable();
    metrics.disable();
    context.disable();
  });

  function register(sdk: Sdk): Sdk {
    trace.setGlobalTracerProvider(sdk.tracers);
    metrics.setGlobalMeterProvider(sdk.meters);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    return sdk;
  }

  for (const [version, make] of sdks) {
    it(`of ${version} gets the trace of a message and what is measured`, async () => {
      const sdk = register(make());
      const host = await serveBot();
      try {
        await host.post(incomingMessage('hi'), { 'content-type': 'application/json', traceparent: TRACE });
        await host.webhook.waitFor(1);
        await host.adapter.whenIdle();
        assert.deepEqual(
          new Set(sdk.spans().map((span) => span.spanContext().traceId)),
          new Set([TRACE.slice(3, 35)]),
        );
        assert.deepEqual(
          new Set(sdk.spans().map(({ name }) => name)),
          new Set(['webex_connect receive', 'webex_connect turn', 'webex_connect send']),
        );
        const names = await sdk.metricNames();
        for (const name of ['events_stored', 'turn_duration', 'store_up', 'destination_active'])
          assert.ok(names.includes(`webex_connect.${name}`), name);
      } finally {
        await host.stop();
      }
    });

    it(`of ${version} looks nothing up any more once the adapter has stopped`, async () => {
      const sdk = register(make());
      const host = await serveBot();
      await host.post(incomingMessage('hi'));
      await host.stop();
      const names = await sdk.metricNames();
      assert.ok(names.includes('webex_connect.events_stored'));
      assert.ok(!names.includes('webex_connect.store_up'));
    });
  }
});

function namesIn(collected: {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly { readonly descriptor: { readonly name: string } }[];
  }[];
}): readonly string[] {
  return collected.scopeMetrics.flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name));
}
