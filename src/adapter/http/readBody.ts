import { Readable } from 'node:stream';
import type { Clock } from '../../clock';
import { BodyBuffer } from './bodyBuffer';
import { headerOf, type WebexConnectRequest } from './httpTypes';

/** A request's body. */
export type RequestBody =
  | { readonly kind: 'raw'; readonly bytes: Buffer }
  /** A body parser was faster; the bytes are gone. */
  | { readonly kind: 'parsed'; readonly value: unknown }
  /** Somebody has read the body and kept it. */
  | { readonly kind: 'consumed' }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'tooSlow' }
  /** The caller went away. */
  | { readonly kind: 'aborted' };

/** Limits of {@link readBody}. */
export interface BodyLimits {
  readonly bytes: number;
  readonly milliseconds: number;
}

/**
 * What is read beyond the limit, and thrown away, so that a caller who sends a little too much gets to read the
 * answer instead of a broken connection.
 */
const DISCARDED_BYTES = 1024 * 1024;

/**
 * Reads a body, up to a limit and a deadline, wherever it is: still in the stream, kept raw by the framework, or
 * parsed already.
 */
export async function readBody(
  request: WebexConnectRequest,
  limits: BodyLimits,
  clock: Clock,
): Promise<RequestBody> {
  if (Number(headerOf(request, 'content-length') ?? 0) > limits.bytes + DISCARDED_BYTES) {
    return { kind: 'tooLarge' };
  }
  const raw = asBytes(request.rawBody) ?? asBytes(request.body);
  if (raw !== undefined)
    return raw.length > limits.bytes ? { kind: 'tooLarge' } : { kind: 'raw', bytes: raw };

  // Express 4 fills in `body` with {} even where no parser touched the stream, so the stream is asked first.
  if (request instanceof Readable && isUnread(request)) return readStream(request, limits, clock);
  if (request instanceof Readable && request.readableAborted) return { kind: 'aborted' };
  if (Number(headerOf(request, 'content-length') ?? 0) > limits.bytes) return { kind: 'tooLarge' };
  if (request.body === undefined && announcesBody(request)) return { kind: 'consumed' };
  return { kind: 'parsed', value: request.body };
}

/**
 * Whether what an unread body still holds is little enough for Node to read it and throw it away, so that the
 * connection can be used again. Whoever is turned away may otherwise go on sending for ever.
 */
export function isShort(request: WebexConnectRequest): boolean {
  const length = Number(headerOf(request, 'content-length') ?? 0);
  return length <= DISCARDED_BYTES && headerOf(request, 'transfer-encoding') === undefined;
}

function announcesBody(request: WebexConnectRequest): boolean {
  const length = Number(headerOf(request, 'content-length') ?? 0);
  return length > 0 || headerOf(request, 'transfer-encoding') !== undefined;
}

/** An empty body that somebody has read to its end was never `readableDidRead`. */
function isUnread(stream: Readable): boolean {
  return !stream.readableDidRead && !stream.readableEnded && !stream.destroyed;
}

function readStream(stream: Readable, limits: BodyLimits, clock: Clock): Promise<RequestBody> {
  return new Promise((resolve) => {
    const kept = new BodyBuffer(limits.bytes);
    let length = 0;
    let isTooLarge = false;

    const finish = (body: RequestBody) => {
      timer.cancel();
      stream.off('data', onData).off('end', onEnd).off('close', onAbort);
      // A listener for 'error' has to stay: a stream without one throws when the caller goes away.
      if (body.kind !== 'raw') stream.pause();
      resolve(body);
    };
    const onData = (data: Buffer | string) => {
      // Somebody upstream may have called setEncoding.
      const chunk = typeof data === 'string' ? Buffer.from(data) : data;
      length += chunk.length;
      isTooLarge ||= !kept.add(chunk);
      if (length > limits.bytes + DISCARDED_BYTES) finish({ kind: 'tooLarge' });
    };
    const onEnd = () => finish(isTooLarge ? { kind: 'tooLarge' } : { kind: 'raw', bytes: kept.toBuffer() });
    const onAbort = () => finish({ kind: 'aborted' });
    const timer = clock.setTimer(limits.milliseconds, () => finish({ kind: 'tooSlow' }));

    stream.on('data', onData).on('end', onEnd).on('close', onAbort).on('error', onAbort);
  });
}

function asBytes(body: unknown): Buffer | undefined {
  if (Buffer.isBuffer(body)) return body;
  if (body instanceof Uint8Array) return Buffer.from(body);
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : undefined;
}
