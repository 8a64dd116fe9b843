import http from 'node:http';
import https from 'node:https';
import { Turnstile } from './turnstile';

/** What came of a POST to the bot. */
export type PostOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly tookMs: number;
    }
  /** No answer in time: the connection was cut. */
  | { readonly kind: 'cut'; readonly tookMs: number }
  /** The connection was refused, or broke. */
  | { readonly kind: 'failed'; readonly problem: string; readonly tookMs: number };

/** A POST to the bot. */
export interface PostRequest {
  readonly url: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds of real time for the whole exchange. */
  readonly limitMs: number;
}

/** Bytes of an answer that are kept; the token is not further down. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Nobody has to send more than that: what comes after it is not waited for. */
const MAX_READ_BYTES = 1024 * 1024;
/**
 * An idle connection is kept so long; bots close theirs after several seconds. One that breaks when it is used again
 * counts as a failure: the bot may have read the event, and would be sent it twice with nobody knowing.
 */
const MAX_IDLE_MS = 1000;
const STOPPED = 'the emulator was stopped';

/**
 * Not more at a time. Node accepts one connection in each turn of its event loop: a bot that shares a busy process with
 * the emulator would seem slow to those who are still at the door.
 */
const MAX_CONNECTIONS = 16;

/** POSTs events over HTTP. Connections are kept alive, redirects not followed, proxies ignored. Never rejects. */
export class BotClient {
  readonly #http = new http.Agent({ keepAlive: true, timeout: MAX_IDLE_MS });
  readonly #https = new https.Agent({ keepAlive: true, timeout: MAX_IDLE_MS });
  readonly #turnstile = new Turnstile(MAX_CONNECTIONS);
  readonly #underWay = new Set<http.ClientRequest>();
  #isClosed = false;

  /** The time counts from the moment when there is a connection to be had. */
  post(request: PostRequest): Promise<PostOutcome> {
    return this.#turnstile.during(() => this.#post(request));
  }

  /** Cuts what is under way, and sends nothing any more. */
  close(): void {
    this.#isClosed = true;
    for (const request of this.#underWay) request.destroy(new Error(STOPPED));
    this.#http.destroy();
    this.#https.destroy();
  }

  async #post(request: PostRequest): Promise<PostOutcome> {
    await untilClosedOnesAreKnown();
    const started = performance.now();
    if (this.#isClosed) return { kind: 'failed', problem: STOPPED, tookMs: 0 };
    try {
      return await this.#exchange(request, started);
    } catch (error) {
      return { kind: 'failed', problem: problemOf(error), tookMs: since(started) };
    }
  }

  #exchange(post: PostRequest, started: number): Promise<PostOutcome> {
    return new Promise((resolve) => {
      const request = this.#open(post);
      this.#underWay.add(request);
      const finish = (outcome: PostOutcome) => {
        clearTimeout(limit);
        this.#underWay.delete(request);
        resolve(outcome);
      };
      const fail = (error: unknown) =>
        finish({ kind: 'failed', problem: problemOf(error), tookMs: since(started) });
      const limit = setTimeout(
        () => {
          finish({ kind: 'cut', tookMs: since(started) });
          request.destroy();
        },
        Math.max(post.limitMs - since(started), 0),
      );
      request.on('error', fail);
      request.on('response', (response) => {
        readAnswer(response)
          .then((body) => finish(answered(response, body, since(started))))
          .catch(fail);
      });
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        finish(answered(response, '', since(started)));
      });
      request.end(post.body);
    });
  }

  #open({ url, body, headers }: PostRequest): http.ClientRequest {
    const isSecure = new URL(url).protocol === 'https:';
    const options = {
      method: 'POST',
      agent: isSecure ? this.#https : this.#http,
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': String(body.length),
        'User-Agent': 'webex-connect-emulator',
        ...headers,
      },
    };
    return isSecure ? https.request(url, options) : http.request(url, options);
  }
}

/** A bot that has just stopped has closed its connections, but this process reads of it in its next round only. */
async function untilClosedOnesAreKnown(): Promise<void> {
  for (let round = 0; round < 2; round++) await new Promise(setImmediate);
}

async function readAnswer(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    if (length < MAX_ANSWER_BYTES) chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (length >= MAX_READ_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_ANSWER_BYTES);
}

function answered(response: http.IncomingMessage, body: string, tookMs: number): PostOutcome {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  return {
    kind: 'answered',
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body,
    tookMs,
  };
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

const PROBLEMS: readonly (readonly [code: RegExp, problem: string])[] = [
  [/^ECONNREFUSED$/, 'the connection was refused'],
  [/^(ECONNRESET|EPIPE)$/, 'the connection was reset'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'the host was not found'],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'the host cannot be reached'],
  [/^HPE_/, 'the answer is not HTTP'],
  [/^EPROTO$/, 'there is no TLS at this https:// URL'],
  [/CERT|SIGNATURE|^ERR_TLS/, 'its certificate is not to be trusted'],
  [/^ERR_INVALID_CHAR$/, 'the access token cannot be sent in a header'],
];

function problemOf(error: unknown): string {
  const code = codeOf(error) ?? '';
  const [, problem] = PROBLEMS.find(([pattern]) => pattern.test(code)) ?? [];
  if (problem !== undefined) return problem;
  return error instanceof Error ? error.message : 'the connection broke';
}
