import assert from 'node:assert/strict';
import { type Context, context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {
  activeTrace,
  OpenSpan,
  registeredTracer,
  type SpanStart,
} from '../../../src/operations/telemetry/openSpan';
import { present } from '../../support/present';
import { SpanRecorder } from '../../support/spanRecorder';
import { TRACE } from '../../support/storeSamples';

// The SDK takes a small number for a time since the process began.
const AT = Date.UTC(2026, 2, 9);
const START: SpanStart = {
  name: 'one',
  kind: SpanKind.INTERNAL,
  traceContext: TRACE,
  attributes: {},
  at: AT,
};

const broken = (): never => {
  throw new Error('the SDK is broken');
};

/** Counts how often it is run, and resolves or rejects with what it is made with. */
function countedWork(settle: () => Promise<string> = async () => 'done') {
  const counted = {
    runs: 0,
    work: () => {
      counted.runs++;
      return settle();
    },
  };
  return counted;
}

describe('A span that is under way', () => {
  afterEach(() => {
    trace.disable();
    context.disable();
  });

  const begin = (start: Partial<SpanStart> = {}) => {
    const tracer = present(registeredTracer());
    return present(OpenSpan.begin(tracer, { ...START, ...start }));
  };

  describe('of an SDK', () => {
    let recorder: SpanRecorder;
    beforeEach(() => {
      recorder = SpanRecorder.install();
    });
    afterEach(() => recorder.uninstall());

    it('is what runs in it is a part of, and nothing else', async () => {
      const span = begin();
      assert.equal(await span.run(async () => activeTrace()), span.traceContext);
      assert.equal(activeTrace(), undefined);
    });

    it('hands on what the work throws, which has run once', async () => {
      const error = new Error('the turn failed');
      const early = countedWork(() => {
        throw error;
      });
      const late = countedWork(async () => {
        throw error;
      });
      for (const counted of [early, late]) {
        await assert.rejects(begin().run(counted.work), error);
        assert.equal(counted.runs, 1);
      }
    });

    it('ends with its attributes and with what failed', () => {
      begin().end(AT + 2000, { 'webex_connect.outcome': 'failed' }, 'answered 503');
      const { attributes, status, duration } = present(recorder.spans[0]);
      assert.equal(attributes['webex_connect.outcome'], 'failed');
      assert.equal(status.message, 'answered 503');
      assert.deepEqual(duration, [2, 0]);
    });
  });

  it('is not asked for where there is no SDK', () => {
    assert.equal(registeredTracer(), undefined);
  });

  it('is found where another copy of the API has the SDK, as of one that npm could not share', async () => {
    const other = anotherCopyOfTheApi();
    assert.notEqual(other.trace, trace);
    const exporter = new InMemorySpanExporter();
    const spanProcessors = [new SimpleSpanProcessor(exporter)];
    other.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
    other.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      const span = begin();
      assert.equal(await span.run(async () => activeTrace()), span.traceContext);
      span.end(AT, {});
      assert.equal(exporter.getFinishedSpans().length, 1);
    } finally {
      other.trace.disable();
      other.context.disable();
    }
  });

  it('is none when the tracer throws', () => {
    const tracer = { startSpan: broken, startActiveSpan: broken };
    assert.equal(OpenSpan.begin(tracer, START), undefined);
  });

  it('is none when the provider throws', () => {
    trace.setGlobalTracerProvider({ getTracer: broken });
    assert.equal(registeredTracer(), undefined);
  });

  it('costs nothing when all that it has throws', async () => {
    const tracer = { startSpan: () => brokenSpan(), startActiveSpan: broken };
    const span = present(OpenSpan.begin(tracer, START));
    assert.equal(span.traceContext, undefined);
    const counted = countedWork();
    assert.equal(await span.run(counted.work), 'done');
    assert.equal(counted.runs, 1);
    span.end(AT, {}, 'failed');
  });

  it('is ended though its attributes could not be set', () => {
    let hasEnded = false;
    const end = () => {
      hasEnded = true;
    };
    const tracer = { startSpan: () => ({ ...brokenSpan(), end }), startActiveSpan: broken };
    present(OpenSpan.begin(tracer, START)).end(AT, {});
    assert.ok(hasEnded);
  });

  const managers: [title: string, run: <Result>(work: () => Result) => Result][] = [
    ['throws before the work', broken],
    [
      'throws when the work has begun',
      (work) => {
        work();
        return broken();
      },
    ],
    [
      'runs the work twice',
      (work) => {
        work();
        return work();
      },
    ],
  ];
  for (const [title, run] of managers) {
    it(`runs the work once when the context manager ${title}`, async () => {
      const recorder = SpanRecorder.install();
      context.disable();
      context.setGlobalContextManager(new ClumsyContextManager(run));
      try {
        const counted = countedWork();
        assert.equal(await begin().run(counted.work), 'done');
        assert.equal(counted.runs, 1);
      } finally {
        recorder.uninstall();
      }
    });
  }
});

function brokenSpan(): Span {
  return {
    spanContext: broken,
    setAttribute: broken,
    setAttributes: broken,
    addEvent: broken,
    addLink: broken,
    addLinks: broken,
    setStatus: broken,
    updateName: broken,
    end: broken,
    isRecording: broken,
    recordException: broken,
  };
}

class ClumsyContextManager extends AsyncLocalStorageContextManager {
  readonly #run: <Result>(work: () => Result) => Result;

  constructor(run: <Result>(work: () => Result) => Result) {
    super();
    this.#run = run;
  }

  override with<Args extends unknown[], Work extends (...args: Args) => ReturnType<Work>>(
    within: Context,
    work: Work,
    thisArg?: ThisParameterType<Work>,
    ...args: Args
  ): ReturnType<Work> {
    return this.#run(() => super.with(within, work, thisArg, ...args));
  }
}

function anotherCopyOfTheApi(): typeof import('@opentelemetry/api') {
  const modules = Object.keys(require.cache).filter((path) => /@opentelemetry.api.build/.test(path));
  const kept = modules.map((path) => [path, require.cache[path]] as const);
  for (const path of modules) delete require.cache[path];
  try {
    return require('@opentelemetry/api');
  } finally {
    for (const [path, module] of kept) require.cache[path] = module;
  }
}
