import assert from 'node:assert/strict';
import { StoreInUseError, StoreSchemaError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import { openDriver } from '../../../src/store/sqlite/driver/openDriver';
import { migrate, SCHEMA_VERSION, versionOf } from '../../../src/store/sqlite/migrations/migrate';
import { migrations } from '../../../src/store/sqlite/migrations/migrations';
import { takeOwnership } from '../../../src/store/sqlite/ownership';
import { temporaryFiles } from './support/temporaryFolder';

describe('Migrations of SQLite', () => {
  const file = temporaryFiles();

  it('are numbered from 1, without gaps', () => {
    assert.deepEqual(
      migrations.map(({ version }) => version),
      migrations.map((_, index) => index + 1),
    );
  });

  it('are applied once each, those that are missing', () => {
    const driver = openDriver(':memory:');
    const steps = [1, 2, 3].map((version) => ({ version, sql: `CREATE TABLE t${version} (x)` }));
    migrate(driver, 'x', steps.slice(0, 2));
    migrate(driver, 'x', steps);
    migrate(driver, 'x', steps);
    assert.equal(driver.prepare('PRAGMA user_version').get()?.user_version, 3);
    assert.equal(driver.prepare('SELECT COUNT(*) AS n FROM sqlite_schema').get()?.n, 3);
    driver.close();
  });

  it('are applied as a whole or not at all', () => {
    const driver = openDriver(':memory:');
    const broken = { version: 1, sql: 'CREATE TABLE t (x); CREATE TABLE t (y)' };
    assert.throws(() => migrate(driver, 'x', [broken]), /already exists/);
    assert.equal(driver.prepare('PRAGMA user_version').get()?.user_version, 0);
    assert.equal(driver.prepare('SELECT COUNT(*) AS n FROM sqlite_schema').get()?.n, 0);
    migrate(driver, 'x', [{ version: 1, sql: 'CREATE TABLE t (x)' }]);
    driver.close();
  });

  it('wait for an older version that still delivers, and leave its database as it is', async () => {
    const path = file();
    const version = () => {
      const driver = openDriver(path);
      try {
        return versionOf(driver);
      } finally {
        driver.close();
      }
    };
    const older = openDriver(path);
    migrate(older, path, migrations.slice(0, -1));
    const release = takeOwnership(openDriver, path);
    const store = new SqliteStore(path, { patienceMs: 0 });
    await assert.rejects(store.open(), StoreInUseError);
    assert.equal(version(), SCHEMA_VERSION - 1);
    older.close();
    release();
    await store.open();
    assert.equal(version(), SCHEMA_VERSION);
    await store.close();
  });

  it('refuse a database of a newer schema, and leave it as it is', async () => {
    const path = file();
    const newer = openDriver(path);
    newer.exec('PRAGMA user_version = 1000');
    newer.close();
    const store = new SqliteStore(path);
    await assert.rejects(store.open(), (error: StoreSchemaError) => {
      assert.ok(error instanceof StoreSchemaError);
      assert.equal(error.code, 'WEBEX_CONNECT_STORE_SCHEMA');
      return error.message.includes('1000') && error.message.includes(path);
    });
    const after = openDriver(path);
    assert.equal(after.prepare('PRAGMA user_version').get()?.user_version, 1000);
    after.close();
  });
});
