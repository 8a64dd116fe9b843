import { type Clock, sleep, systemClock } from '../clock';
import type { JsonObject } from '../protocol/json';
import { activateNock, readCaughtRequest } from './loadNock';
import { type BotUnderTest, type PlatformAnswer, postToBot, type TurnLogicUnderTest } from './postToBot';

/** One event that the bot sent, as it came over the wire. */
export interface BotEvent {
  readonly eventid: string;
  readonly conversation_id: string;
  /** The text of a reply (1001). */
  readonly message?: string;
  readonly Messagetype?: string;
  /** `YYYY-MM-DD hh:mm:ss.SSS`, GMT. */
  readonly Timestamp: string;
  /** `customparam1` … */
  readonly [field: string]: string | undefined;
}

/** One request of the bot, however it ended. */
export interface BotRequest {
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
  readonly outcome: 'accepted' | 'failed' | 'dropped';
}

/** How the next requests of the bot fare. */
export type Misfortune =
  /** Answered with this status. */
  | { readonly kind: 'fail'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  /** The connection breaks; whether Webex Connect has taken the event in is up to the test. */
  | { readonly kind: 'drop'; readonly isReceived: boolean }
  /** Answered 200 after this many milliseconds. */
  | { readonly kind: 'delay'; readonly delayMs: number };

/** Options of {@link mockWebexConnect}. */
export interface MockWebexConnectOptions {
  /** The URL to answer for; by default `https://webexconnect.test/hooks/bot`. */
  readonly webhookUrl?: string;
  /** What delays are measured with. */
  readonly clock?: Clock;
}

const REPLY = '1001';
const HANDOVER = '1002';

/**
 * Stands in for Webex Connect in a bot's own tests: catches with nock what the bot sends, and sends the bot
 * events without a server. Call `restore()` after each test.
 */
export function mockWebexConnect(options: MockWebexConnectOptions = {}): MockWebexConnect {
  return new MockWebexConnect(options);
}

/** What {@link mockWebexConnect} makes. */
export class MockWebexConnect {
  /** For the adapter's option of that name. */
  readonly webhookUrl: string;
  /** Every request of the bot, in order, whatever became of it. */
  readonly requests: BotRequest[] = [];
  /** What was accepted, in order. */
  readonly events: BotEvent[] = [];

  readonly #clock: Clock;
  readonly #misfortunes: Misfortune[] = [];
  #stopCatching: () => void;
  #waiters: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  constructor(options: MockWebexConnectOptions) {
    this.webhookUrl = options.webhookUrl ?? 'https://webexconnect.test/hooks/bot';
    this.#clock = options.clock ?? systemClock;
    this.#stopCatching = this.#catch(new URL(this.webhookUrl));
  }

  /** The accepted replies (1001), in order. */
  get replies(): readonly BotEvent[] {
    return this.events.filter(({ eventid }) => eventid === REPLY);
  }

  /** The texts of the accepted replies, in order. */
  get texts(): readonly string[] {
    return this.replies.map(({ message = '' }) => message);
  }

  /** The accepted handovers (1002), in order. */
  get handovers(): readonly BotEvent[] {
    return this.events.filter(({ eventid }) => eventid === HANDOVER);
  }

  /** Answers the next `times` requests with `status`. */
  failNext(times = 1, status = 500, headers: Readonly<Record<string, string>> = {}): void {
    this.#expect(times, { kind: 'fail', status, headers });
  }

  /** Breaks the connection of the next `times` requests. */
  dropNext(times = 1, { isReceived = false }: { readonly isReceived?: boolean } = {}): void {
    this.#expect(times, { kind: 'drop', isReceived });
  }

  /** Answers the next `times` requests after `delayMs` milliseconds. */
  delayNext(times: number, delayMs: number): void {
    this.#expect(times, { kind: 'delay', delayMs });
  }

  /**
   * Sends the bot an event, as Webex Connect would, and resolves with what was answered. The turn runs after it.
   */
  send(adapter: BotUnderTest, event: JsonObject, logic: TurnLogicUnderTest): Promise<PlatformAnswer> {
    return postToBot(adapter, event, logic);
  }

  /** Resolves when at least `count` replies were accepted. */
  waitForReplies(count: number): Promise<void> {
    return this.#waitUntil(() => this.replies.length >= count);
  }

  /** Resolves when the bot made at least `count` requests, whatever became of them. */
  waitForRequests(count: number): Promise<void> {
    return this.#waitUntil(() => this.requests.length >= count);
  }

  /** Catches nothing any more. Harmless when called twice. */
  restore(): void {
    const stop = this.#stopCatching;
    this.#stopCatching = () => {};
    stop();
  }

  #expect(times: number, misfortune: Misfortune): void {
    for (let time = 0; time < times; time++) this.#misfortunes.push(misfortune);
  }

  #catch(url: URL): () => void {
    const { nock, release } = activateNock();
    const mock = this;
    const interceptor = nock(url.origin).persist().post(`${url.pathname}${url.search}`);
    interceptor.reply(async function (this: unknown, ...args: unknown[]) {
      return mock.#answer(await readCaughtRequest(this, args));
    });
    return () => {
      nock.removeInterceptor(interceptor);
      release();
    };
  }

  async #answer(request: Omit<BotRequest, 'outcome'>): Promise<[number, string, Record<string, string>]> {
    const misfortune = this.#misfortunes.shift();
    switch (misfortune?.kind) {
      case 'fail':
        this.#record(request, 'failed');
        return [misfortune.status, '', { ...misfortune.headers }];
      case 'drop':
        if (misfortune.isReceived) this.events.push(toBotEvent(request.body));
        this.#record(request, 'dropped');
        throw Object.assign(new Error('the connection was reset'), { code: 'ECONNRESET' });
      case 'delay':
        await sleep(this.#clock, misfortune.delayMs);
        break;
      default:
        break;
    }
    this.events.push(toBotEvent(request.body));
    this.#record(request, 'accepted');
    return [200, '{}', { 'Content-Type': 'application/json' }];
  }

  #record(request: Omit<BotRequest, 'outcome'>, outcome: BotRequest['outcome']): void {
    this.requests.push({ ...request, outcome });
    const met = this.#waiters.filter(({ isMet }) => isMet());
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const { resolve } of met) resolve();
  }

  #waitUntil(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ isMet, resolve }));
  }
}

function toBotEvent(body: unknown): BotEvent {
  if (isBotEvent(body)) return body;
  throw new TypeError('The bot sent something that is no event of a bot.');
}

function isBotEvent(body: unknown): body is BotEvent {
  if (typeof body !== 'object' || body === null) return false;
  const required = ['eventid', 'conversation_id', 'Timestamp'];
  return required.every((field) => typeof Reflect.get(body, field) === 'string');
}
