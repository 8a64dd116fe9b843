import http from 'node:http';
import { AxiosTransport } from './axiosTransport';
import type { HttpExchange, HttpTransport, HttpTransportSettings } from './httpTransport';
import { UndiciTransport } from './undiciTransport';

/** How Node's own function begins, in every version that we run on. */
const NODES_OWN = /^function request\(url, options, cb\) \{\s*return new ClientRequest\(/;

/**
 * Whether somebody stands in front of Node's HTTP client: nock, or an agent that traces requests. Whoever does wants to
 * see our requests too, and undici would pass them by. A Node that writes its function in another way is taken for such
 * a one, which costs time and nothing else.
 */
export function isNodeHttpIntercepted(request: unknown = http.request): boolean {
  return typeof request !== 'function' || !NODES_OWN.test(Function.prototype.toString.call(request));
}

/** Opens the way to an address: the fast one, or, for each request that somebody wants to see, Node's own client. */
export function openTransport(settings: HttpTransportSettings): HttpTransport {
  return new WatchfulTransport(settings);
}

class WatchfulTransport implements HttpTransport {
  readonly #settings: HttpTransportSettings;
  readonly #fast: UndiciTransport;
  #visible: AxiosTransport | undefined;
  #lastSeen: unknown;
  #isIntercepted = false;

  constructor(settings: HttpTransportSettings) {
    this.#settings = settings;
    this.#fast = new UndiciTransport(settings);
  }

  post(body: string, headers: Readonly<Record<string, string>>): HttpExchange {
    // nock is switched on and off while a suite runs.
    if (http.request !== this.#lastSeen) {
      this.#lastSeen = http.request;
      this.#isIntercepted = isNodeHttpIntercepted();
    }
    if (!this.#isIntercepted) return this.#fast.post(body, headers);
    this.#visible ??= new AxiosTransport(this.#settings);
    return this.#visible.post(body, headers);
  }

  close(): void {
    this.#fast.close();
    this.#visible?.close();
  }
}
