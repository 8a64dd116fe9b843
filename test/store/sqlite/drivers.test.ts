import assert from 'node:assert/strict';
import { SqliteStore } from '../../../src/sqlite';
import { openLibsql } from '../../../src/store/sqlite/driver/libsqlDriver';
import { hasNodeSqlite, openNodeSqlite } from '../../../src/store/sqlite/driver/nodeSqliteDriver';
import { integer, optionalInteger, optionalText, text } from '../../../src/store/sqlite/driver/row';
import type { OpenDriver } from '../../../src/store/sqlite/driver/sqliteDriver';
import { resultCode } from '../../../src/store/sqlite/failure';
import { describeStorageContract } from '../storageContract';
import { describeStoreContract } from '../storeContract';

const drivers: [name: string, open: OpenDriver][] = [['libsql', openLibsql]];
if (hasNodeSqlite()) drivers.push(['node:sqlite', openNodeSqlite]);

for (const [name, open] of drivers) {
  describe(`The driver on ${name}`, () => {
    it('runs statements, and binds and reads values', () => {
      const driver = open(':memory:');
      driver.exec('CREATE TABLE t (a INTEGER, b TEXT) STRICT; CREATE TABLE u (c)');
      const insert = driver.prepare('INSERT INTO t (a, b) VALUES (?, ?)');
      assert.equal(insert.run(Number.MAX_SAFE_INTEGER, 'çà 😀'), 1);
      assert.equal(insert.run(null, null), 1);
      const [first, second] = driver.prepare('SELECT a, b FROM t').all();
      assert.ok(first && second);
      assert.deepEqual([integer(first, 'a'), text(first, 'b')], [Number.MAX_SAFE_INTEGER, 'çà 😀']);
      assert.deepEqual([optionalInteger(second, 'a'), optionalText(second, 'b')], [undefined, undefined]);
      assert.throws(() => text(first, 'a'), TypeError);
      assert.throws(() => integer(first, 'b'), TypeError);
      assert.equal(driver.prepare('SELECT a FROM t WHERE b = ?').get('none'), undefined);
      assert.equal(driver.prepare('UPDATE t SET a = 1').run(), 2);
      driver.close();
    });

    it('names the row that was inserted, and none where a conflict left it out', () => {
      const driver = open(':memory:');
      driver.exec('CREATE TABLE t (seq INTEGER PRIMARY KEY, a TEXT UNIQUE) STRICT');
      const insert = driver.prepare('INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO NOTHING');
      assert.deepEqual([insert.insert('x'), insert.insert('x'), insert.insert('y')], [1, undefined, 2]);
      driver.close();
    });

    it('goes on with a statement that has failed', () => {
      const driver = open(':memory:');
      driver.exec('CREATE TABLE t (a INTEGER NOT NULL) STRICT');
      const insert = driver.prepare('INSERT INTO t (a) VALUES (?) RETURNING a');
      for (const how of ['get', 'run', 'insert', 'all'] as const) {
        assert.throws(() => insert[how](0.5), /INTEGER/);
        assert.equal(insert.get(1)?.a, 1, `after ${how}`);
        assert.deepEqual(
          insert.all(2).map((row) => integer(row, 'a')),
          [2],
          `after ${how}`,
        );
      }
      assert.equal(driver.prepare('SELECT COUNT(*) AS n FROM t').get()?.n, 8);
      driver.close();
    });

    it('tells what went wrong by SQLite’s own code', () => {
      const driver = open(':memory:');
      driver.exec('CREATE TABLE t (a INTEGER UNIQUE)');
      const insert = driver.prepare('INSERT INTO t (a) VALUES (1)');
      insert.run();
      assert.throws(
        () => insert.run(),
        (error) => resultCode(error) === 19,
      );
      assert.equal(resultCode(new Error('of another kind')), undefined);
      driver.close();
    });
  });
}

// The other tests run on what this Node has, which is what users get; this one on what they do not get.
if (hasNodeSqlite()) {
  const make = async () => new SqliteStore(':memory:', { openDriver: openLibsql });
  describeStoreContract('SqliteStore on libsql', make, { runs: 20 });
  describeStorageContract('SqliteStore on libsql', make);
}
