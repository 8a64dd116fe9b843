import type { Engine } from '../../../src/engine/createEngine';
import { writeBotStamp } from '../../../src/wire/stamps';
import { type ReceivedEvent, respond, TestBot, TOKEN } from './testBot';

/** What is wrong with a bot. */
export type Mutation =
  | 'noDedupe'
  | 'noOrder'
  | 'noRetry'
  | 'repliesAfterHandover'
  | 'wrongConversation'
  | 'noToken'
  | 'silent'
  | 'sendsTwice';

interface Outgoing {
  readonly key: string;
  readonly body: string;
}

interface Talk {
  readonly id: string;
  readonly outbox: Outgoing[];
  /** When it decided to hand over; undefined while the bot has the conversation. */
  handedOverAt: number | undefined;
  isSending: boolean;
}

const MAX_ATTEMPTS = 5;

/**
 * A small bot that does everything right: it takes repeats for repeats, sends in order and tries again, hands over
 * when it hears "agent" and is silent then. A mutation takes one of these virtues away.
 */
export class ModelBot {
  engine: Engine | undefined;
  readonly #mutation: Mutation | undefined;
  readonly #endpoint: TestBot;
  readonly #seen = new Set<string>();
  readonly #talks = new Map<string, Talk>();
  #messages = 0;
  #underWay = 0;

  private constructor(endpoint: TestBot, mutation: Mutation | undefined) {
    this.#endpoint = endpoint;
    this.#mutation = mutation;
    endpoint.responder = (event, res) => {
      const token = mutation === 'noToken' && event.body !== '{}' ? {} : { verification_token: TOKEN };
      this.#hear(event);
      respond(res, 200, JSON.stringify(token));
    };
  }

  static async start(mutation?: Mutation): Promise<ModelBot> {
    return new ModelBot(await TestBot.start(), mutation);
  }

  get url(): string {
    return this.#endpoint.url;
  }

  stop(): Promise<void> {
    return this.#endpoint.stop();
  }

  /** Resolves when it has said all that it has to say. */
  async idle(): Promise<void> {
    while (this.#underWay > 0) await new Promise(setImmediate);
  }

  #hear({ fields, body }: ReceivedEvent): void {
    const id = fields.Conversationid;
    if (id === undefined || fields.ConversationType !== 'BOT' || fields.DeliveryStatus !== undefined) return;
    const identity = fields.Messageid ?? body;
    if (this.#seen.has(identity) && this.#mutation !== 'noDedupe') return;
    this.#seen.add(identity);
    const talk = this.#talkOf(id);
    const writtenAt = Date.parse(`${fields.Timestamp?.replace(' ', 'T')}Z`);
    if (talk.handedOverAt !== undefined && writtenAt > talk.handedOverAt) talk.handedOverAt = undefined;
    void this.#turn(talk, fields.Message ?? fields.PostbackPayload ?? '');
  }

  async #turn(talk: Talk, text: string): Promise<void> {
    this.#underWay++;
    await new Promise(setImmediate);
    if (talk.handedOverAt === undefined || this.#mutation === 'repliesAfterHandover')
      this.#answer(talk, text);
    await this.#drain(talk);
    this.#underWay--;
  }

  #answer(talk: Talk, text: string): void {
    if (!text.includes('agent')) {
      this.#put(talk, '1001', `Echo: ${text}`);
      if (text.includes('twice')) this.#put(talk, '1001', 'And once more.');
      return;
    }
    this.#put(talk, '1001', 'One moment.');
    this.#put(talk, '1002');
    talk.handedOverAt = this.engine?.clock.now();
    if (this.#mutation === 'repliesAfterHandover') this.#put(talk, '1001', 'And another thing.');
  }

  #put(talk: Talk, eventid: string, message?: string): void {
    if (this.#mutation === 'silent') return;
    const key = `key-${++this.#messages}`;
    const conversation_id = this.#mutation === 'wrongConversation' ? `${talk.id}-x` : talk.id;
    const reply = message === undefined ? {} : { message, Messagetype: 'TEXT' };
    const Timestamp = writeBotStamp((this.engine?.clock.now() ?? 0) + this.#messages);
    const outgoing = { key, body: JSON.stringify({ eventid, conversation_id, ...reply, Timestamp }) };
    talk.outbox.push(outgoing);
    if (this.#mutation === 'sendsTwice') talk.outbox.push(outgoing);
  }

  async #drain(talk: Talk): Promise<void> {
    if (talk.isSending) return;
    talk.isSending = true;
    for (let next = talk.outbox.shift(); next !== undefined; next = talk.outbox.shift()) {
      const wasTaken = await this.#send(next, talk);
      // A dead handover gives the conversation back.
      if (!wasTaken && next.body.includes('"1002"')) talk.handedOverAt = undefined;
    }
    talk.isSending = false;
  }

  /** @returns Whether it was taken; what was not is given up after five attempts, or at once when it is refused. */
  async #send(outgoing: Outgoing, talk: Talk): Promise<boolean> {
    const attempts = this.#mutation === 'noRetry' ? 1 : MAX_ATTEMPTS;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const answer = await this.engine?.receive({
        headers: { 'content-type': 'application/json', 'idempotency-key': outgoing.key },
        body: outgoing.body,
      });
      if (answer === undefined) return false;
      const isAnswered = answer.close === undefined;
      if (isAnswered && answer.status < 300) return true;
      if (isAnswered && answer.status < 500 && answer.status !== 429) return false;
      if (this.#mutation === 'noOrder' && talk.outbox.length > 0) {
        talk.outbox.push(outgoing);
        return false;
      }
    }
    return false;
  }

  #talkOf(id: string): Talk {
    const known = this.#talks.get(id);
    if (known !== undefined) return known;
    const talk: Talk = { id, outbox: [], handedOverAt: undefined, isSending: false };
    this.#talks.set(id, talk);
    return talk;
  }
}
