import assert from 'node:assert/strict';
import { FakeWebhook } from '../../support/fakeWebhook';
import { BotProcess } from './support/botProcess';
import { CommandProcess, type Ended, runProcess } from './support/commandProcess';
import { DURABLE_ENGINES } from './support/durableStores';
import { insideStore } from './support/insideStore';
import { until } from './support/until';

const TOKEN = 'a-verification-token';
const ACCESS = 'an-access-token';

for (const engine of DURABLE_ENGINES) {
  describe(`webex-connect-bot beside a bot on ${engine.name}, each a process of its own`, function () {
    this.timeout(120_000);

    let webhook: FakeWebhook;
    let environment: Record<string, string>;
    let bot: BotProcess;

    before(async () => {
      webhook = await FakeWebhook.listen();
      environment = {
        WEBEX_CONNECT_STORE: await engine.make(),
        WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
        WEBEX_CONNECT_VERIFICATION_TOKEN: TOKEN,
        WEBEX_CONNECT_ACCESS_TOKEN: ACCESS,
      };
      bot = await BotProcess.start(environment);
    });
    after(async () => {
      await bot.end('SIGTERM');
      await webhook.close();
      await engine.dispose();
    });

    function run(...args: string[]): Promise<Ended> {
      return runProcess(args, environment);
    }

    async function json(...args: string[]): Promise<unknown> {
      const { stdout, stderr } = await run(...args, '--json');
      assert.notEqual(stdout, '', stderr);
      return JSON.parse(stdout);
    }

    async function deadLetterIds(): Promise<string[]> {
      const listed = await json('dead-letters', 'list');
      assert.ok(typeof listed === 'object' && listed !== null && 'deadLetters' in listed);
      assert.ok(Array.isArray(listed.deadLetters));
      return listed.deadLetters.map(({ id }) => String(id));
    }

    it('sees that all is well: 0', async () => {
      await until(async () => (await run('status')).code === 0);
      const { stdout } = await run('status');
      assert.match(stdout, /^Running +a bot, process \d+ on \S+, for /m);
      assert.doesNotMatch(stdout, /not-a-secret-of-anyone/);
    });

    it('replays dead letters through the bot, which counts them and sends them at once', async () => {
      webhook.statuses.push(400, 400);
      await bot.say('one', 'C1');
      await bot.say('two', 'C2');
      await until(async () => (await deadLetterIds()).length === 2);
      const { code, stdout } = await run('dead-letters', 'replay', '--all');
      assert.deepEqual([code, stdout], [0, '2 dead letters replayed.\n']);
      await until(() => webhook.texts.length === 4);
      assert.deepEqual(webhook.texts.slice(2).sort(), ['Echo: one', 'Echo: two']);
      await until(async () => {
        const { deadLetters, waitingMessages } = await bot.stats();
        return deadLetters === 0 && waitingMessages === 0;
      });
    });

    it('has the bot read a request again, which still cannot be read: 1', async () => {
      assert.equal((await bot.post({ Event: 'Incoming message' })).status, 200);
      const { code, stdout } = await run('quarantine', 'replay', '--all');
      assert.equal(code, 1);
      assert.match(stdout, /refused +The request still cannot be read: the event has no conversation ID/);
      assert.equal((await run('quarantine', 'discard', '--all', '--yes')).code, 0);
      await until(async () => (await bot.stats()).quarantined === 0);
    });

    it('reactivates the webhook of the running bot, and all that waits is sent', async () => {
      const before = webhook.texts.length;
      webhook.statuses.push(500, 500, 500, 500, 500);
      for (const number of [1, 2, 3, 4, 5]) await bot.say(`wait ${number}`, `W${number}`);
      await until(async () => (await run('status')).stdout.includes('inactive'));
      assert.equal((await run('status')).code, 1);
      await bot.say('wait 6', 'W1');
      assert.equal((await run('reactivate')).code, 0);
      await until(() => webhook.texts.length === before + 11);
      assert.deepEqual(
        webhook.texts.slice(-6).sort(),
        [1, 2, 3, 4, 5, 6].map((number) => `Echo: wait ${number}`),
      );
      await until(async () => (await run('status')).code === 0);
    });

    it('explains a conversation, each attempt, and follows what happens until Ctrl-C', async () => {
      const tail = new CommandProcess(['tail', '--conversation', 'T1'], environment);
      webhook.statuses.push(400);
      await bot.say('follow me', 'T1');
      await tail.printed(/send \S+ {2}attempt 1 to webhook: the webhook answered 400; a dead letter/);
      tail.kill('SIGINT');
      const ended = await tail.ended;
      assert.equal(ended.code, 0, ended.stderr);
      const { code, stdout } = await run('explain', 'T1');
      assert.equal(code, 0);
      const steps = stdout.split('\n').map((line) => line.split(/ {2,}/).slice(1).join(' '));
      assert.equal(steps.filter((step) => step.startsWith('event')).length, 2, 'the bot was told of it');
      assert.match(stdout, /attempt 1 to webhook: the webhook answered 400; a dead letter/);
      assert.doesNotMatch(stdout + ended.stdout, /follow me/);
      assert.equal((await run('dead-letters', 'discard', '--all', '--yes')).code, 0);
    });

    it('examines the bot, the store and the webhook: 0, and 1 with another token', async () => {
      const well = await run('doctor', '--endpoint', bot.url);
      assert.equal(well.code, 0, well.stdout);
      assert.match(well.stdout, /^ok +endpoint\.answer: .* answers 200 in/m);
      assert.match(well.stdout, /^ok +endpoint\.token/m);
      assert.match(well.stdout, /^ok +endpoint\.stranger/m);
      assert.match(well.stdout, /^ok +store\.writable: yes, and the bot answers operators' commands/m);
      assert.match(well.stdout, /^ok +webhook\.reach/m);
      const other = { ...environment, WEBEX_CONNECT_VERIFICATION_TOKEN: 'another' };
      const ill = await runProcess(['doctor', '--endpoint', bot.url], other);
      assert.equal(ill.code, 1);
      assert.match(ill.stdout, /^fail +endpoint\.token/m);
      for (const { stdout, stderr } of [well, ill]) {
        assert.doesNotMatch(stdout + stderr, /a-verification-token|an-access-token|another\b|secret/);
      }
      // Nothing of it was an event, and what was refused was no failure.
      assert.equal((await run('status')).code, 0);
    });

    it('works for several operators at once', async () => {
      webhook.statuses.push(400, 400, 400);
      for (const number of [1, 2, 3]) await bot.say(`many ${number}`, `M${number}`);
      await until(async () => (await deadLetterIds()).length === 3);
      const runs = await Promise.all([
        run('dead-letters', 'replay', '--all'),
        run('dead-letters', 'replay', '--all'),
        run('quarantine', 'list'),
      ]);
      assert.deepEqual(
        runs.map(({ code }) => code),
        [0, 0, 0],
      );
      const arrived = () => webhook.texts.filter((text) => text?.startsWith('Echo: many'));
      await until(() => arrived().length === 6);
      assert.deepEqual(await deadLetterIds(), []);
    });

    it('withdraws what a frozen bot does not take, and the bot never does it: 4', async () => {
      await bot.post({ Event: 'Incoming message' });
      assert.equal((await bot.stats()).quarantined, 1);
      bot.pause();
      const { code, stdout } = await run('quarantine', 'replay', '--all', '--wait', '1');
      assert.equal(code, 4);
      assert.match(stdout, /withdrawn +no bot took it in time, so it was taken back: nothing was changed/);
      const interrupted = new CommandProcess(['quarantine', 'replay', '--all', '--wait', '60'], environment);
      await until(async () => (await waitingCommands()) > 0);
      interrupted.kill('SIGINT');
      assert.equal((await interrupted.ended).code, 130);
      assert.equal(await waitingCommands(), 0);
      bot.resume();
      assert.equal((await run('quarantine', 'discard', '--all', '--yes')).code, 0);
    });

    it('goes on alone when the bot has stopped', async () => {
      webhook.statuses.push(400);
      await bot.say('last', 'L');
      await until(async () => (await deadLetterIds()).length === 1);
      await bot.end('SIGTERM');
      const status = await run('status');
      assert.equal(status.code, 1);
      assert.match(status.stdout, /^Running +no bot$/m);
      assert.equal((await run('dead-letters', 'replay', '--all')).code, 0);
      const before = webhook.texts.length;
      bot = await BotProcess.start(environment);
      await until(() => webhook.texts.length > before);
      assert.equal(webhook.texts.at(-1), 'Echo: last');
    });

    async function waitingCommands(): Promise<number> {
      const store = environment.WEBEX_CONNECT_STORE ?? '';
      const sql = "SELECT id FROM operator_commands WHERE state = 'waiting'";
      return (await insideStore(store, sql)).length;
    }
  });
}
