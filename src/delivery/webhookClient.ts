import type { Clock } from '../clock';
import type { OutboxMessage } from '../store/deliveryStore';
import type { AttemptTrace } from './attempt';
import {
  FIXED_HEADERS,
  type HttpAnswer,
  type HttpTransport,
  HttpTransportError,
  joinHeaders,
} from './http/httpTransport';
import { openTransport } from './http/openTransport';
import { parseRetryAfter } from './retryPolicy';
import { outcomeOfNetworkError, outcomeOfStatus, outcomeOfTimeout, type SendOutcome } from './sendOutcome';

/** Sends one message to one destination. Never rejects: every failure is an outcome. */
export interface DestinationClient {
  /**
   * Tries once to deliver the message.
   *
   * @param trace What goes along with the attempt; a client may do without.
   */
  send(message: OutboxMessage, trace?: AttemptTrace): Promise<SendOutcome>;
  /** Cuts what is under way and closes idle connections. */
  close(): void;
}

/** What a 2xx answer means, for a webhook that reports errors inside of it. */
export type AnswerVerdict = 'accepted' | 'retry' | 'refuse';

/** How the client talks to a webhook. */
export interface WebhookClientSettings {
  readonly url: string;
  /** Milliseconds for the whole exchange, connecting included. */
  readonly timeoutMs: number;
  readonly maxConnections: number;
  readonly judgeAnswer: (answer: { readonly status: number; readonly body: string }) => AnswerVerdict;
  /** Finds the platform's message id in the body of an answer. */
  readonly platformMessageId: (body: string) => string | undefined;
  /** More headers for one attempt, made at `now`, such as a signature of the body. Must not throw. */
  readonly headersOf?: (message: OutboxMessage, now: number) => Readonly<Record<string, string>>;
}

/** POSTs messages as JSON, each within one time limit for everything. */
export class WebhookClient implements DestinationClient {
  readonly #settings: WebhookClientSettings;
  readonly #clock: Clock;
  readonly #transport: HttpTransport;

  /** @param open Opens the way to the address. */
  constructor(settings: WebhookClientSettings, clock: Clock, open = openTransport) {
    this.#settings = settings;
    this.#clock = clock;
    this.#transport = open(settings);
  }

  async send(message: OutboxMessage, trace?: AttemptTrace): Promise<SendOutcome> {
    const { timeoutMs, headersOf } = this.#settings;
    const own = { 'Idempotency-Key': message.id, ...trace?.headers, ...FIXED_HEADERS };
    const headers = headersOf === undefined ? own : joinHeaders(headersOf(message, this.#clock.now()), own);
    const exchange = this.#transport.post(message.body, headers);
    let isTimeout = false;
    const timer = this.#clock.setTimer(timeoutMs, () => {
      isTimeout = true;
      exchange.cut();
    });
    try {
      const answer = await exchange.answer;
      trace?.answered(answer.status);
      return this.#outcomeOf(answer);
    } catch (error) {
      if (isTimeout) return outcomeOfTimeout(timeoutMs);
      return outcomeOfNetworkError(error instanceof HttpTransportError ? error.code : undefined);
    } finally {
      timer.cancel();
    }
  }

  close(): void {
    this.#transport.close();
  }

  #outcomeOf({ status, retryAfter, body }: HttpAnswer): SendOutcome {
    const retryAfterMs = parseRetryAfter(retryAfter, this.#clock.now());
    if (status < 200 || status > 299) return outcomeOfStatus(status, retryAfterMs);

    const verdict = this.#judge(status, body);
    if (verdict === 'accepted') return { kind: 'accepted', platformMessageId: this.#findMessageId(body) };
    const reason = `the webhook answered ${status}, but judgeAnswer found an error in the body`;
    return verdict === 'refuse'
      ? { kind: 'refused', reason, blames: 'message' }
      : { kind: 'failed', reason, isAmbiguous: false, retryAfterMs };
  }

  /** The webhook has said 2xx: for a function that throws, the customer must not read the message five times. */
  #judge(status: number, body: string): AnswerVerdict {
    try {
      return this.#settings.judgeAnswer({ status, body });
    } catch {
      return 'accepted';
    }
  }

  #findMessageId(body: string): string | undefined {
    try {
      return this.#settings.platformMessageId(body);
    } catch {
      return undefined;
    }
  }
}
