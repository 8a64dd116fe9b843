import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contender, isDurable } from '../contenders';
import type { LoadProtocol, LoadResult } from '../load/loadProtocol';
import { DatabaseServer, type ServerUsage } from '../measure/databaseServer';
import type { BotProtocol, StoreLocation } from '../processes/botProtocol';
import { Child } from '../processes/child';
import type { PlatformProtocol } from '../processes/platformProtocol';

/** Milliseconds for whatever may never end. */
const PATIENCE_MS = 600_000;

/** What a bot is served with. */
export interface Setting {
  readonly contender: Contender;
  readonly turnMs?: number;
  readonly oldRows?: number;
  readonly waitingEvents?: number;
  /** By default a new one. */
  readonly store?: StoreLocation | undefined;
}

/** A bot that is being served. */
export interface ServedBot {
  readonly contender: Contender;
  readonly process: Child<BotProtocol>;
  readonly url: string;
}

export interface ClosedLoad {
  readonly count: number;
  readonly connections: number;
  readonly conversations: number;
}

/** Load, bots and platform: a process each. */
export class Stage {
  readonly #platform: Child<PlatformProtocol>;
  readonly #load: Child<LoadProtocol>;
  readonly #platformUrl: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'webex-connect-bench-'));
  readonly #postgresUrl: () => Promise<string>;
  #databaseServer: DatabaseServer | undefined;
  #runs = 0;

  private constructor(
    platform: Child<PlatformProtocol>,
    load: Child<LoadProtocol>,
    platformUrl: string,
    postgresUrl: () => Promise<string>,
  ) {
    this.#platform = platform;
    this.#load = load;
    this.#platformUrl = platformUrl;
    this.#postgresUrl = postgresUrl;
  }

  /** @param postgresUrl Starts a PostgreSQL server when it is first asked. */
  static async open(postgresUrl: () => Promise<string>): Promise<Stage> {
    const platform = await Child.start<PlatformProtocol>('platform.ts');
    const load = await Child.start<LoadProtocol>('load.ts');
    const { url } = await platform.ask('listen', undefined);
    return new Stage(platform, load, url, postgresUrl);
  }

  async close(): Promise<void> {
    await Promise.all([this.#load.stop(), this.#platform.stop(), this.#databaseServer?.close()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async serve(setting: Setting): Promise<ServedBot> {
    const { contender, turnMs = 0, oldRows = 0, waitingEvents = 0 } = setting;
    const store = setting.store ?? (await this.newStore(contender));
    const process = await Child.start<BotProtocol>('bot.ts');
    const { url } = await process.ask('start', {
      contender,
      platformUrl: this.#platformUrl,
      store,
      turnMs,
      oldRows,
      waitingEvents,
    });
    return { contender, process, url };
  }

  /** Serves a bot for as long as it is measured. */
  async withBot<Result>(setting: Setting, measure: (bot: ServedBot) => Promise<Result>): Promise<Result> {
    const bot = await this.serve(setting);
    try {
      return await measure(bot);
    } finally {
      await bot.process.stop();
    }
  }

  async newStore(contender: Contender): Promise<StoreLocation | undefined> {
    if (!isDurable(contender)) return undefined;
    this.#runs += 1;
    const name = `bench_${this.#runs}`;
    if (contender === 'sqlite') return { location: join(this.#folder, `${name}.db`), schema: '' };
    return { location: await this.#postgresUrl(), schema: name };
  }

  /** What the server of its database has done so far; nothing for those that have none. */
  async serverUsage(contender: Contender): Promise<ServerUsage | undefined> {
    if (contender !== 'postgres') return undefined;
    return (await this.#server()).usage();
  }

  /** Lets what was written into a store come to rest: it stands for rows of days, not of the last minute. */
  async tidyUp(contender: Contender): Promise<void> {
    if (contender === 'postgres') await (await this.#server()).tidyUp();
  }

  /**
   * Sends messages as fast as they are answered, and waits for all replies.
   *
   * @returns Milliseconds from the first event to the last reply.
   */
  async echoAll(bots: readonly ServedBot[], load: ClosedLoad): Promise<number> {
    const [bot] = bots;
    if (bot === undefined) throw new Error('There is no bot to talk to.');
    await this.expectReplies();
    const loaded = await this.#load.ask('closed', {
      urls: bots.map(({ url }) => url),
      bodies: this.#bodies(bot.contender, load.conversations),
      count: load.count,
      connections: load.connections,
    });
    mustAllBeTaken(loaded, load.count);
    // Some answer with the reply, or have none.
    const endedAt = repliesByPost(bot.contender) ? await this.repliesUntil(load.count) : loaded.lastAt;
    return endedAt - loaded.firstAt;
  }

  /** Messages per second, when they are sent as in {@link echoAll}. */
  async speed(bots: readonly ServedBot[], load: ClosedLoad): Promise<number> {
    return (load.count * 1000) / (await this.echoAll(bots, load));
  }

  /** Sends messages at a fixed rate, and measures how long each waits for its answer. */
  async knock(bot: ServedBot, count: number, perSecond: number): Promise<LoadResult> {
    await this.expectReplies();
    const loaded = await this.#load.ask('open', {
      urls: [bot.url],
      bodies: this.#bodies(bot.contender, count),
      count,
      perSecond,
    });
    mustAllBeTaken(loaded, count);
    return loaded;
  }

  /** Forgets the replies that have come. */
  async expectReplies(): Promise<void> {
    await this.#platform.ask('expect', undefined);
  }

  /** @returns When the last of so many replies came. */
  async repliesUntil(count: number): Promise<number> {
    const { lastAt } = await this.#platform.ask('received', { count, withinMs: PATIENCE_MS });
    return lastAt;
  }

  async #server(): Promise<DatabaseServer> {
    this.#databaseServer ??= await DatabaseServer.connect(await this.#postgresUrl());
    return this.#databaseServer;
  }

  #bodies(contender: Contender, conversations: number) {
    this.#runs += 1;
    const run = `${process.pid}-${this.#runs}`;
    return { contender, conversations, run, serviceUrl: this.#platformUrl };
  }
}

function repliesByPost(contender: Contender): boolean {
  return contender !== 'restify' && contender !== 'peer';
}

function mustAllBeTaken({ statuses, failures }: LoadResult, count: number): void {
  const taken = Object.entries(statuses).filter(([status]) => status.startsWith('2'));
  const sum = taken.reduce((total, [, number]) => total + number, 0);
  if (sum === count) return;
  throw new Error(`${count} were sent, ${sum} taken: ${JSON.stringify({ statuses, failures })}`);
}
