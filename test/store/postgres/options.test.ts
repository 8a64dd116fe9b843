import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { WebexConnectConfigurationError } from '../../../src/errors';
import { PostgresStore } from '../../../src/postgres';
import { readPostgresStoreOptions } from '../../../src/store/postgres/postgresStoreOptions';

const SECRET = 'h4rd-t0-gu3ss';
const URL = `postgres://bot:${SECRET}@127.0.0.1:1/bot`;

function isAbout(path: string) {
  return (error: unknown) => {
    assert.ok(error instanceof WebexConnectConfigurationError);
    assert.equal(error.path, path);
    assert.ok(!inspect(error).includes(SECRET));
    return true;
  };
}

describe('The options of PostgresStore', () => {
  it('need nothing but a connection string', () => {
    assert.deepEqual(readPostgresStoreOptions(URL), readPostgresStoreOptions({ connectionString: URL }));
    assert.equal(readPostgresStoreOptions(URL).schema, 'webex_connect');
  });

  const wrong: [title: string, options: object, path: string][] = [
    ['an empty connection string', { connectionString: '' }, 'connectionString'],
    ['a schema that would have to be quoted', { connectionString: URL, schema: 'My "schema"' }, 'schema'],
    ['no connections', { connectionString: URL, maxConnections: 0 }, 'maxConnections'],
    [
      'a time-out that is no number',
      { connectionString: URL, statementTimeoutMs: '1s' },
      'statementTimeoutMs',
    ],
    ['an unknown option', { connectionString: URL, password: SECRET }, 'password'],
  ];
  for (const [title, options, path] of wrong) {
    it(`refuse ${title}, and name it`, () => {
      // @ts-expect-error Some are of the wrong type.
      assert.throws(() => new PostgresStore(options), isAbout(path));
    });
  }

  it('do not show in what is printed of the store', () => {
    assert.ok(!inspect(new PostgresStore(URL), { depth: 10, showHidden: true }).includes(SECRET));
  });
});
