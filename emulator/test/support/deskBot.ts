import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

export const BOT_TOKEN = 'the-token';

const EVENT = z.record(z.string(), z.string());
const RETRY_AFTER_MS = 5;
const HOURS = 'We are open from Monday to Friday.';
const ELSE = 'Is there anything else I can do for you?';
const BACK = "You are talking to the service desk's bot again.";
const COLLEAGUE = 'One moment, I am getting a colleague.';
const NOBODY = 'I am sorry, none of my colleagues can take over right now.';

/** How a bot can be worse than it should be. */
export interface Flaws {
  readonly forgetsWhatItHasSeen?: boolean;
  readonly talksWhileTheAgentHasIt?: boolean;
  readonly saysNothing?: boolean;
}

interface Conversation {
  isWithAgent: boolean;
  order: string;
  /** What is being sent, one after the other. */
  sending: Promise<void>;
}

/** A small service desk straight on the wire: a bot that uses nothing of this repository. */
export class DeskBot {
  readonly #flaws: Flaws;
  readonly #seen = new Set<string>();
  readonly #conversations = new Map<string, Conversation>();
  #server: Server | undefined;
  #port = 0;
  webhookUrl = '';
  /** Whether anything has come, the verification too. */
  wasAsked = false;
  #hasEnded = false;
  /** Hears of each body that comes. */
  onEvent: (body: string) => void = () => {};

  constructor(flaws: Flaws = {}) {
    this.#flaws = flaws;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/bot`;
  }

  async start(): Promise<void> {
    this.#hasEnded = false;
    this.#server = createServer((req, res) => void this.#receive(req, res));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Takes a port, from now on. */
  startAt(port: number): void {
    this.#server = createServer((req, res) => void this.#receive(req, res));
    this.#server.listen(port, '127.0.0.1');
  }

  /** What was stored stays. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Stops it for good: what it could not say yet is never said. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.stop();
  }

  async whenIdle(): Promise<void> {
    await Promise.all([...this.#conversations.values()].map(({ sending }) => sending));
  }

  async #receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.wasAsked = true;
    let body = '';
    req.setEncoding('utf8');
    for await (const chunk of req) body += chunk;
    this.onEvent(body);
    if (this.#flaws.saysNothing === true) this.#seen.add(body);
    if (this.#flaws.forgetsWhatItHasSeen === true || !this.#seen.has(body)) this.#think(body);
    this.#seen.add(body);
    res.writeHead(200, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ verification_token: BOT_TOKEN }));
  }

  #think(body: string): void {
    const event = read(body);
    const id = event.conversationid;
    if (id === undefined || event.event === 'Message Delivery') return;
    const conversation = this.#conversationOf(event.botconversationid ?? id);
    if (event.conversationtype === 'BOT') {
      this.#answer(id, conversation, event.message ?? event.postbackpayload ?? '');
    } else if (this.#flaws.talksWhileTheAgentHasIt === true) {
      this.#say(event.botconversationid ?? id, conversation, HOURS);
    }
  }

  #answer(id: string, conversation: Conversation, text: string): void {
    if (conversation.isWithAgent) this.#say(id, conversation, BACK);
    conversation.isWithAgent = false;
    const order = /\d{6}/.exec(text)?.[0];
    if (order !== undefined) conversation.order = order;
    if (/agent|human/i.test(text)) {
      this.#say(id, conversation, COLLEAGUE);
      this.#handOver(id, conversation);
    } else if (order !== undefined) this.#say(id, conversation, `Order ${order} is being packed.`, ELSE);
    else if (/open|^2$/.test(text)) this.#say(id, conversation, HOURS, ELSE);
    else if (/track/i.test(text)) this.#say(id, conversation, 'What is the number of your order?');
    else this.#say(id, conversation, 'Hello, this is the service desk.');
  }

  #say(id: string, conversation: Conversation, ...texts: string[]): void {
    for (const message of texts) {
      const body = { eventid: '1001', conversation_id: id, message, Messagetype: 'TEXT', Timestamp: stamp() };
      conversation.sending = conversation.sending.then(async () => void (await this.#post(body)));
    }
  }

  #handOver(id: string, conversation: Conversation): void {
    conversation.isWithAgent = true;
    const body = {
      eventid: '1002',
      conversation_id: id,
      Timestamp: stamp(),
      customparam1: conversation.order,
    };
    conversation.sending = conversation.sending.then(async () => {
      if (await this.#post(body)) return;
      conversation.isWithAgent = false;
      this.#say(id, conversation, NOBODY);
    });
  }

  /** Tries until there is an answer that stays the same. @returns Whether it was taken. */
  async #post(body: object): Promise<boolean> {
    while (!this.#hasEnded) {
      const answer = await fetch(this.webhookUrl, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }).catch(() => undefined);
      if (answer?.ok === true) return true;
      if (answer !== undefined && answer.status < 429) return false;
      await wait(RETRY_AFTER_MS);
    }
    return false;
  }

  #conversationOf(id: string): Conversation {
    const known = this.#conversations.get(id);
    if (known !== undefined) return known;
    const conversation = { isWithAgent: false, order: '', sending: Promise.resolve() };
    this.#conversations.set(id, conversation);
    return conversation;
  }
}

/** Keys in any case. Nothing, when it is no event. */
function read(body: string): Partial<Record<string, string>> {
  try {
    const event = EVENT.safeParse(JSON.parse(body));
    const fields = Object.entries(event.success ? event.data : {});
    return Object.fromEntries(fields.map(([key, value]) => [key.toLowerCase().replaceAll('_', ''), value]));
  } catch {
    return {};
  }
}

function stamp(): string {
  return new Date().toISOString().replace('T', ' ').replace('Z', '');
}
