import type nock from 'nock';

type Nock = typeof nock;

/** Mocks that catch at the moment, and whether nock was switched on before the first of them. */
let mocks = 0;
let wasActiveBefore = false;

/**
 * Switches nock on for one mock. While it is on, nock stands between Node and every socket; so it is switched
 * off again with the last mock, unless the test itself had it on.
 *
 * @returns nock, and what switches it off.
 * @throws {Error} when nock is not installed, with the command that installs it.
 */
export function activateNock(): { readonly nock: Nock; readonly release: () => void } {
  const nock = loadNock();
  if (mocks === 0) wasActiveBefore = nock.isActive();
  if (!nock.isActive()) nock.activate();
  mocks++;
  const release = () => {
    mocks--;
    if (mocks === 0 && !wasActiveBefore) nock.restore();
  };
  return { nock, release };
}

/** nock is an optional peer: only tests need it. Loading it switches it on, which nobody has asked for yet. */
function loadNock(): Nock {
  try {
    const isLoaded = require.cache[require.resolve('nock')] !== undefined;
    const nock = defaultOf(require('nock'));
    if (!isLoaded) nock.restore();
    return nock;
  } catch (error) {
    throw new Error('mockWebexConnect() needs nock. Install it: npm install --save-dev nock', {
      cause: error,
    });
  }
}

/** nock 15.0.1 and later are ES modules, whose default export it is. */
function defaultOf(loaded: Nock | { readonly default: Nock }): Nock {
  return typeof loaded === 'function' ? loaded : loaded.default;
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
