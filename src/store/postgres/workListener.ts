import type { Client } from 'pg';
import { connectionSettings, queryTimeoutMs } from './connection';
import { loadPg } from './loadPg';
import type { PostgresStoreSettings } from './postgresStoreOptions';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** A connection whose other end has vanished says nothing: it is asked now and then. */
const PING_MS = 15_000;

/** Listens on a connection of its own, and makes a new one whenever that breaks. */
export class WorkListener {
  readonly #settings: PostgresStoreSettings;
  readonly #channel: string;
  readonly #onWork: (sender: string | undefined) => void;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #isStopped = false;

  /** @param onWork Given who has sent it; `undefined` when anything may have been missed. */
  constructor(
    settings: PostgresStoreSettings,
    channel: string,
    onWork: (sender: string | undefined) => void,
  ) {
    this.#settings = settings;
    this.#channel = channel;
    this.#onWork = onWork;
    void this.#connect();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  async #connect(): Promise<void> {
    const { Client } = loadPg();
    const client = new Client({
      ...connectionSettings(this.#settings),
      query_timeout: queryTimeoutMs(this.#settings),
    });
    this.#client = client;
    client.on('error', () => this.#reconnect(client));
    client.on('end', () => this.#reconnect(client));
    client.on('notification', ({ payload }) => this.#onWork(payload));
    try {
      await client.connect();
      await client.query(`LISTEN "${this.#channel}"`);
    } catch {
      this.#reconnect(client);
      return;
    }
    if (this.#client !== client) return;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#ping(client);
    // What came while nobody listened.
    this.#onWork(undefined);
  }

  #reconnect(client: Client): void {
    if (this.#client !== client) return;
    this.#drop();
    if (this.#isStopped) return;
    this.#setTimer(this.#pauseMs, () => this.#connect());
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #ping(client: Client): void {
    this.#setTimer(PING_MS, async () => {
      try {
        await client.query('SELECT 1');
        if (this.#client === client) this.#ping(client);
      } catch {
        this.#reconnect(client);
      }
    });
  }

  /** Nobody waits for these timers: they keep no process alive. */
  #setTimer(delayMs: number, callback: () => Promise<void>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void callback(), delayMs);
    this.#timer.unref();
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => {});
  }
}
