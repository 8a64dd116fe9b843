import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import { portOf } from '../../support/fakeWebhook';
import { EventPoster } from './eventPoster';
import { Waiters } from './waiters';

/** One reply as the platform saw it. */
export interface SeenReply {
  readonly conversationId: string;
  readonly text: string;
  readonly idempotencyKey: string;
}

const replyBody = z.object({ conversation_id: z.string(), message: z.string() });

/**
 * Webex Connect as far as a crash test needs it: sends each conversation's events in order, each until it is
 * answered 200, and writes down every reply it is sent.
 */
export class FaultPlatform {
  readonly replies: SeenReply[] = [];
  readonly #server: Server;
  readonly #poster = new EventPoster();
  readonly #waiters = new Waiters();
  #accepted = 0;

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
      this.#waiters.wake();
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
    return this.#poster.retried;
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
      await this.#poster.postUntilTaken(eventOf(conversationId, text), urlsOf);
      accepted.push(text);
      this.#accepted++;
    }
    return accepted;
  }

  /** Resolves when `isEnough` holds, which is asked at each reply, or rejects after `timeoutMs`. */
  waitUntil(isEnough: () => boolean, timeoutMs: number, what: string): Promise<void> {
    return this.#waiters.until(isEnough, timeoutMs, what);
  }

  async close(): Promise<void> {
    this.#poster.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
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
