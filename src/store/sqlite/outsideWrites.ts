import { integer } from './driver/row';
import type { SqliteDriver, SqliteStatement } from './driver/sqliteDriver';

/** Milliseconds between looks. */
const IDLE_MS = 1000;
/** While an operator is at work, who waits for an answer to the first command before the second. */
const BUSY_MS = 50;
const BUSY_LOOKS = 40;

/**
 * Notices when another process has written to the database and left something to do. SQLite tells nobody of a write,
 * but it counts them: a look costs a glance at the file's header. The timers keep no process alive.
 */
export class OutsideWrites {
  readonly #version: SqliteStatement;
  readonly #hasWork: () => boolean;
  readonly #listener: () => void;
  #seen: number | undefined;
  #busyLooks = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param hasWork Whether something is to be done; asked when others have written.
   * @param listener Told then, and again until nothing is left.
   */
  constructor(driver: SqliteDriver, hasWork: () => boolean, listener: () => void) {
    this.#version = driver.prepare('PRAGMA data_version');
    this.#hasWork = hasWork;
    this.#listener = listener;
    this.#look();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    // Set first: whom it tells may stop it.
    this.#timer = setTimeout(() => this.#look(), this.#busyLooks > 0 ? BUSY_MS : IDLE_MS);
    this.#timer.unref();
    this.#busyLooks = Math.max(this.#busyLooks - 1, 0);
    try {
      if (!this.#isWrittenTo()) return;
      if (this.#hasWork()) {
        // What could not be done now is looked at again.
        this.#seen = undefined;
        this.#busyLooks = BUSY_LOOKS;
        this.#listener();
      }
    } catch {
      // The database cannot be read at the moment; there will be another look.
      this.#seen = undefined;
    }
  }

  #isWrittenTo(): boolean {
    const row = this.#version.get();
    const version = row === undefined ? 0 : integer(row, 'data_version');
    if (version === this.#seen) return false;
    this.#seen = version;
    return true;
  }
}
