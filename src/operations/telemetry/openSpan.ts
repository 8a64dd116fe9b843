import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { orElse, quietly } from './guarded';
import { readTraceparent, writeTraceparent } from './traceparent';

/** Of the tracer and of the meter. */
export const INSTRUMENTATION_NAME = 'botbuilder-adapter-webex-connect';

/** What a span begins with. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  /** A `traceparent`: of what has ended, perhaps in an earlier process. Without one a new trace begins. */
  readonly traceContext: string | undefined;
  /**
   * Whether the span is rather part of the active one, where there is one. Turns and sends are not: they are part of
   * the same trace whoever happens to run them.
   */
  readonly prefersActive?: boolean;
  readonly attributes: Attributes;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * A span that is under way. It is somebody else's code: whatever of it throws, no event and no message is lost for that.
 */
export class OpenSpan {
  readonly #span: Span;
  readonly #context: Context;

  private constructor(span: Span, parent: Context) {
    this.#span = span;
    this.#context = trace.setSpan(parent, span);
  }

  /**
   * Begins a span; `undefined` where nothing is traced.
   *
   * @param tracer See {@link registeredTracer}. Ask for it first: without one there is no need to make a `start`.
   */
  static begin(tracer: Tracer, start: SpanStart): OpenSpan | undefined {
    return orElse(() => {
      const { name, kind, attributes, at } = start;
      const parent = parentOf(start);
      return new OpenSpan(tracer.startSpan(name, { kind, attributes, startTime: at }, parent), parent);
    }, undefined);
  }

  /** The span as a `traceparent`, for what it causes; `undefined` where nothing is traced. */
  get traceContext(): string | undefined {
    return orElse(() => writeTraceparent(this.#span.spanContext()), undefined);
  }

  /** Runs work, once, as part of the span: spans that begin in it are its children. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const running: { result?: Promise<Result> } = {};
    // What the work throws is in its promise: whatever is thrown here is the context manager's.
    const begin = async () => work();
    quietly(() =>
      context.with(this.#context, () => {
        running.result ??= begin();
      }),
    );
    return running.result ?? work();
  }

  /** @param at Milliseconds since the epoch. @param failure What failed, in few words; never what somebody said (I9). */
  end(at: number, attributes: Attributes, failure?: string): void {
    quietly(() => {
      this.#span.setAttributes(attributes);
      if (failure !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    });
    quietly(() => this.#span.end(at));
  }
}

/** The span in which the caller runs, as a `traceparent`. */
export function activeTrace(): string | undefined {
  return orElse(activeTraceparent, undefined);
}

/** The tracer of the SDK that is registered; `undefined` where none is. One may be at any time. */
export function registeredTracer(): Tracer | undefined {
  return orElse(findTracer, undefined);
}

function activeTraceparent(): string | undefined {
  return writeTraceparent(trace.getActiveSpan()?.spanContext());
}

function findTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return isProxy(provider)
    ? provider.getDelegateTracer(INSTRUMENTATION_NAME)
    : provider.getTracer(INSTRUMENTATION_NAME);
}

/** There may be two copies of the API in a process, and the proxy that stands in for the SDK is then the other's. */
function isProxy(provider: TracerProvider): provider is ProxyProvider {
  return 'getDelegateTracer' in provider && typeof provider.getDelegateTracer === 'function';
}

type ProxyProvider = TracerProvider & {
  readonly getDelegateTracer: (name: string) => Tracer | undefined;
};

function parentOf({
  traceContext,
  prefersActive,
}: Pick<SpanStart, 'traceContext' | 'prefersActive'>): Context {
  if (prefersActive && activeTrace() !== undefined) return context.active();
  const parent = readTraceparent(traceContext);
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
}
