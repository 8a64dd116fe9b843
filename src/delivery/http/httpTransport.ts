/** What a webhook answered. */
export interface HttpAnswer {
  readonly status: number;
  /** The header of that name. */
  readonly retryAfter: string | undefined;
  /** As much of the body as is read; what has come of it when it broke off. */
  readonly body: string;
}

/** One POST that is under way. */
export interface HttpExchange {
  /**
   * Resolves when the answer is there. Its status decides, however long or broken its body is: so it also resolves when
   * the exchange ends after the status has come.
   *
   * @throws {HttpTransportError} when no status has come.
   */
  readonly answer: Promise<HttpAnswer>;
  /** Ends the exchange now. Harmless when it is over. */
  cut(): void;
}

/** POSTs to one address: connections kept alive, redirects not followed, nothing unpacked, proxies ignored. */
export interface HttpTransport {
  post(body: string, headers: Readonly<Record<string, string>>): HttpExchange;
  /** Cuts what is under way and closes idle connections. */
  close(): void;
}

/** How a transport is made. */
export interface HttpTransportSettings {
  readonly url: string;
  readonly maxConnections: number;
}

/**
 * @param more What somebody else wants to send along.
 * @param own What `more` cannot change, whatever case it is written in.
 */
export function joinHeaders(
  more: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const others = Object.entries(more).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(others), ...own };
}

/** Bytes of an answer that are read; nothing we look for is further down. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** What every request says. Unpacked, a few bytes can be gigabytes; so we ask for nothing packed. */
export const FIXED_HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  Accept: 'application/json',
  'Accept-Encoding': 'identity',
  'User-Agent': 'botbuilder-adapter-webex-connect',
} as const;

/** A request that got no answer. Of the reason only its code is kept, for a message may hold the address (I9). */
export class HttpTransportError extends Error {
  override readonly name = 'HttpTransportError';
  /** Node's code of a system error, such as `ECONNREFUSED`, or that of its HTTP parser. */
  readonly code: string | undefined;

  constructor(code: string | undefined) {
    super(`no answer: ${code ?? 'without a code'}`);
    this.code = code;
  }
}
