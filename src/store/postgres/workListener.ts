import type { Client } from 'pg';
import { attendanceLock, sessionName } from './attendance';
import { connectionSettings, queryTimeoutMs } from './connection';
import { loadPg } from './loadPg';
import type { PostgresStoreSettings } from './postgresStoreOptions';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** A connection whose other end has vanished says nothing: it is asked now and then. */
const PING_MS = 15_000;

/** What was heard on a channel, and who has said it. */
export interface Notice {
  readonly channel: string;
  readonly sender: string | undefined;
}

/**
 * Listens on a connection of its own, and makes a new one whenever that breaks. Only bots listen, and so this is also
 * how they are known to run.
 */
export class WorkListener {
  readonly #settings: PostgresStoreSettings;
  readonly #channels: readonly string[];
  readonly #onNotice: (notice: Notice | undefined) => void;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #isStopped = false;

  /** @param onNotice Given what was heard; `undefined` when anything may have been missed. */
  constructor(
    settings: PostgresStoreSettings,
    channels: readonly string[],
    onNotice: (notice: Notice | undefined) => void,
  ) {
    this.#settings = settings;
    this.#channels = channels;
    this.#onNotice = onNotice;
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
      application_name: sessionName(),
    });
    this.#client = client;
    client.on('error', () => this.#reconnect(client));
    client.on('end', () => this.#reconnect(client));
    client.on('notification', ({ channel, payload }) => this.#onNotice({ channel, sender: payload }));
    try {
      await client.connect();
      await client.query(this.#channels.map((channel) => `LISTEN "${channel}"`).join('; '));
      const lock = attendanceLock(this.#settings.schema);
      await client.query('SELECT pg_advisory_lock_shared(hashtextextended($1, 0))', [lock]);
    } catch {
      this.#reconnect(client);
      return;
    }
    if (this.#client !== client) return;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#ping(client);
    // What came while nobody listened.
    this.#onNotice(undefined);
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
