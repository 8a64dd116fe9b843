import assert from 'node:assert/strict';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { openDriver } from '../../../src/store/sqlite/driver/openDriver';
import { SqliteStore } from '../../../src/store/sqlite/sqliteStore';
import { acceptAt, newEvent } from '../../support/storeSamples';
import { temporaryFiles } from './support/temporaryFolder';

const NOW = Date.UTC(2026, 2, 9, 2);

/** What docs/operations.md tells people to do. */
describe('A backup of a SQLite file', () => {
  const file = temporaryFiles();

  async function accept(store: SqliteStore, ...ids: string[]): Promise<void> {
    for (const id of ids) await store.accept(newEvent('c', id, { receivedAt: NOW }), acceptAt(NOW));
  }

  /** Puts a backup in the place of what is there, and opens it. */
  async function restored(backup: string): Promise<SqliteStore> {
    const path = file();
    for (const end of ['', '-wal']) {
      if (existsSync(backup + end)) copyFileSync(backup + end, path + end);
    }
    const store = new SqliteStore(path);
    await store.open();
    return store;
  }

  async function waitingOf(store: SqliteStore): Promise<number> {
    try {
      return (await store.stats()).waitingEvents;
    } finally {
      await store.close();
    }
  }

  it('is made by VACUUM INTO while the bot runs, and holds what was stored by then', async () => {
    const path = file();
    const store = new SqliteStore(path);
    await store.open();
    await accept(store, 'one', 'two');
    const backup = `${path}-backup`;
    const beside = openDriver(path);
    beside.exec(`VACUUM INTO '${backup}'`);
    beside.close();
    await accept(store, 'three');
    assert.equal(await waitingOf(store), 3);
    assert.equal(await waitingOf(await restored(backup)), 2);
  });

  it('is a copy of the file with its -wal while no bot runs', async () => {
    const path = file();
    const store = new SqliteStore(path);
    await store.open();
    await accept(store, 'one', 'two');
    // As a process that was killed leaves it: all of it is in the -wal.
    const left = file();
    for (const end of ['', '-wal']) copyFileSync(path + end, left + end);
    await store.close();
    assert.equal(await waitingOf(await restored(left)), 2);
    rmSync(`${left}-wal`);
    assert.equal(await waitingOf(await restored(left)), 0, 'the file alone is not the backup');
  });
});
