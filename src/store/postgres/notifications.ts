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
  readonly #self = randomUUID();
  readonly #listeners = new Set<() => void>();
  #listener: WorkListener | undefined;
  #pause: NodeJS.Timeout | undefined;
  #hasMore = false;

  constructor(database: Database, settings: PostgresStoreSettings) {
    this.#database = database;
    this.#settings = settings;
    this.#channel = `${settings.schema}_work`;
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

  watch(listener: () => void): () => void {
    // A function of its own, so that one who watches twice is told twice and can stop once.
    const told = () => listener();
    this.#listeners.add(told);
    this.#listen();
    return () => {
      this.#listeners.delete(told);
      if (this.#listeners.size === 0) this.#stopListening();
    };
  }

  open(): void {
    if (this.#listeners.size > 0) this.#listen();
  }

  close(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#hasMore = false;
    this.#stopListening();
  }

  #listen(): void {
    if (this.#listener !== undefined || !this.#database.isOpen) return;
    this.#listener = new WorkListener(this.#settings, this.#channel, (sender) => {
      if (sender === this.#self) return;
      for (const listener of this.#listeners) listener();
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
    this.#database
      .query({ name: 'notify', text: 'SELECT pg_notify($1, $2)' }, [this.#channel, this.#self])
      .catch(() => {});
  }
}
