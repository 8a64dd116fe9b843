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

/**
 * Not more at a time. Node accepts one connection in each turn of its event loop: a bot that shares a busy process with
 * the emulator would seem slow to those who are still at the door.
 */
const MAX_CONNECTIONS = 16;

/** POSTs events over HTTP. Connections are kept alive, redirects not followed, proxies ignored. Never rejects. */
export class BotClient {
  readonly #http = new http.Agent({ keepAlive: true });
  readonly #https = new https.Agent({ keepAlive: true });
  readonly #turnstile = new Turnstile(MAX_CONNECTIONS);
  readonly #underWay = new Set<http.ClientRequest>();

  /** The time counts from the moment when there is a connection to be had. */
  post(request: PostRequest): Promise<PostOutcome> {
    return this.#turnstile.during(() => this.#post(request));
  }

  /** Cuts what is under way. */
  close(): void {
    for (const request of this.#underWay) request.destroy(new Error('the emulator was stopped'));
    this.#http.destroy();
    this.#https.destroy();
  }

  async #post(request: PostRequest): Promise<PostOutcome> {
    const started = performance.now();
    try {
      const first = await this.#exchange(request, started);
      // The bot closed an idle connection just as it was taken: that is no failure of the bot.
      return first === 'staleConnection' ? await this.#again(request, started) : first;
    } catch (error) {
      return { kind: 'failed', problem: problemOf(error), tookMs: since(started) };
    }
  }

  async #again(request: PostRequest, started: number): Promise<PostOutcome> {
    const second = await this.#exchange(request, started);
    if (second !== 'staleConnection') return second;
    return { kind: 'failed', problem: 'the connection was reset', tookMs: since(started) };
  }

  #exchange(post: PostRequest, started: number): Promise<PostOutcome | 'staleConnection'> {
    return new Promise((resolve) => {
      const request = this.#open(post);
      this.#underWay.add(request);
      const finish = (outcome: PostOutcome | 'staleConnection') => {
        clearTimeout(limit);
        this.#underWay.delete(request);
        resolve(outcome);
      };
      const limit = setTimeout(
        () => {
          finish({ kind: 'cut', tookMs: since(started) });
          request.destroy();
        },
        Math.max(post.limitMs - since(started), 0),
      );
      request.on('error', (error) => {
        if (request.reusedSocket && codeOf(error) === 'ECONNRESET') return finish('staleConnection');
        finish({ kind: 'failed', problem: problemOf(error), tookMs: since(started) });
      });
      request.on('response', (response) => {
        readAnswer(response)
          .then((body) => finish(answered(response, body, since(started))))
          .catch((error: unknown) =>
            finish({ kind: 'failed', problem: problemOf(error), tookMs: since(started) }),
          );
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

async function readAnswer(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk) || length >= MAX_ANSWER_BYTES) continue;
    chunks.push(chunk);
    length += chunk.length;
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

const PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host was not found',
};

function problemOf(error: unknown): string {
  const code = codeOf(error) ?? '';
  return PROBLEMS[code] ?? (code || (error instanceof Error ? error.message : 'the connection broke'));
}
