import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import { z } from 'zod';
import { portOf } from '../../support/fakeWebhook';

/** One reply as the platform saw it. */
export interface SeenReply {
  readonly conversationId: string;
  readonly text: string;
  readonly idempotencyKey: string;
}

const replyBody = z.object({ conversation_id: z.string(), message: z.string() });

/** Milliseconds that the platform waits for an answer, and before it tries again (an hour, compressed). */
const ANSWER_WITHIN_MS = 5000;
const RETRY_AFTER_MS = 20;

/**
 * Webex Connect as far as a crash test needs it: sends each conversation's events in order, each until it is
 * answered 200, and writes down every reply it is sent.
 */
export class FaultPlatform {
  readonly replies: SeenReply[] = [];
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  #accepted = 0;
  #retried = 0;
  #waiters: (() => void)[] = [];

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += chunk;
      const body = replyBody.parse(JSON.parse(text));
      this.replies.push({
        conversationId: body.conversation_id,
        text: body.message,
        idempotencyKey: String(request.headers['idempotency-key']),
      });
      response.setHeader('Content-Type', 'application/json');
      response.end('{}');
      for (const wake of this.#waiters.splice(0)) wake();
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  static async listen(): Promise<FaultPlatform> {
    const platform = new FaultPlatform();
    platform.#server.listen(0, '127.0.0.1');
    await once(platform.#server, 'listening');
    return platform;
  }

  get webhookUrl(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/hook`;
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Events that were answered 200. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Attempts that failed and were made again. */
  get retried(): number {
    return this.#retried;
  }

  /**
   * Sends events of one conversation in order, each until it is answered 200 by every bot it is sent to.
   *
   * @param nextText The next text; `undefined` ends the conversation.
   * @param urlsOf Where the bot is at the moment, or its replicas; empty while it is down.
   * @returns The texts that were accepted.
   */
  async converse(
    conversationId: string,
    nextText: () => string | undefined,
    urlsOf: () => readonly string[],
  ): Promise<readonly string[]> {
    const accepted: string[] = [];
    for (let text = nextText(); text !== undefined; text = nextText()) {
      const body = eventOf(conversationId, text);
      while (!(await this.#postToAny(urlsOf(), body))) {
        this.#retried++;
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
      accepted.push(text);
      this.#accepted++;
    }
    return accepted;
  }

  /** Resolves when `isEnough` holds, which is asked at each reply, or rejects after `timeoutMs`. */
  async waitUntil(isEnough: () => boolean, timeoutMs: number, what: string): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!isEnough()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${what}: not reached within ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** All at once, as a platform whose time-outs make it send again; one 200 is enough. */
  async #postToAny(urls: readonly string[], body: string): Promise<boolean> {
    const answers = await Promise.all(urls.map((url) => this.#post(url, body)));
    return answers.includes(true);
  }

  #post(url: string, body: string): Promise<boolean> {
    return new Promise((resolve) => {
      const request = httpRequest(url, {
        method: 'POST',
        agent: this.#agent,
        timeout: ANSWER_WITHIN_MS,
        headers: { 'Content-Type': 'application/json' },
      });
      request.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode === 200));
        response.on('error', () => resolve(false));
        response.on('close', () => resolve(response.complete && response.statusCode === 200));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(false));
      request.end(body);
    });
  }
}

function eventOf(conversationId: string, text: string): string {
  return JSON.stringify({
    Conversationid: conversationId,
    ConversationType: 'BOT',
    Message: text,
    MessageType: 'TEXT',
    Messageid: `${conversationId}-${text}`,
    Channel: 'FB',
    Event: 'Incoming message',
    Timestamp: '2026-03-09 14:05:07.25',
  });
}
