import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { StoreUnavailableError } from '../../../src/errors';
import { PostgresStore } from '../../../src/postgres';
import { postgresServer } from '../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { signal } from '../../support/signal';
import { acceptAt, newEvent } from '../../support/storeSamples';

function isUnavailable(error: unknown): boolean {
  assert.ok(error instanceof StoreUnavailableError, inspect(error));
  assert.equal(error.code, 'WEBEX_CONNECT_STORE_UNAVAILABLE');
  return true;
}

describe('When PostgreSQL is away', () => {
  it('open fails with a code, and works when it is tried again', async function () {
    const { url, control } = await postgresServer();
    if (control === undefined) this.skip();
    const store = new PostgresStore({ connectionString: url, schema: newSchema() });
    await control.stop();
    try {
      await assert.rejects(store.open(), isUnavailable);
    } finally {
      await control.start();
    }
    await store.open();
    await store.close();
  });

  it('operations fail with a code, nothing crashes, and all goes on when it is back', async function () {
    const { control } = await postgresServer();
    if (control === undefined) this.skip();
    const schema = newSchema();
    const [store, other] = [await makePostgresStore({ schema }), await makePostgresStore({ schema })];
    await store.open();
    await other.open();
    let heard = signal();
    store.watch(() => heard.give());
    await heard.given;
    await store.accept(newEvent('c', 'before'), acceptAt(Date.now()));

    await control.stop();
    try {
      await assert.rejects(store.accept(newEvent('c', 'lost'), acceptAt(Date.now())), isUnavailable);
      await assert.rejects(store.stats(), isUnavailable);
      await assert.rejects(store.read(['key']), isUnavailable);
    } finally {
      heard = signal();
      await control.start();
    }

    // The listener has found its way back by itself, and says that something may have been missed.
    await heard.given;
    heard = signal();
    await other.accept(newEvent('c', 'after'), acceptAt(Date.now()));
    await heard.given;
    const [turn] = await store.claimTurns(10, { worker: 'a', now: Date.now(), leaseMs: 1000 });
    assert.equal(turn?.event.id, 'before');
    assert.equal((await store.stats()).waitingEvents, 2);
    await store.close();
    await other.close();
  });

  it('a server that answers nothing is given up in time', async () => {
    // Half-open: takes the connection and never says a word.
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    assert.ok(address !== null && typeof address === 'object');
    const store = new PostgresStore({
      connectionString: `postgres://bot:secret@127.0.0.1:${address.port}/bot`,
      connectTimeoutMs: 50,
    });
    await assert.rejects(store.open(), isUnavailable);
    await store.close();
    mute.close();
  });
});

describe('A statement that takes too long', () => {
  it('is given up, and has written nothing', async () => {
    const schema = newSchema();
    // Long enough for a busy machine: only what is held up may take longer.
    const store = await makePostgresStore({ schema, statementTimeoutMs: 1000 });
    await store.open();
    await store.accept(newEvent('c', 'first'), acceptAt(Date.now()));
    const { url } = await postgresServer();
    const holder = new Client({ connectionString: url });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(`SELECT * FROM ${schema}.lanes FOR UPDATE`);
      await assert.rejects(store.accept(newEvent('c', 'second'), acceptAt(Date.now())), isUnavailable);
      // Another conversation is not held up.
      assert.equal((await store.accept(newEvent('d', 'third'), acceptAt(Date.now()))).status, 'stored');
    } finally {
      await holder.end();
    }
    assert.equal((await store.stats()).waitingEvents, 2);
    await store.close();
  });
});

describe('The password', () => {
  const SECRET = 'h4rd-t0-gu3ss';

  async function errorOf(connectionString: string): Promise<string> {
    const store = new PostgresStore({ connectionString, connectTimeoutMs: 1000 });
    const error = await store.open().then(
      () => assert.fail('it opened'),
      (reason: unknown) => reason,
    );
    await store.close();
    assert.ok(error instanceof StoreUnavailableError);
    return inspect(error, { depth: 10, showHidden: true });
  }

  it('shows in no error, whatever is wrong', async () => {
    const { url } = await postgresServer();
    const wrongPassword = new URL(url);
    wrongPassword.password = SECRET;
    const urls = [
      wrongPassword.href,
      `postgres://bot:${SECRET}@127.0.0.1:1/bot`,
      `postgres://bot:${SECRET}@host.invalid/bot`,
      `postgres://bot:${SECRET}@127.0.0.1:no-port/bot`,
      `postgres://bot:${SECRET}@[::::]/bot`,
    ];
    for (const one of urls) assert.ok(!(await errorOf(one)).includes(SECRET), one);
  });

  it('is asked for, when it is wrong', async () => {
    const { url } = await postgresServer();
    const wrong = new URL(url);
    wrong.password = SECRET;
    assert.match(await errorOf(wrong.href), /refuses the login: check user, password/);
  });
});

describe('What a customer writes', () => {
  it('shows in no error, even when it cannot be stored', async () => {
    const store = await makePostgresStore();
    await store.open();
    const words = 'my card number';
    const event = newEvent('c', 'e', { payload: words, receivedAt: Number.NaN });
    const error = await store
      .accept({ ...event, receivedAt: 1.5 }, acceptAt(Date.now()))
      .catch((reason) => reason);
    assert.ok(error instanceof StoreUnavailableError);
    assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes(words));
    await store.close();
  });

  it('holds up no other, when it cannot be stored', async () => {
    const store = await makePostgresStore();
    await store.open();
    const [good, bad, alsoGood] = await Promise.allSettled(
      [1, 1.5, 2].map((receivedAt) =>
        store.accept(newEvent('c', `e${receivedAt}`, { receivedAt }), acceptAt(Date.now())),
      ),
    );
    assert.deepEqual([good?.status, bad?.status, alsoGood?.status], ['fulfilled', 'rejected', 'fulfilled']);
    await store.close();
  });
});
