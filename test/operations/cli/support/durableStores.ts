import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newDatabase } from '../../../support/postgresServer';

/** An engine on which a bot and commands run side by side. */
export interface DurableEngine {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** A fresh store, as `WEBEX_CONNECT_STORE` names it. */
  make(): Promise<string>;
  dispose(): Promise<void>;
}

class SqliteEngine implements DurableEngine {
  readonly name = 'SQLite';
  #folders: string[] = [];

  async make(): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'webex-connect-command-'));
    this.#folders.push(folder);
    return `sqlite:${join(folder, 'bot.db')}`;
  }

  async dispose(): Promise<void> {
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

class PostgresEngine implements DurableEngine {
  readonly name = 'PostgreSQL';

  make(): Promise<string> {
    return newDatabase();
  }

  /** The databases go with the server. */
  async dispose(): Promise<void> {}
}

export const DURABLE_ENGINES: readonly DurableEngine[] = [new SqliteEngine(), new PostgresEngine()];
