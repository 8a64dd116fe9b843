import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** A real OpenTelemetry SDK that keeps the spans that have ended. */
export class SpanRecorder {
  readonly #exporter = new InMemorySpanExporter();

  /** Registers the SDK for this process; {@link uninstall} takes it back. */
  static install(options: { readonly sampler?: Sampler } = {}): SpanRecorder {
    const recorder = new SpanRecorder();
    const spanProcessors = [new SimpleSpanProcessor(recorder.#exporter)];
    trace.setGlobalTracerProvider(new BasicTracerProvider({ ...options, spanProcessors }));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    return recorder;
  }

  uninstall(): void {
    trace.disable();
    context.disable();
    propagation.disable();
  }

  /** In the order of their ends. */
  get spans(): readonly ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  named(name: string): readonly ReadableSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  clear(): void {
    this.#exporter.reset();
  }

  /**
   * The traces as lines, indented under their parents: `turn #2 completed`, `send #1 failed 500`. One whose parent is not
   * recorded, as in another process, stands under nothing.
   */
  get tree(): readonly string[] {
    const ids = new Set(this.spans.map((span) => span.spanContext().spanId));
    const roots = this.spans.filter(({ parentSpanContext: parent }) => !parent || !ids.has(parent.spanId));
    return roots.flatMap((root) => this.#lines(root, ''));
  }

  #lines(span: ReadableSpan, indent: string): string[] {
    const children = this.spans.filter(
      ({ parentSpanContext: parent }) => parent?.spanId === span.spanContext().spanId,
    );
    return [indent + lineOf(span), ...children.flatMap((child) => this.#lines(child, `${indent}  `))];
  }
}

function lineOf({ name, attributes }: ReadableSpan): string {
  const attempt = attributes['webex_connect.attempt'];
  const parts = [
    name.replace(/^webex_connect /, ''),
    attempt && `#${attempt}`,
    attributes['webex_connect.outcome'],
    name.endsWith('send') && attributes['http.response.status_code'],
  ];
  return parts.filter(Boolean).join(' ');
}
