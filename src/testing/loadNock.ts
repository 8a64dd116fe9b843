import type nock from 'nock';

/**
 * Loads nock, an optional peer: only tests need it.
 *
 * @throws {Error} when it is not installed, with the command that installs it.
 */
export function loadNock(): typeof nock {
  try {
    const loaded: typeof nock | { default: typeof nock } = require('nock');
    // nock 15.0.1 and later are ES modules.
    return 'default' in loaded && typeof loaded.default === 'function'
      ? loaded.default
      : (loaded as typeof nock);
  } catch (error) {
    throw new Error('mockWebexConnect() needs nock. Install it: npm install --save-dev nock', {
      cause: error,
    });
  }
}

/** A request that nock has caught. */
export interface CaughtRequest {
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

/** Reads what nock hands to a reply function: the URI and body up to version 14, a fetch `Request` from 15 on. */
export async function readCaughtRequest(context: unknown, args: readonly unknown[]): Promise<CaughtRequest> {
  const [first, second] = args;
  if (first instanceof Request) {
    return {
      body: parse(await first.text()),
      idempotencyKey: first.headers.get('idempotency-key') ?? undefined,
    };
  }
  return { body: typeof second === 'string' ? parse(second) : second, idempotencyKey: keyOf(context) };
}

function keyOf(context: unknown): string | undefined {
  const request: unknown = property(context, 'req');
  const value = property(property(request, 'headers'), 'idempotency-key');
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
