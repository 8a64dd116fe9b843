import type { DeliveryStore } from '../../src';
import type { BotSetup } from './botProtocol';
import { built } from './built';

const { MemoryStore } = built.index;
const { SqliteStore } = built.sqlite;
const { PostgresStore } = built.postgres;

/** The store of one of ours, and how many transactions it has committed, where it can tell. */
export function openStore({ contender, store }: BotSetup): {
  readonly store: DeliveryStore;
  readonly commits: () => number | undefined;
} {
  if (contender === 'memory') return { store: new MemoryStore(), commits: () => undefined };
  if (store === undefined) throw new Error(`'${contender}' needs a place for its store.`);
  if (contender === 'sqlite') {
    const sqlite = new SqliteStore(store.location);
    return { store: sqlite, commits: () => sqlite.commits };
  }
  const postgres = new PostgresStore({ connectionString: store.location, schema: store.schema });
  return { store: postgres, commits: () => undefined };
}
