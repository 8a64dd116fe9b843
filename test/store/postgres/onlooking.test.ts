import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { StoreSchemaError } from '../../../src/errors';
import type { PostgresStore } from '../../../src/postgres';
import { query } from '../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { signal } from '../../support/signal';

const PING = { kind: 'ping' } as const;
const soon = () => ({ now: Date.now(), expiresAfterMs: 60_000 });

describe('Who looks at a schema beside its bots', () => {
  let schema: string;
  let onlooker: PostgresStore;
  const opened: PostgresStore[] = [];

  beforeEach(async () => {
    schema = newSchema();
    onlooker = await makePostgresStore({ schema }, { onlooks: true });
  });
  afterEach(async () => {
    for (const store of [onlooker, ...opened.splice(0)]) await store.close();
  });

  async function open(): Promise<PostgresStore> {
    const store = await makePostgresStore({ schema });
    await store.open();
    opened.push(store);
    return store;
  }

  /** A bot: it watches for work. */
  async function startBot(): Promise<{ stop(): void }> {
    const store = await open();
    const listening = signal();
    const stop = store.watch(listening.give);
    await listening.given;
    return { stop };
  }

  async function untilRunning(count: number): Promise<void> {
    while ((await onlooker.users()).length !== count) await new Promise(setImmediate);
  }

  it('makes no schema', async () => {
    await assert.rejects(onlooker.open(), (error) => {
      assert.ok(error instanceof StoreSchemaError);
      assert.match(error.message, /has no schema 'test_.*A bot makes it/);
      return true;
    });
    assert.deepEqual(await query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]), []);
  });

  it('leaves the schema of another version as it is', async () => {
    await open();
    await query(
      `DELETE FROM ${schema}.migrations WHERE version = (SELECT max(version) FROM ${schema}.migrations)`,
    );
    await assert.rejects(onlooker.open(), /Use the version that the bot runs on/);
    await query(`INSERT INTO ${schema}.migrations (version, name) VALUES (1000, 'of tomorrow')`);
    await assert.rejects(onlooker.open(), StoreSchemaError);
  });

  it('knows which bots run, as they come and go', async () => {
    await open();
    await onlooker.open();
    assert.deepEqual(await onlooker.users(), [], 'who only has a store open is no bot');
    const [one, other] = [await startBot(), await startBot()];
    const users = await onlooker.users();
    assert.equal(users.length, 2);
    for (const { role, host, pid, since } of users) {
      assert.deepEqual([role, host, pid], ['bot', hostname(), process.pid]);
      assert.ok(since !== undefined && Math.abs(Date.now() - since) < 60_000);
    }
    one.stop();
    await untilRunning(1);
    other.stop();
    await untilRunning(0);
  });

  it('knows the bots of its own schema alone', async () => {
    await open();
    await onlooker.open();
    const stranger = await makePostgresStore();
    await stranger.open();
    const listening = signal();
    const stop = stranger.watch(listening.give);
    await listening.given;
    assert.deepEqual(await onlooker.users(), []);
    stop();
    await stranger.close();
  });

  it('knows that a bot has gone whose connection was cut', async () => {
    await open();
    await onlooker.open();
    await startBot();
    await query(
      `SELECT pg_terminate_backend(l.pid) FROM pg_locks l
        WHERE l.locktype = 'advisory' AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended($1, 0)`,
      [`webex-connect-bots:${schema}`],
    );
    await untilRunning(0);
    // It finds its way back by itself.
    await untilRunning(1);
  });

  it('is heard by one who attends, at once, and by nobody who looks for other work', async () => {
    const store = await open();
    const listening = signal();
    let works = 0;
    store.watch(() => {
      works++;
      listening.give();
    });
    await listening.given;
    let heard = signal();
    const end = store.operatorCommands.attend(() => heard.give());
    await heard.given;
    heard = signal();
    await onlooker.open();
    const before = works;
    await onlooker.operatorCommands.submit([{ id: 'c', command: PING }], soon());
    await heard.given;
    assert.equal(works, before);
    assert.deepEqual(
      (await store.operatorCommands.take(10, Date.now())).map(({ id }) => id),
      ['c'],
    );
    end();
  });
});
