import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DatabaseServer, type ServerUsage } from '../../bench/measure/databaseServer';
import { postgresServer, query } from '../support/postgresServer';
import { present } from '../support/present';

describe('What a database server does', () => {
  let server: DatabaseServer;
  let table: string;

  before(async () => {
    server = await DatabaseServer.connect((await postgresServer()).url);
    table = `bench_${randomUUID().replaceAll('-', '')}`;
    await query(`CREATE TABLE ${table} (words text)`);
  });

  after(async () => {
    await query(`DROP TABLE ${table}`);
    await server.close();
  });

  async function usageOf(work: () => Promise<unknown>): Promise<[ServerUsage, ServerUsage]> {
    const before = await server.usage();
    await work();
    return [before, await server.usage()];
  }

  it('is counted in transactions and bytes of its log', async () => {
    const [before, after] = await usageOf(async () => {
      for (let n = 0; n < 5; n++) await query(`INSERT INTO ${table} VALUES (repeat('word ', 200))`);
    });
    assert.ok(after.transactions - before.transactions >= 5, `${before.transactions}, ${after.transactions}`);
    assert.ok(after.walBytes - before.walBytes > 5 * 1000, `${before.walBytes}, ${after.walBytes}`);
  });

  it('can be brought to rest', async () => {
    const isVacuumed = async () =>
      (await query(`SELECT last_vacuum FROM pg_stat_user_tables WHERE relname = '${table}'`))[0]
        ?.last_vacuum !== null;
    assert.equal(await isVacuumed(), false);
    await server.tidyUp();
    assert.equal(await isVacuumed(), true);
  });

  it('takes time of its processes', async function () {
    const { control } = await postgresServer();
    if (process.platform !== 'linux' || control === undefined) this.skip();
    const busy = `SELECT count(*) FROM generate_series(1, 3000000) n WHERE md5(n::text) = ''`;
    const [before, after] = await usageOf(() => query(busy));
    assert.ok(present(after.cpuMs) - present(before.cpuMs) > 100, `${before.cpuMs}, ${after.cpuMs}`);
  });
});
