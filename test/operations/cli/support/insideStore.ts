import { Client } from 'pg';
import { openDriver } from '../../../../src/store/sqlite/driver/openDriver';

/** Runs a statement of the test's own on a store, behind everybody's back. */
export async function insideStore(store: string, sql: string): Promise<Record<string, unknown>[]> {
  if (store.startsWith('sqlite:')) {
    const driver = openDriver(store.slice('sqlite:'.length));
    try {
      driver.exec('PRAGMA busy_timeout = 5000');
      return driver.prepare(sql).all();
    } finally {
      driver.close();
    }
  }
  const client = new Client({ connectionString: store, options: '-c search_path=webex_connect' });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
