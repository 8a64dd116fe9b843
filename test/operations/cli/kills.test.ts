import assert from 'node:assert/strict';
import { SqliteStore } from '../../../src/sqlite';
import { FakeWebhook } from '../../support/fakeWebhook';
import { bury } from '../../support/storeSteps';
import { BotProcess } from './support/botProcess';
import { CommandProcess, type Ended, runProcess } from './support/commandProcess';
import { DURABLE_ENGINES } from './support/durableStores';
import { insideStore } from './support/insideStore';
import { until } from './support/until';

const WAITING = "SELECT id FROM operator_commands WHERE state = 'waiting'";

describe('webex-connect-bot and a bot on SQLite, when one of them is killed', function () {
  this.timeout(120_000);

  const [engine] = DURABLE_ENGINES;
  let webhook: FakeWebhook;
  let environment: Record<string, string>;
  let place: string;
  const bots: BotProcess[] = [];

  beforeEach(async () => {
    assert.ok(engine?.name === 'SQLite');
    webhook = await FakeWebhook.listen();
    place = await engine.make();
    environment = { WEBEX_CONNECT_STORE: place, WEBEX_CONNECT_WEBHOOK_URL: webhook.url };
  });
  afterEach(async () => {
    for (const bot of bots.splice(0)) await bot.end('SIGKILL');
    await webhook.close();
    await engine?.dispose();
  });

  async function startBot(more: Record<string, string> = {}): Promise<BotProcess> {
    const bot = await BotProcess.start({ ...environment, ...more });
    bots.push(bot);
    return bot;
  }

  /** One dead letter, made by the bot itself. */
  async function makeDeadLetter(bot: BotProcess): Promise<void> {
    webhook.statuses.push(400);
    await bot.say('hi', 'C1');
    await until(async () => (await bot.stats()).deadLetters === 1);
  }

  const run = (...args: string[]): Promise<Ended> => runProcess(args, environment);
  const waiting = async () => (await insideStore(place, WAITING)).length;
  const arrived = () => webhook.texts.length - 1;

  it('the bot, before it has taken a command: the command line does it itself', async () => {
    const bot = await startBot();
    await makeDeadLetter(bot);
    bot.pause();
    const command = new CommandProcess(['dead-letters', 'replay', '--all'], environment);
    await until(async () => (await waiting()) === 1);
    await bot.end('SIGKILL');
    const { code, stdout } = await command.ended;
    assert.deepEqual([code, stdout], [0, '1 dead letter replayed.\n']);
    await startBot();
    await until(() => arrived() === 1);
  });

  it('the bot, when it has taken a command: it is never done, and nobody says that it was', async () => {
    const bot = await startBot({ KILL_AT: 'after-commit:takeCommands' });
    await makeDeadLetter(bot);
    const { code, stdout } = await run('dead-letters', 'replay', '--all');
    assert.equal(code, 4);
    assert.match(stdout, /unanswered +a bot took it and has not answered/);
    await bot.exited;
    const next = await startBot();
    assert.equal((await next.stats()).deadLetters, 1);
    assert.equal((await run('dead-letters', 'replay', '--all')).code, 0);
    await until(() => arrived() === 1);
  });

  it('the bot, when it has done a command and not said so: it is done once', async () => {
    const bot = await startBot({ KILL_AT: 'before-commit:answerCommand' });
    await makeDeadLetter(bot);
    const { code } = await run('dead-letters', 'replay', '--all');
    assert.equal(code, 4);
    await bot.exited;
    await startBot();
    await until(() => arrived() === 1);
    // To ask once more does no harm.
    assert.equal((await run('dead-letters', 'replay', '--all')).stdout, '0 dead letters replayed.\n');
    assert.equal(arrived(), 1);
  });

  it('the command line, while it waits: what it asked for a minute ago does not happen', async () => {
    const bot = await startBot();
    await makeDeadLetter(bot);
    bot.pause();
    const command = new CommandProcess(['dead-letters', 'replay', '--all'], environment);
    await until(async () => (await waiting()) === 1);
    command.kill('SIGKILL');
    await command.ended;
    await insideStore(place, 'UPDATE operator_commands SET expires_at = expires_at - 60000');
    bot.resume();
    assert.equal((await run('doctor', '--endpoint', bot.url)).stdout.includes('answers operators'), true);
    assert.equal((await bot.stats()).deadLetters, 1);
    assert.equal(await waiting(), 0);
  });

  it('the command line, while it owns the file: the next bot starts, and nothing is lost or doubled', async () => {
    const letters = 3000;
    const store = new SqliteStore(place.slice('sqlite:'.length));
    await store.open();
    await buryMany(store, letters);
    await store.close();
    const command = new CommandProcess(['dead-letters', 'replay', '--all'], environment);
    const replayed = 'SELECT count(*) AS n FROM outbox WHERE outcome IS NULL';
    const count = async () => Number((await insideStore(place, replayed))[0]?.n);
    await until(async () => (await count()) > 0);
    command.kill('SIGKILL');
    await command.ended;
    const done = await count();
    assert.ok(done < letters, 'it was done before it was killed');
    const next = new SqliteStore(place.slice('sqlite:'.length));
    await next.open();
    const { deadLetters, waitingMessages } = await next.stats();
    assert.deepEqual([deadLetters, waitingMessages], [letters - done, done]);
    await next.close();
  });

  it('whoever reads the output, as head does: the command ends quietly', async () => {
    const store = new SqliteStore(place.slice('sqlite:'.length));
    await store.open();
    await buryMany(store, 2000);
    await store.close();
    const command = new CommandProcess(['dead-letters', 'list', '--limit', '100000'], environment);
    await command.printed(/m1\b/);
    command.closeOutput();
    const { code, stderr } = await command.ended;
    assert.deepEqual([code, stderr], [0, '']);
  });
});

/** In a few commits. */
async function buryMany(store: SqliteStore, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => bury(store, `C${index}`, `m${index}`)));
}
