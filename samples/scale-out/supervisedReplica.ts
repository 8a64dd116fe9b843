import { setTimeout as wait } from 'node:timers/promises';
import { type BotEnd, BotProcess } from '../support/botProcess';
import type { Backend } from './roundRobinProxy';

/** Time enough to see the others take over. */
export const STARTS_AGAIN_AFTER_MS = 15_000;

const LOOKS_EVERY_MS = 250;
const ANSWERS_WITHIN_MS = 1000;

/** What a replica is given, and who is told of its end. */
export interface ReplicaSettings {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Called when the process has ended, and nobody has called `stop`. */
  readonly onEnd: (replica: SupervisedReplica, end: BotEnd) => void;
}

/** A replica that is asked for its health, and started again when it is gone, as Kubernetes would. */
export class SupervisedReplica implements Backend {
  readonly name: string;
  readonly #settings: ReplicaSettings;
  readonly #stopped = new AbortController();
  readonly #life: Promise<void>;
  #process: BotProcess;
  #url: string | undefined;
  #isReady = false;

  constructor(settings: ReplicaSettings) {
    this.#settings = settings;
    this.name = settings.name;
    this.#process = this.#start();
    this.#life = this.#live();
  }

  get url(): string | undefined {
    return this.#url;
  }

  /** Whether `GET /health/ready` was answered 200 when it was asked last. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Resolves when it is ready for the first time. Rejects when it ends before. */
  async whenReady(): Promise<void> {
    let end: BotEnd | undefined;
    void this.#process.ended.then((how) => {
      end = how;
    });
    while (!this.#isReady) {
      if (end !== undefined)
        throw new Error(`${this.name} could not start: it ended with ${end}; see above.`);
      await wait(LOOKS_EVERY_MS);
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#process.stop();
    await this.#life;
  }

  #start(): BotProcess {
    const { name, environment } = this.#settings;
    const bot = new BotProcess({ file: 'samples/scale-out/replica.ts', args: [name], environment });
    void bot.listening.then((url) => {
      this.#url = url;
    });
    return bot;
  }

  async #live(): Promise<void> {
    const { signal } = this.#stopped;
    const looking = setInterval(() => this.#look(), LOOKS_EVERY_MS);
    while (!signal.aborted) {
      const end = await this.#process.ended;
      this.#url = undefined;
      this.#isReady = false;
      if (signal.aborted) break;
      this.#settings.onEnd(this, end);
      await wait(STARTS_AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) this.#process = this.#start();
    }
    clearInterval(looking);
  }

  async #look(): Promise<void> {
    const url = this.#url;
    if (url === undefined) return;
    const isReady = await fetch(new URL('/health/ready', url), {
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    })
      .then((answer) => answer.ok)
      .catch(() => false);
    // It may have ended meanwhile.
    if (url === this.#url) this.#isReady = isReady;
  }
}
