import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type ContextManager, context, metrics, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  ParentBasedSampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { type DeliveryStore, MemoryStore, type TurnLogic, type WebexConnectAdapterOptions } from '../../src';
import { incomingMessage, ManualClock, postToBot } from '../../src/testing';
import { type BotHost, echo, serveBot } from '../support/botHost';
import { interceptStore } from '../support/interceptStore';
import { present } from '../support/present';
import { SpanRecorder } from '../support/spanRecorder';
import { TRACE } from '../support/storeSamples';

const TRACE_ID = TRACE.slice(3, 35);
const JSON_TYPE = { 'content-type': 'application/json' };
const silent: TurnLogic = async () => {};

describe('What a request brings', () => {
  let host: BotHost | undefined;
  afterEach(async () => {
    await host?.stop();
    host = undefined;
  });

  async function serve(
    options: Partial<WebexConnectAdapterOptions> = {},
    logic: TurnLogic = echo,
  ): Promise<BotHost> {
    host = await serveBot(options, logic);
    return host;
  }

  describe('is traced', () => {
    let recorder: SpanRecorder;
    beforeEach(() => {
      recorder = SpanRecorder.install();
    });
    afterEach(() => recorder.uninstall());

    const receipt = () => present(recorder.named('webex_connect receive')[0]);

    const rows: [
      outcome: string,
      status: number,
      options: Partial<WebexConnectAdapterOptions>,
      post: (to: BotHost) => Promise<unknown>,
    ][] = [
      ['stored', 200, {}, (to) => to.post(incomingMessage())],
      ['ignored', 200, {}, (to) => to.post('')],
      ['quarantined', 200, {}, (to) => to.post('not JSON')],
      ['unauthorised', 401, { authentication: { accessToken: 'x' } }, (to) => to.post(incomingMessage())],
      ['rejected', 413, { inbound: { bodyLimitBytes: 10 } }, (to) => to.post(incomingMessage())],
      ['unavailable', 503, { store: failingStore() }, (to) => to.post(incomingMessage())],
    ];
    for (const [outcome, status, options, post] of rows) {
      it(`when it is ${outcome}, and timed`, async () => {
        const to = await serve(options, silent);
        await post(to);
        await to.adapter.whenIdle();
        const { attributes, parentSpanContext } = receipt();
        assert.equal(attributes['webex_connect.outcome'], outcome);
        assert.equal(attributes['http.response.status_code'], status);
        assert.equal(attributes['http.request.method'], 'POST');
        assert.equal(attributes['error.type'], status === 503 ? '503' : undefined);
        assert.equal(parentSpanContext, undefined);
        const count = `webex_connect_ack_duration_seconds_count{outcome="${outcome}"} 1`;
        assert.ok((await to.adapter.metrics()).split('\n').includes(count), count);
      });
    }

    it('when it is a repeat', async () => {
      const to = await serve({}, silent);
      const event = incomingMessage();
      await to.post(event);
      await to.post(event);
      const outcomes = recorder
        .named('webex_connect receive')
        .map((one) => one.attributes['webex_connect.outcome']);
      assert.deepEqual(outcomes, ['stored', 'duplicate']);
    });

    it('when too many wait', async () => {
      const to = await serve({ inbound: { maxBacklog: 1 }, shutdownMs: 0 }, () => new Promise(() => {}));
      for (let number = 0; number < 2; number++) await to.post(incomingMessage());
      const last = recorder.named('webex_connect receive').at(-1);
      assert.equal(present(last).attributes['webex_connect.outcome'], 'full');
    });

    it('when it is stored too late for its answer, and its turn as well', async () => {
      const clock = new ManualClock();
      let store = () => {};
      const hold = new Promise<void>((resolve) => {
        store = resolve;
      });
      const slow = interceptStore(new MemoryStore(), async (method, run) => {
        if (method === 'accept') await hold;
        return run();
      });
      const to = await serve({ store: slow, clock });
      const answer = to.post(incomingMessage(), { ...JSON_TYPE, traceparent: TRACE });
      while (clock.nextTimerIn !== 3000) await new Promise(setImmediate);
      await clock.advance(3000);
      assert.equal((await answer).status, 503);
      store();
      await to.webhook.waitFor(1);
      await to.adapter.whenIdle();
      assert.deepEqual(recorder.tree, [
        'receive unavailable',
        '  turn #1 completed',
        '    send #1 accepted 200',
      ]);
      assert.deepEqual(receipt().duration, [3, 0]);
    });

    it('and not when it is no POST', async () => {
      const to = await serve();
      await fetch(to.url, { method: 'HEAD' });
      await fetch(to.url, { method: 'GET' });
      assert.deepEqual(recorder.spans, []);
      assert.ok(!(await to.adapter.metrics()).includes('ack_duration_seconds_count'));
    });

    it('as part of the trace that it names, once the caller is known', async () => {
      const to = await serve({ authentication: { accessToken: 'known' } });
      const headers = { ...JSON_TYPE, traceparent: TRACE };
      await to.post(incomingMessage(), { ...headers, authorization: 'Bearer stranger' });
      await to.post(incomingMessage(), { ...headers, authorization: 'Bearer known' });
      await to.adapter.whenIdle();
      const [stranger, known] = recorder.named('webex_connect receive');
      assert.notEqual(present(stranger).spanContext().traceId, TRACE_ID);
      assert.equal(present(known).spanContext().traceId, TRACE_ID);
    });

    it('as part of the span in which the server handles it, rather than of the one that it names', async () => {
      const to = await serve();
      await trace.getTracer('http').startActiveSpan('POST /api/webex-connect', async (span) => {
        // A server that is instrumented runs its handlers in its own span.
        await postToBot(to.adapter, incomingMessage(), echo, { traceparent: TRACE });
        span.end();
      });
      await to.adapter.whenIdle();
      assert.deepEqual(recorder.tree, [
        'POST /api/webex-connect',
        '  receive stored',
        '    turn #1 completed',
        '      send #1 accepted 200',
      ]);
    });

    const hostile: [title: string, headers: readonly string[]][] = [
      ['garbage', ['garbage']],
      ['8 KB', [`00-${'a'.repeat(8000)}`]],
      ['no trace', [`00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`]],
      ['two of them', [TRACE, TRACE]],
      ['an injection', [`${TRACE}-";drop table inbox`]],
    ];
    for (const [title, headers] of hostile) {
      it(`in a trace of its own when the header is ${title}`, async () => {
        const to = await serve();
        assert.equal(await postWith(to.url, headers), 200);
        await to.webhook.waitFor(1);
        await to.adapter.whenIdle();
        const span = receipt();
        assert.equal(span.parentSpanContext, undefined);
        const sent = String(present(to.webhook.received[0]).headers.traceparent);
        assert.match(sent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
        assert.equal(sent.slice(3, 35), span.spanContext().traceId);
      });
    }

    it('in a trace of its own when the option says so', async () => {
      const to = await serve({ telemetry: { takeTraceparent: false } });
      await to.post(incomingMessage(), { ...JSON_TYPE, traceparent: TRACE });
      await to.adapter.whenIdle();
      assert.equal(receipt().parentSpanContext, undefined);
    });

    it('without a header of ours when the option says so', async () => {
      const to = await serve({ telemetry: { sendTraceparent: false } });
      await to.post(incomingMessage());
      await to.webhook.waitFor(1);
      assert.equal(to.webhook.received[0]?.headers.traceparent, undefined);
    });

    it('with the ID of its conversation, unless the option says otherwise', async () => {
      const key = 'messaging.message.conversation_id';
      const to = await serve();
      await to.post(incomingMessage());
      await to.adapter.whenIdle();
      assert.deepEqual(
        recorder.spans.map(({ attributes }) => attributes[key]),
        ['CONV-test-1', 'CONV-test-1', 'CONV-test-1'],
      );
      await to.stop();
      recorder.clear();
      const discreet = await serve({ telemetry: { conversationIds: false } });
      await discreet.post(incomingMessage());
      await discreet.adapter.whenIdle();
      assert.equal(recorder.spans.length, 3);
      assert.ok(!JSON.stringify(recorder.spans.map(({ attributes }) => attributes)).includes('CONV-test-1'));
    });
  });

  it('stays unsampled all the way when the SDK says so', async () => {
    const recorder = SpanRecorder.install({
      sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    });
    try {
      const to = await serve();
      await to.post(incomingMessage());
      await to.webhook.waitFor(1);
      await to.adapter.whenIdle();
      assert.deepEqual(recorder.spans, []);
      assert.match(String(to.webhook.received[0]?.headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    } finally {
      recorder.uninstall();
    }
  });

  it('carries its trace on without an SDK, as it came', async () => {
    const to = await serve();
    await to.post(incomingMessage(), { ...JSON_TYPE, traceparent: TRACE });
    await to.webhook.waitFor(1);
    assert.equal(to.webhook.received[0]?.headers.traceparent, TRACE);
  });

  it('makes up no trace without an SDK', async () => {
    const to = await serve();
    await to.post(incomingMessage());
    await to.webhook.waitFor(1);
    assert.equal(to.webhook.received[0]?.headers.traceparent, undefined);
  });

  for (const [title, install] of brokenSdks()) {
    it(`is handled all the same when ${title}`, async () => {
      const uninstall = install();
      try {
        const to = await serve();
        assert.equal(
          (await to.post(incomingMessage('hi'), { ...JSON_TYPE, traceparent: TRACE })).status,
          200,
        );
        await to.webhook.waitFor(1);
        await to.adapter.whenIdle();
        assert.deepEqual(to.webhook.texts, ['Echo: hi']);
        assert.equal((await to.adapter.health()).status, 'pass');
      } finally {
        uninstall();
      }
    });
  }
});

function failingStore(): DeliveryStore {
  return interceptStore(new MemoryStore(), async (method, run) => {
    if (method === 'accept') throw new Error('the disk is full');
    return run();
  });
}

/** `fetch` would send several headers of one name as one. */
function postWith(url: string, traceparents: readonly string[]): Promise<number | undefined> {
  const body = JSON.stringify(incomingMessage());
  return new Promise((resolve, reject) => {
    const headers = { ...JSON_TYPE, traceparent: [...traceparents] };
    const sent = request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Registers each, and gives back what takes it away again. */
function brokenSdks(): [title: string, install: () => () => void][] {
  const broken = () => {
    throw new Error('the SDK is broken');
  };
  const disable = () => {
    trace.disable();
    context.disable();
    metrics.disable();
  };
  return [
    [
      'the tracer throws',
      () => {
        const getTracer = () => ({ startSpan: broken, startActiveSpan: broken });
        trace.setGlobalTracerProvider({ getTracer });
        return disable;
      },
    ],
    [
      'a span processor throws',
      () => {
        const processor = { onStart: () => {}, onEnd: broken, forceFlush: broken, shutdown: broken };
        trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
        return disable;
      },
    ],
    [
      'the exporter never answers',
      () => {
        const exporter = { export: () => {}, shutdown: async () => {} };
        const spanProcessors = [new SimpleSpanProcessor(exporter)];
        trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
        return disable;
      },
    ],
    [
      'nobody can tell what is active',
      () => {
        const recorder = SpanRecorder.install();
        context.disable();
        const manager = {
          active: broken,
          with: broken,
          bind: broken,
          enable: broken,
          disable: (): ContextManager => manager,
        };
        context.setGlobalContextManager(manager);
        return () => recorder.uninstall();
      },
    ],
    [
      'the meter throws',
      () => {
        metrics.setGlobalMeterProvider({ getMeter: broken });
        return disable;
      },
    ],
  ];
}
