import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { portOf } from '../../support/fakeWebhook';
import { EventPoster } from './eventPoster';
import type { SeenReply } from './faultPlatform';
import { Waiters } from './waiters';

/** What becomes of a handover at the platform. */
export interface HandoverFate {
  /** Whether the contact centre has the conversation as soon as the handover has arrived. */
  readonly isTaken: boolean;
  readonly status: number | Promise<number>;
}

/** A reply or a handover as the platform saw it. */
export interface SeenPost extends SeenReply {
  /** It was there before, under the same name, and was not taken: that it came again was asked for. */
  readonly isAskedForAgain: boolean;
}

/** Decides a handover's fate, at each arrival of it. */
export type Judgement = (handover: SeenReply) => HandoverFate;

const TAKEN: HandoverFate = { isTaken: true, status: 200 };

const bodySchema = z.object({
  eventid: z.string(),
  conversation_id: z.string(),
  message: z.string().optional(),
  customparam1: z.string().optional(),
});
const contextSchema = z.object({ round: z.string() });

/**
 * Webex Connect as far as handovers need it: knows who has each conversation, writes down what it is sent, and what it
 * is sent at the wrong time.
 */
export class HandoverPlatform {
  /** Replies and handovers, in the order in which they came. */
  readonly seen: SeenPost[] = [];
  /** What the bot first said while an agent had the conversation. */
  readonly spokenOutOfTurn: SeenReply[] = [];
  readonly poster = new EventPoster();
  readonly #server: Server;
  readonly #waiters = new Waiters();
  readonly #withAgents = new Set<string>();
  readonly #known = new Map<string, Set<string>>();
  readonly #keys = new Set<string>();
  readonly #judgements = new Map<string, Judgement>();

  private constructor() {
    this.#server = createServer((request, response) => {
      // A process that dies in the middle of a request has sent nothing.
      this.#take(request, response).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  static async listen(): Promise<HandoverPlatform> {
    const platform = new HandoverPlatform();
    platform.#server.listen(0, '127.0.0.1');
    await once(platform.#server, 'listening');
    return platform;
  }

  get webhookUrl(): string {
    return `http://127.0.0.1:${portOf(this.#server)}/hook`;
  }

  /** Has `judge` decide about the handovers of a conversation; without it they are taken. */
  judgeHandovers(conversationId: string, judge: Judgement): void {
    this.#judgements.set(conversationId, judge);
  }

  /** From now on the customer's messages go to the bot. */
  agentIsDone(conversationId: string): void {
    this.#withAgents.delete(conversationId);
  }

  /** Resolves when a text has come to the customer of a conversation. */
  waitFor(conversationId: string, text: string, timeoutMs: number): Promise<void> {
    const hasCome = () => this.#known.get(conversationId)?.has(text) ?? false;
    return this.#waiters.until(hasCome, timeoutMs, `${conversationId}: '${text}'`);
  }

  async close(): Promise<void> {
    this.poster.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const body = bodySchema.parse(JSON.parse(text));
    const isHandover = body.eventid === '1002';
    const seen: SeenReply = {
      conversationId: body.conversation_id,
      text: isHandover ? handoverText(body.customparam1 ?? '') : (body.message ?? `<${body.eventid}>`),
      idempotencyKey: String(request.headers['idempotency-key']),
    };
    const fate = isHandover ? this.#judge(seen) : TAKEN;
    this.#note(seen, isHandover, fate.isTaken);
    response.statusCode = await fate.status;
    response.setHeader('Content-Type', 'application/json');
    response.end('{}');
  }

  #judge(handover: SeenReply): HandoverFate {
    return this.#judgements.get(handover.conversationId)?.(handover) ?? TAKEN;
  }

  #note(reply: SeenReply, isHandover: boolean, isTaken: boolean): void {
    const { conversationId, text, idempotencyKey } = reply;
    const isRepeat = this.#keys.has(idempotencyKey);
    this.#keys.add(idempotencyKey);
    const seen: SeenPost = { ...reply, isAskedForAgain: isRepeat && !isTaken };
    this.seen.push(seen);
    const known = this.#known.get(conversationId) ?? new Set();
    this.#known.set(conversationId, known.add(text));
    if (!isRepeat && this.#withAgents.has(conversationId)) this.spokenOutOfTurn.push(seen);
    if (!isRepeat && isHandover && isTaken) this.#withAgents.add(conversationId);
    this.#waiters.wake();
  }
}

/** How a handover reads among the replies. */
export function handoverText(context: string): string {
  const { round } = contextSchema.parse(JSON.parse(context));
  return `<handover ${round}>`;
}
