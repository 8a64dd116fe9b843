import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type DeliveryStore, MemoryStore } from '../../../src';
import { PostgresStore } from '../../../src/postgres';
import { SqliteStore } from '../../../src/sqlite';
import { insideStore } from '../../operations/cli/support/insideStore';
import { query, startPostgres } from '../../support/postgresServer';
import { SECRETS } from './canaries';
import { type Cell, type ColumnsForWords, POSTGRES_COLUMNS, SQLITE_COLUMNS } from './columns';

/** Words that a database of a test refuses, each in another table. */
export const POISON = {
  inbox: 'PoisonForInbox',
  outbox: 'PoisonForOutbox',
  transcript: 'PoisonForTranscript',
};

/** A database, or what stands in for one, through several lives of a bot. */
export interface Engine {
  readonly name: string;
  /** As `WEBEX_CONNECT_STORE` names it; `undefined` where no other process can see it. */
  readonly place: string | undefined;
  readonly columns: ColumnsForWords;
  /** What has been stored outlives a store object. */
  openStore(): DeliveryStore;
  /** Every value of every table. */
  cells(): Promise<readonly Cell[]>;
  /** The bytes of its files, where they are ours to read. */
  files(): readonly Buffer[];
  dispose(): Promise<void>;
}

/** Makes an engine that is empty, and refuses {@link POISON}. */
export type MakeEngine = () => Promise<Engine>;

export const ENGINES: Readonly<Record<'MemoryStore' | 'SqliteStore' | 'PostgresStore', MakeEngine>> = {
  MemoryStore: async () => {
    const store = new MemoryStore();
    return {
      name: 'MemoryStore',
      place: undefined,
      columns: {},
      openStore: () => store,
      cells: async () => [],
      files: () => [],
      dispose: async () => {},
    };
  },

  SqliteStore: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webex-connect-privacy-'));
    const path = join(folder, 'bot.db');
    const place = `sqlite:${path}`;
    await makeTables(new SqliteStore(path));
    for (const [table, column, word] of REFUSALS) {
      await insideStore(
        place,
        `CREATE TRIGGER refuse_${table} BEFORE INSERT ON ${table} WHEN NEW.${column} LIKE '%${word}%'
          BEGIN SELECT RAISE(ABORT, 'refused'); END`,
      );
    }
    return {
      name: 'SqliteStore',
      place,
      columns: SQLITE_COLUMNS,
      openStore: () => new SqliteStore(path),
      async cells() {
        const tables = await insideStore(place, "SELECT name FROM sqlite_master WHERE type = 'table'");
        return readTables(place, tables.map(nameOf));
      },
      files: () => readdirSync(folder).map((file) => readFileSync(join(folder, file))),
      dispose: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },

  PostgresStore: async () => {
    const url = new URL(await startPostgres());
    const name = `privacy_${randomUUID().replaceAll('-', '')}`;
    await query(`CREATE ROLE ${name} LOGIN PASSWORD '${SECRETS.databasePassword}'`);
    await query(`CREATE DATABASE ${name} OWNER ${name}`);
    Object.assign(url, { username: name, password: SECRETS.databasePassword, pathname: `/${name}` });
    const place = url.href;
    await makeTables(new PostgresStore(place));
    for (const [table, column, word] of REFUSALS) {
      // What a server says of a row that it refuses quotes the row.
      await insideStore(
        place,
        `CREATE FUNCTION refuse_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          RAISE EXCEPTION 'refused: %', NEW.${column} USING ERRCODE = '23514', DETAIL = NEW.${column};
        END $$`,
      );
      await insideStore(
        place,
        `CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW
          WHEN (NEW.${column} LIKE '%${word}%') EXECUTE FUNCTION refuse_${table}()`,
      );
    }
    return {
      name: 'PostgresStore',
      place,
      columns: POSTGRES_COLUMNS,
      openStore: () => new PostgresStore(place),
      async cells() {
        const tables = await insideStore(
          place,
          "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'webex_connect'",
        );
        return readTables(place, tables.map(nameOf));
      },
      files: () => [],
      dispose: async () => {
        await query(`DROP DATABASE ${name} WITH (FORCE)`);
        await query(`DROP ROLE ${name}`);
      },
    };
  },
};

const REFUSALS = [
  ['inbox', 'payload', POISON.inbox],
  ['outbox', 'body', POISON.outbox],
  ['transcript_activities', 'activity', POISON.transcript],
] as const;

async function makeTables(store: SqliteStore | PostgresStore): Promise<void> {
  await store.open();
  await store.close();
}

async function readTables(place: string, tables: readonly string[]): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const table of tables) {
    for (const row of await insideStore(place, `SELECT * FROM "${table}"`)) {
      for (const [column, value] of Object.entries(row)) cells.push({ column: `${table}.${column}`, value });
    }
  }
  return cells;
}

function nameOf(row: unknown): string {
  return z.object({ name: z.string() }).parse(row).name;
}
