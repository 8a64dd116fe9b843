import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../support/postgresServer';

/** A store that the fault tests put a bot on. */
export interface StoreUnderFault {
  readonly name: string;
  /** A fresh and empty store, for `BotProcess`. */
  make(): Promise<{ readonly store: string; readonly postgres?: object }>;
  /** Removes what `make` has made. */
  dispose(): Promise<void>;
}

class SqliteUnderFault implements StoreUnderFault {
  readonly name = 'SQLite';
  #folders: string[] = [];

  async make() {
    const folder = await mkdtemp(join(tmpdir(), 'webex-connect-faults-'));
    this.#folders.push(folder);
    return { store: `sqlite:${join(folder, 'bot.db')}` };
  }

  async dispose() {
    await Promise.all(this.#folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

class PostgresUnderFault implements StoreUnderFault {
  readonly name = 'PostgreSQL';

  async make() {
    const connectionString = await startPostgres();
    return {
      store: 'postgres:',
      postgres: { connectionString, schema: `faults_${randomUUID().replaceAll('-', '')}` },
    };
  }

  /** The schemas go with the server. */
  async dispose() {}
}

/** The durable stores. */
export const STORES: readonly StoreUnderFault[] = [new SqliteUnderFault(), new PostgresUnderFault()];
