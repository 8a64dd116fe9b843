import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import type { Clock } from '../clock';
import type { OutboxMessage } from '../store/deliveryStore';
import type { AttemptTrace } from './attempt';
import { parseRetryAfter } from './retryPolicy';
import { outcomeOfNetworkError, outcomeOfStatus, outcomeOfTimeout, type SendOutcome } from './sendOutcome';

/** Sends one message to one destination. Never rejects: every failure is an outcome. */
export interface DestinationClient {
  /** @param trace What goes along with the attempt; a client may do without. */
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

/** Bytes of an answer that are read; nothing we look for is further down. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * POSTs messages as JSON with axios: connections kept alive, redirects not followed, proxies of the environment
 * ignored, one time limit for everything, answers read up to a limit.
 */
export class WebhookClient implements DestinationClient {
  readonly #settings: WebhookClientSettings;
  readonly #clock: Clock;
  readonly #axios: AxiosInstance;
  readonly #agents: readonly http.Agent[];
  readonly #underWay = new Set<AbortController>();

  constructor(settings: WebhookClientSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    const agentOptions = { keepAlive: true, maxSockets: settings.maxConnections };
    const httpAgent = new http.Agent(agentOptions);
    const httpsAgent = new https.Agent(agentOptions);
    this.#agents = [httpAgent, httpsAgent];
    this.#axios = axios.create({
      adapter: 'http',
      httpAgent,
      httpsAgent,
      maxRedirects: 0,
      proxy: false,
      // The status alone decides, however long or broken the body is: so the body is read here, up to a limit.
      responseType: 'stream',
      // Unpacked, a few bytes can be gigabytes; so nothing is unpacked, and we ask for nothing packed.
      decompress: false,
      validateStatus: () => true,
      transformRequest: [(body: string) => body],
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        Accept: 'application/json',
        'Accept-Encoding': 'identity',
      },
    });
  }

  async send(message: OutboxMessage, trace?: AttemptTrace): Promise<SendOutcome> {
    const controller = new AbortController();
    this.#underWay.add(controller);
    let isTimeout = false;
    const timer = this.#clock.setTimer(this.#settings.timeoutMs, () => {
      isTimeout = true;
      controller.abort();
    });
    try {
      const response = await this.#axios.post<Readable>(this.#settings.url, message.body, {
        signal: controller.signal,
        headers: {
          ...this.#settings.headersOf?.(message, this.#clock.now()),
          ...trace?.headers,
          'Idempotency-Key': message.id,
        },
      });
      trace?.answered(response.status);
      return this.#outcomeOf(response, await readUpTo(response.data, MAX_ANSWER_BYTES));
    } catch (error) {
      if (isTimeout) return outcomeOfTimeout(this.#settings.timeoutMs);
      return outcomeOfNetworkError(axios.isAxiosError(error) ? error.code : undefined);
    } finally {
      timer.cancel();
      this.#underWay.delete(controller);
    }
  }

  close(): void {
    for (const controller of this.#underWay) controller.abort();
    for (const agent of this.#agents) agent.destroy();
  }

  #outcomeOf(response: AxiosResponse, body: string): SendOutcome {
    const { status } = response;
    const retryAfter: unknown = response.headers['retry-after'];
    const retryAfterMs = parseRetryAfter(
      typeof retryAfter === 'string' ? retryAfter : undefined,
      this.#clock.now(),
    );
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

/**
 * The first `limit` bytes of a body. Resolves with what has come when the body breaks off: the status was there
 * already.
 */
function readUpTo(body: Readable, limit: number): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = () => resolve(Buffer.concat(chunks).toString('utf8', 0, limit));
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) body.destroy();
    });
    body.on('end', finish);
    body.on('error', finish);
    body.on('close', finish);
  });
}
