import assert from 'node:assert/strict';
import { measureAll } from '../../bench/figures/all';
import { Stage } from '../../bench/figures/stage';
import { measureThroughput } from '../../bench/figures/throughput';
import { FULL_PLAN, type Plan } from '../../bench/plan';
import { toChart } from '../../bench/report/chart';
import { toJson } from '../../bench/report/json';
import { toTable } from '../../bench/report/table';
import { startPostgres } from '../support/postgresServer';
import { present } from '../support/present';

/** As little of everything as there can be: whether it runs and what it tells, not how fast it is. */
const TINY_PLAN: Plan = {
  ...FULL_PLAN,
  contenders: ['cloudadapter', 'peer', 'sqlite'],
  rounds: 1,
  warmUpMessages: 5,
  messages: 20,
  connections: 4,
  conversations: 5,
  echoesOneByOne: 5,
  openLoopPerSecond: 50,
  openLoopSeconds: 1,
  slowTurnMs: 60_000,
  slowTurnWarmUpSeconds: 1,
  oldRows: 50,
  oldRowsRounds: 1,
  longRunWarmUpMessages: 20,
  longRunMessages: 80,
  longRunSamples: 4,
  waitingMessages: 20,
};

describe('npm run bench', () => {
  const { BENCH_PACKAGE } = process.env;
  let stage: Stage | undefined;

  before(() => {
    process.env.BENCH_PACKAGE = 'src';
  });

  after(async () => {
    await stage?.close();
    if (BENCH_PACKAGE === undefined) delete process.env.BENCH_PACKAGE;
    else process.env.BENCH_PACKAGE = BENCH_PACKAGE;
  });

  it('measures every contender and has a figure for every key', async () => {
    const progress: string[] = [];
    stage = await Stage.open(() => Promise.reject(new Error('no PostgreSQL was asked for')));
    const figures = await measureAll(stage, TINY_PLAN, (text) => progress.push(text));

    const json = JSON.parse(JSON.stringify(toJson(figures)));
    assertPositive(json.ratio_vs_cloudadapter.sqlite, 'ratio of sqlite');
    for (const key of ['ack_p99_ms', 'ack_p99_ms_slow_turns', 'tx_per_echo', 'old_rows_ratio'])
      assertPositive(json[key], key);
    assert.equal(typeof json.rss_slope_bytes_per_message, 'number');
    for (const name of TINY_PLAN.contenders) {
      const { median, min, max } = json.messages_per_second[name];
      assert.ok(0 < min && min <= median && median <= max, `messages/s of ${name}`);
      assertPositive(json.cpu_ms_per_message[name], `CPU of ${name}`);
    }
    assert.deepEqual(Object.keys(json.recovery_ms), ['sqlite']);
    assert.deepEqual(Object.keys(json.hot_conversation_messages_per_second), ['sqlite']);
    assert.ok(progress.some((text) => text.startsWith('round 1 of 1: sqlite')));

    const table = toTable(figures);
    const chart = toChart(figures);
    for (const title of ['CloudAdapter', 'botbuilder-adapter-web', 'SqliteStore']) {
      assert.ok(table.includes(title) && chart.includes(title), title);
    }
    assert.doesNotMatch(table + chart, /NaN|undefined|Infinity/);
  }).timeout(120_000);

  it('measures what a message costs the server of PostgreSQL', async () => {
    const withServer = await Stage.open(startPostgres);
    try {
      const plan: Plan = { ...TINY_PLAN, contenders: ['postgres'] };
      const { server } = present((await measureThroughput(withServer, plan, () => {})).get('postgres'));
      const { walBytesPerMessage, transactionsPerMessage } = present(server);
      assertPositive(walBytesPerMessage, 'bytes of the log');
      assertPositive(transactionsPerMessage, 'transactions');
    } finally {
      await withServer.close();
    }
  }).timeout(120_000);

  it('cannot measure a bot that loses a message', async () => {
    assert.ok(stage);
    const bot = await stage.serve({ contender: 'memory' });
    await bot.process.stop();
    await assert.rejects(
      stage.echoAll([bot], { count: 3, connections: 1, conversations: 1 }),
      /3 were sent, 0 taken/,
    );
  });
});

function assertPositive(value: unknown, what: string): void {
  assert.ok(typeof value === 'number' && value > 0, `${what} is ${value}`);
}
