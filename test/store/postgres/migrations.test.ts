import assert from 'node:assert/strict';
import { StoreSchemaError } from '../../../src/errors';
import { MIGRATIONS } from '../../../src/store/postgres/migrations';
import { query } from '../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../support/postgresStores';

async function appliedIn(schema: string): Promise<unknown[]> {
  return (await query(`SELECT version FROM ${schema}.migrations ORDER BY version`)).map(
    ({ version }) => version,
  );
}

describe('The schema', () => {
  it('is numbered from 1 without gaps', () => {
    assert.deepEqual(
      MIGRATIONS.map(({ version }) => version),
      MIGRATIONS.map((_, index) => index + 1),
    );
  });

  it('is made once when several replicas start at once', async () => {
    const schema = newSchema();
    const stores = await Promise.all(Array.from({ length: 5 }, () => makePostgresStore({ schema })));
    try {
      await Promise.all(stores.map((store) => store.open()));
      assert.deepEqual(
        await appliedIn(schema),
        MIGRATIONS.map(({ version }) => version),
      );
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it('is found current by who opens later, or again', async () => {
    const schema = newSchema();
    for (const _ of ['first', 'second']) {
      const store = await makePostgresStore({ schema });
      await Promise.all([store.open(), store.open()]);
      await store.open();
      await store.close();
    }
    assert.equal((await appliedIn(schema)).length, MIGRATIONS.length);
  });

  it('of a newer version is refused, and left alone', async () => {
    const schema = newSchema();
    const store = await makePostgresStore({ schema });
    await store.open();
    await store.close();
    await query(`INSERT INTO ${schema}.migrations (version, name) VALUES ($1, 'of tomorrow')`, [
      MIGRATIONS.length + 1,
    ]);
    await assert.rejects(store.open(), (error) => {
      assert.ok(error instanceof StoreSchemaError);
      assert.equal(error.code, 'WEBEX_CONNECT_STORE_SCHEMA');
      assert.match(error.message, /newer version/);
      return true;
    });
    await store.close();
    assert.equal((await appliedIn(schema)).length, MIGRATIONS.length + 1);
  });

  it('is all or nothing: a migration that breaks off leaves none behind', async () => {
    const schema = newSchema();
    // Stands in the way of the last migration.
    await query(`CREATE SCHEMA ${schema}`);
    await query(`CREATE TABLE ${schema}.bot_state (id int)`);
    const store = await makePostgresStore({ schema });
    await assert.rejects(store.open(), { code: 'WEBEX_CONNECT_STORE_UNAVAILABLE' });
    const tables = await query('SELECT tablename FROM pg_tables WHERE schemaname = $1', [schema]);
    assert.deepEqual(tables, [{ tablename: 'bot_state' }]);

    await query(`DROP TABLE ${schema}.bot_state`);
    await store.open();
    await store.close();
  });

  it('stands beside others in one database, each with its own data', async () => {
    const [one, other] = [await makePostgresStore(), await makePostgresStore()];
    try {
      await one.write({ key: { of: 'one' } });
      assert.deepEqual(await other.read(['key']), {});
    } finally {
      await one.close();
      await other.close();
    }
  });
});
