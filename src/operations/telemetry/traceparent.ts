import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';
import { MAX_TRACE_CONTEXT_LENGTH } from '../../delivery/traceContext';

/**
 * `traceparent` of W3C Trace Context, 3.2: version, trace, parent, flags. Version `ff` is forbidden; a later version than
 * `00` may have more fields, which are not for us.
 */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
const LENGTH = 55;

/** Reads a `traceparent`; `undefined` for one that is missing or no such thing, which then begins a new trace. */
export function readTraceparent(header: string | undefined): SpanContext | undefined {
  if (header === undefined || header.length > MAX_TRACE_CONTEXT_LENGTH) return undefined;
  const [, version, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(header) ?? [];
  if (version === '00' && header.length !== LENGTH) return undefined;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const spanContext = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(spanContext) ? spanContext : undefined;
}

/** Writes a `traceparent`; `undefined` where nothing is traced. */
export function writeTraceparent(spanContext: SpanContext | undefined): string | undefined {
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  const { traceId, spanId, traceFlags } = spanContext;
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}
