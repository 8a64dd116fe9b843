import assert from 'node:assert/strict';
import { UsageError } from '../../../../src/operations/cli/args';
import { postgresName, readStoreLocation } from '../../../../src/operations/cli/store/storeLocation';

describe('The place of a store', () => {
  it('may be a SQLite file', () => {
    assert.deepEqual(readStoreLocation('sqlite:data/bot.db'), { kind: 'sqlite', path: 'data/bot.db' });
    assert.deepEqual(readStoreLocation('sqlite:/data/a b.db'), { kind: 'sqlite', path: '/data/a b.db' });
  });

  for (const connectionString of ['postgres://me:pw@db/bot', 'postgresql://db/bot?sslmode=require']) {
    it(`may be ${connectionString}`, () => {
      assert.deepEqual(readStoreLocation(connectionString), { kind: 'postgres', connectionString });
    });
  }

  const WRONG: readonly [string | undefined, RegExp][] = [
    [undefined, /Give --store, or set WEBEX_CONNECT_STORE/],
    ['', /Give --store, or set WEBEX_CONNECT_STORE/],
    ['memory:', /inside of the bot's process.*adapter\.deadLetters/],
    ['sqlite::memory:', /inside of the bot's process/],
    ['sqlite:', /must be 'sqlite:<path>'/],
    ['bot.db', /must be 'sqlite:<path>'/],
    ['mysql://me:secret@db/bot', /must be 'sqlite:<path>'/],
  ];
  for (const [text, expected] of WRONG) {
    it(`may not be ${text === undefined ? 'left out' : `'${text}'`}`, () => {
      assert.throws(
        () => readStoreLocation(text),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, expected);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        },
      );
    });
  }

  it('is shown without a password', () => {
    assert.equal(
      postgresName('postgres://me:secret@db.example.com:5432/bot?options=secret', 'webex_connect'),
      'PostgreSQL db.example.com:5432/bot, schema webex_connect',
    );
    assert.equal(postgresName('secret', 's'), 'PostgreSQL, schema s');
  });
});
