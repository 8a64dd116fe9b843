import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StoreInUseError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import { openDriver } from '../../../src/store/sqlite/driver/openDriver';
import { SqliteOnlooker } from '../../../src/store/sqlite/onlooker';
import { present } from '../../support/present';
import { claimBy, WEBHOOK } from '../../support/storeSamples';
import { acceptAll } from '../../support/storeSteps';
import { temporaryFiles } from './support/temporaryFolder';

const SCRIPT = join(__dirname, 'support', 'writeUntilKilled.ts');

/** Runs `writeUntilKilled.ts` on a database. */
function startWriter(path: string): ChildProcess {
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  return spawn(process.execPath, ['--no-warnings', '--import', 'tsx', SCRIPT, path], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Reads what a writer has been told is stored until there are `count` lines, and kills it then. */
async function killAfter(writer: ChildProcess, count: number): Promise<string[]> {
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: present(writer.stdout ?? undefined) })) {
    acknowledged.push(line);
    if (acknowledged.length === count) writer.kill('SIGKILL');
  }
  return acknowledged;
}

describe('A SqliteStore and another process', () => {
  const file = temporaryFiles();

  it('owns its database alone: another store of this process is refused, and opens when it is given up', async () => {
    const path = file();
    const [first, second] = [new SqliteStore(path), new SqliteStore(path, { patienceMs: 0 })];
    await first.open();
    await assert.rejects(second.open(), (error: StoreInUseError) => {
      assert.ok(error instanceof StoreInUseError);
      assert.equal(error.code, 'WEBEX_CONNECT_STORE_IN_USE');
      return error.message.includes(path);
    });
    await acceptAll(first, 'c', ['e']);
    await first.close();
    await second.open();
    assert.equal((await second.stats()).waitingEvents, 1);
    await second.close();
  });

  it('waits a moment for an owner that is about to go', async () => {
    const path = file();
    const [first, second] = [new SqliteStore(path), new SqliteStore(path)];
    await first.open();
    const opening = second.open();
    await first.close();
    await opening;
    await second.close();
  });

  it('says who it is that owns the database, as long as it does', async () => {
    const path = file();
    const store = new SqliteStore(path);
    await store.open();
    const onlooker = new SqliteOnlooker(path);
    const [owner] = await onlooker.users();
    assert.deepEqual({ ...owner, since: 0 }, { role: 'bot', host: hostname(), pid: process.pid, since: 0 });
    await store.close();
    assert.deepEqual(await onlooker.users(), []);
    await onlooker.close();
  });

  it('lets two stores in memory be', async () => {
    const [first, second] = [new SqliteStore(':memory:'), new SqliteStore(':memory:')];
    await first.open();
    await second.open();
    await acceptAll(first, 'c', ['e']);
    assert.equal((await second.stats()).waitingEvents, 0);
    await first.close();
    await second.close();
  });

  it('lets others read, and keep bot state, beside the owner', async () => {
    const path = file();
    const [owner, other] = [new SqliteStore(path), new SqliteStore(path)];
    await owner.open();
    await acceptAll(owner, 'c', ['e']);
    const reader = openDriver(path);
    assert.equal(reader.prepare('SELECT COUNT(*) AS n FROM inbox').get()?.n, 1);
    reader.close();
    await other.write({ k: { n: 1 } });
    assert.equal((await owner.read(['k'])).k.n, 1);
    await other.close();
    await owner.close();
  });

  it('keeps what it acknowledged when the process is killed, and gives the database to the next', async () => {
    const path = file();
    const writer = startWriter(path);
    const stdout = present(writer.stdout ?? undefined);
    await once(stdout, 'readable');
    const store = new SqliteStore(path, { patienceMs: 0 });
    await assert.rejects(store.open(), StoreInUseError);

    const exited = once(writer, 'exit');
    const acknowledged = await killAfter(writer, 200);
    await exited;
    await store.open();
    const turns = await store.claimTurns(10_000, claimBy('a'));
    const sends = await store.claimSends(WEBHOOK, 10_000, claimBy('a'));
    const stored = new Set([
      ...turns.map(({ event }) => event.id),
      ...sends.map(({ message }) => message.id),
    ]);
    assert.ok(acknowledged.length >= 200);
    assert.deepEqual(
      acknowledged.filter((id) => !stored.has(id)),
      [],
      'what was acknowledged is missing',
    );
    assert.ok(
      sends.every(({ message, attempt }) => message.ambiguousAttempts === 1 && attempt === 2),
      'it was being sent when the process was killed',
    );
    await store.close();
  });
});
