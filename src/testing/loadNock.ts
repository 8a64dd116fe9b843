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
  const { loaded, isFirst } = requireNock();
  mustRunOnThisNode(loaded);
  const nock = defaultOf(loaded);
  if (isFirst) nock.restore();
  return nock;
}

type LoadedNock = Nock | { readonly default: Nock };

function requireNock(): { readonly loaded: LoadedNock; readonly isFirst: boolean } {
  try {
    const isFirst = require.cache[require.resolve('nock')] === undefined;
    return { loaded: require('nock'), isFirst };
  } catch (error) {
    throw new Error('mockWebexConnect() needs nock. Install it: npm install --save-dev nock', {
      cause: error,
    });
  }
}

/**
 * nock 15.0.1 and 15.0.2 say that they run on Node 20, and then fail every request for want of `Promise.withResolvers`:
 * the bot would seem to say nothing.
 *
 * @param promise Node's own `Promise`, but in tests.
 * @throws {Error} saying which version does run.
 */
export function mustRunOnThisNode(loaded: LoadedNock, promise: object = Promise): void {
  if (isCommonJs(loaded) || 'withResolvers' in promise) return;
  throw new Error(
    `This version of nock needs Node 22; this is Node ${process.versions.node}. Install an older one: npm install --save-dev nock@15.0.0`,
  );
}

/** nock 15.0.1 and later are ES modules, whose default export it is. */
function defaultOf(loaded: LoadedNock): Nock {
  return isCommonJs(loaded) ? loaded : loaded.default;
}

function isCommonJs(loaded: LoadedNock): loaded is Nock {
  return typeof loaded === 'function';
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
