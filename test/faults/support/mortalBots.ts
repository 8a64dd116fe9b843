import { BotProcess, type BotProcessSettings } from './botProcess';

/** Kills at random instants. */
export interface RandomKills {
  readonly kills: number;
  /** Milliseconds that a process lives at least and at most. */
  readonly life: readonly [number, number];
  readonly random: () => number;
}

/** The replicas of a bot, each of which may die and is then started again. */
export class MortalBots {
  readonly #settings: BotProcessSettings;
  readonly #replicas: number;
  readonly #running = new Map<number, BotProcess>();
  #asked = 0;

  constructor(settings: BotProcessSettings, replicas: number) {
    this.#settings = settings;
    this.#replicas = replicas;
  }

  /** Where they are at the moment; empty while all are down. */
  urls(): readonly string[] {
    return [...this.#running.values()].map(({ url }) => url);
  }

  /** Where one of them is: another one each time. */
  readonly nextUrl = (): readonly string[] => {
    const urls = this.urls();
    const url = urls[this.#asked++ % Math.max(urls.length, 1)];
    return url === undefined ? [] : [url];
  };

  get(slot: number): BotProcess {
    const process = this.#running.get(slot % this.#replicas);
    if (process === undefined) throw new Error('the bot is not running');
    return process;
  }

  /** Starts all that do not run. */
  async start(): Promise<void> {
    await Promise.all(this.#slots().map((slot) => this.#startAt(slot)));
  }

  /** Takes note of a process that has died of itself; `start` replaces it. */
  forget(dead: BotProcess): void {
    for (const [slot, process] of this.#running) if (process === dead) this.#running.delete(slot);
  }

  /** Kills each again and again; resolves when there were enough kills, and all run. */
  async killAtRandom({ kills, life: [least, most], random }: RandomKills): Promise<void> {
    let killed = 0;
    const liveAndDie = async (slot: number) => {
      for (;;) {
        const process = await this.#startAt(slot);
        await new Promise((resolve) => setTimeout(resolve, least + random() * (most - least)));
        if (killed >= kills) return;
        killed++;
        this.#running.delete(slot);
        await process.kill('SIGKILL');
      }
    };
    await Promise.all(this.#slots().map(liveAndDie));
  }

  async stop(): Promise<void> {
    for (const process of this.#running.values()) await process.kill('SIGTERM');
    this.#running.clear();
  }

  #slots(): number[] {
    return Array.from({ length: this.#replicas }, (_, slot) => slot);
  }

  async #startAt(slot: number): Promise<BotProcess> {
    const running = this.#running.get(slot);
    if (running !== undefined) return running;
    const process = await BotProcess.start(this.#settings);
    if (process === undefined) throw new Error('the bot did not start');
    this.#running.set(slot, process);
    return process;
  }
}
