import { randomUUID } from 'node:crypto';
import type { Database } from './database';
import type { PostgresStoreSettings } from './postgresStoreOptions';
import { WorkListener } from './workListener';

/** Other replicas are told of work at most this often. */
const PAUSE_MS = 25;

/**
 * Tells other replicas that there is work, and hears it from them. NOTIFY takes a lock of the whole database until
 * its transaction is committed, so it goes on its own, after the commit, once for all that has come meanwhile. A
 * notification that is lost with its process is made up for when the others look on their own.
 */
export class Notifications {
  readonly #database: Database;
  readonly #settings: PostgresStoreSettings;
  readonly #channel: string;
  readonly #commandChannel: string;
  readonly #self = randomUUID();
  readonly #listeners = new Set<() => void>();
  readonly #attendants = new Set<() => void>();
  #listener: WorkListener | undefined;
  #pause: NodeJS.Timeout | undefined;
  #hasMore = false;

  constructor(database: Database, settings: PostgresStoreSettings) {
    this.#database = database;
    this.#settings = settings;
    this.#channel = `${settings.schema}_work`;
    this.#commandChannel = `${settings.schema}_operator`;
  }

  /** There is work that anybody may do. */
  announce(): void {
    if (this.#pause !== undefined) {
      this.#hasMore = true;
      return;
    }
    this.#pause = setTimeout(() => this.#endPause(), PAUSE_MS);
    this.#pause.unref();
    this.#send();
  }

  /** An operator has left something. */
  async announceCommands(): Promise<void> {
    await this.#notify(this.#commandChannel);
    // A session does not hear itself as another would.
    for (const attendant of this.#attendants) attendant();
  }

  watch(listener: () => void): () => void {
    return this.#add(this.#listeners, listener);
  }

  /** Calls `listener` when an operator has left something, or may have. */
  attend(listener: () => void): () => void {
    const stop = this.#add(this.#attendants, listener);
    // For what was left while another listener was heard already.
    listener();
    return stop;
  }

  open(): void {
    if (this.#hasListeners) this.#listen();
  }

  get #hasListeners(): boolean {
    return this.#listeners.size + this.#attendants.size > 0;
  }

  #add(listeners: Set<() => void>, listener: () => void): () => void {
    // A function of its own, so that one who watches twice is told twice and can stop once.
    const told = () => listener();
    listeners.add(told);
    this.#listen();
    return () => {
      listeners.delete(told);
      if (!this.#hasListeners) this.#stopListening();
    };
  }

  close(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#hasMore = false;
    this.#stopListening();
  }

  #listen(): void {
    if (this.#listener !== undefined || !this.#database.isOpen) return;
    const channels = [this.#channel, this.#commandChannel];
    this.#listener = new WorkListener(this.#settings, channels, (notice) => {
      if (notice?.sender === this.#self) return;
      if (notice?.channel !== this.#commandChannel) for (const listener of this.#listeners) listener();
      if (notice?.channel !== this.#channel) for (const attendant of this.#attendants) attendant();
    });
  }

  #stopListening(): void {
    this.#listener?.stop();
    this.#listener = undefined;
  }

  #endPause(): void {
    this.#pause = undefined;
    if (!this.#hasMore) return;
    this.#hasMore = false;
    this.announce();
  }

  #send(): void {
    this.#notify(this.#channel).catch(() => {});
  }

  async #notify(channel: string): Promise<void> {
    await this.#database.query({ name: 'notify', text: 'SELECT pg_notify($1, $2)' }, [channel, this.#self]);
  }
}
