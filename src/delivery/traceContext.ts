/** A `traceparent` of today has 55 characters (W3C Trace Context, 3.2.2), one of a later version may have more. */
export const MAX_TRACE_CONTEXT_LENGTH = 256;

/** The same item without a trace context that is none: it comes from outside, and is stored with every event and message. */
export function withSoundTrace<Item extends { readonly traceContext?: string | undefined }>(
  item: Item,
): Item {
  const { traceContext } = item;
  if (traceContext === undefined || traceContext.length <= MAX_TRACE_CONTEXT_LENGTH) return item;
  return { ...item, traceContext: undefined };
}
