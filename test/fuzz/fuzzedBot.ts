import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { TurnContext } from 'botbuilder';
import {
  AgentMirrorMiddleware,
  ConversationTracker,
  type DeliveryStore,
  HandoverMiddleware,
  handover,
  WebexConnectAdapter,
  type WebexConnectRequest,
} from '../../src';
import { ManualClock } from '../../src/testing';
import { portOf } from '../support/fakeWebhook';

export const FUZZ_TOKEN = 'the-token-of-the-fuzzed-bot';

/** One of so many turns answers the customer, and one hands over to an agent. */
const ANSWER_EVERY = 20;
const HANDOVER_EVERY = 101;
const HOUR = 60 * 60 * 1000;

/** What was answered to a request. */
export interface FuzzAnswer {
  /** 0 when nothing was. */
  readonly status: number;
  readonly body: string;
}

/** A webhook that takes everything and keeps nothing. */
export async function takeEverything(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  });
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A bot with all middleware, on a clock that stands still, which is given requests without sockets. */
export class FuzzedBot {
  readonly adapter: WebexConnectAdapter;
  readonly #clock = new ManualClock();
  #turns = 0;

  private constructor(store: DeliveryStore, webhook: Server) {
    this.adapter = new WebexConnectAdapter({
      store,
      clock: this.#clock,
      webhookUrl: `http://127.0.0.1:${portOf(webhook)}/hook`,
      verification: { token: FUZZ_TOKEN },
      // What is kept runs out soon, so that what is left after an hour is what somebody has forgotten to let go.
      inbound: { dedupeWindowMs: HOUR, maxQuarantinedRequests: 100 },
      pollMs: HOUR,
    });
    this.adapter.use(new ConversationTracker(), new HandoverMiddleware(), new AgentMirrorMiddleware());
  }

  static async start(store: DeliveryStore, webhook: Server): Promise<FuzzedBot> {
    const bot = new FuzzedBot(store, webhook);
    await bot.adapter.start(bot.#logic);
    return bot;
  }

  /** Hands over one request. */
  async process(request: WebexConnectRequest): Promise<FuzzAnswer> {
    const answer = { status: 0, body: '' };
    const response = {
      socket: undefined,
      status: (status: number) => {
        answer.status = status;
      },
      header: () => undefined,
      send: (body: unknown) => {
        answer.body = String(body);
      },
      end: () => undefined,
    };
    await this.adapter.process(request, response, this.#logic);
    return answer;
  }

  /** Resolves when all turns are run and all answers sent, some time later. */
  async settle(passesMs: number): Promise<void> {
    await this.adapter.whenIdle();
    await this.#clock.advance(passesMs);
  }

  /** What bots and their middleware do with what they are shown. */
  readonly #logic = async (context: TurnContext): Promise<void> => {
    const { activity } = context;
    JSON.stringify(activity);
    Object.assign({}, activity.channelData, activity.value);
    structuredClone(activity);
    this.#turns++;
    if (this.#turns % ANSWER_EVERY === 0) await context.sendActivity(activity.text || 'hm');
    if (this.#turns % HANDOVER_EVERY === 0) await handover(context, { said: activity.text });
  };
}
