import { type Dispatcher, Pool } from 'undici';
import { AnswerBody } from './answerBody';
import {
  type HttpAnswer,
  type HttpExchange,
  type HttpTransport,
  HttpTransportError,
  type HttpTransportSettings,
} from './httpTransport';

/** Node's names for what undici has names of its own for: an operator knows them, and so does `sendOutcome`. */
const NODE_CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_HEADERS_OVERFLOW: 'HPE_HEADER_OVERFLOW',
};

/** The client has a time limit for the whole exchange. */
const NO_LIMIT = 0;

/** POSTs with undici: a fifth of what axios and Node's own client cost per message (see docs/performance.md). */
export class UndiciTransport implements HttpTransport {
  readonly #pool: Pool;
  readonly #request: Omit<Dispatcher.DispatchOptions, 'body' | 'headers'>;

  constructor({ url, maxConnections }: HttpTransportSettings) {
    const { origin, pathname, search } = new URL(url);
    this.#pool = new Pool(origin, {
      connections: maxConnections,
      headersTimeout: NO_LIMIT,
      bodyTimeout: NO_LIMIT,
    });
    this.#request = { method: 'POST', path: pathname + search };
  }

  post(body: string, headers: Readonly<Record<string, string>>): HttpExchange {
    const exchange = new UndiciExchange();
    this.#pool.dispatch({ body, headers, ...this.#request }, exchange);
    return exchange;
  }

  close(): void {
    // Whoever waits for an answer is told by undici; of the pool itself nobody asks.
    this.#pool.destroy().catch(() => undefined);
  }
}

class UndiciExchange implements HttpExchange, Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpAnswer>;
  readonly #body = new AnswerBody();
  #resolve: (answer: HttpAnswer) => void = () => undefined;
  #reject: (error: HttpTransportError) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #head: Pick<HttpAnswer, 'status' | 'retryAfter'> | undefined;
  #isCut = false;

  constructor() {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  cut(): void {
    this.#isCut = true;
    this.#end(undefined);
    this.#controller?.abort(new HttpTransportError(undefined));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was cut while it waited for a connection, and must not be sent now.
    if (this.#isCut) controller.abort(new HttpTransportError(undefined));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // Preliminary answers, such as 103 Early Hints, say nothing.
    if (status < 200) return;
    const retryAfter = headers['retry-after'];
    this.#head = { status, retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined };
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.add(chunk);
    if (!this.#body.isFull) return;
    this.#end(undefined);
    controller.abort(new HttpTransportError(undefined));
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(codeOf(error));
  }

  /** The first end counts: promises settle once. */
  #end(code: string | undefined): void {
    if (this.#head === undefined) this.#reject(new HttpTransportError(code));
    else this.#resolve({ body: this.#body.toString(), ...this.#head });
  }
}

function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? (NODE_CODES[code] ?? code) : undefined;
}
