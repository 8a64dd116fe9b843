import assert from 'node:assert/strict';
import { StoreUnavailableError } from '../../../../src/errors';
import { T0 } from '../../../support/storeSamples';
import { bury } from '../../../support/storeSteps';
import { type CommandRun, CommandStage, whileTimePasses } from '../support/commandRun';

const SECRET = 'secret';

describe('webex-connect-bot doctor', () => {
  let stage: CommandStage;
  beforeEach(async () => {
    stage = new CommandStage();
    stage.env = {
      WEBEX_CONNECT_STORE: `postgres://bot:${SECRET}@db.example.com/bot`,
      WEBEX_CONNECT_WEBHOOK_URL: `https://hooks.example.com/${SECRET}`,
      WEBEX_CONNECT_VERIFICATION_TOKEN: SECRET,
    };
    stage.runtime = { nodeVersion: 'v22.11.0', versionOf: (name) => (name === 'pg' ? '8.16.0' : '4.23.3') };
    stage.probe = async () => ({
      kind: 'answered',
      status: 200,
      headers: { date: new Date(T0).toUTCString() },
      body: SECRET,
      tookMs: 8,
      certificateEndsAt: undefined,
    });
    await stage.store.open();
    stage.store.operatorCommands.attend(async () => {
      const { operatorCommands } = stage.store;
      for (const { id } of await operatorCommands.take(10, T0))
        await operatorCommands.answer(id, { status: 'done' });
    });
  });

  async function run(...args: string[]): Promise<CommandRun> {
    const result = await whileTimePasses(stage.clock, stage.run('doctor', ...args));
    assert.doesNotMatch(result.stdout + result.stderr, /secret/);
    return result;
  }

  async function checks(...args: string[]): Promise<Map<string, string>> {
    const json: unknown = JSON.parse((await run(...args, '--json')).stdout);
    assert.ok(typeof json === 'object' && json !== null && 'checks' in json && Array.isArray(json.checks));
    return new Map(json.checks.map(({ name, status }) => [name, status]));
  }

  it('finds nothing wrong where all is well: 0', async () => {
    const { code, stdout } = await run();
    assert.equal(code, 0);
    assert.match(stdout, /^ok +store\.writable: yes, and the bot answers operators' commands \(.*\)$/m);
    assert.match(stdout, /^ok +running: a bot, process 4711 on app-1, for 0 ms$/m);
    assert.match(stdout, /^\d+ ok, 0 to look at, 0 failed\.$/m);
  });

  it('tells what is wrong and what to do: 1', async () => {
    stage.probe = async () => ({ kind: 'failed', code: 'ECONNREFUSED' });
    const { code, stdout } = await run();
    assert.equal(code, 1);
    assert.match(stdout, /^fail +endpoint\.answer: .*ECONNREFUSED\n +-> start the bot/m);
    assert.match(stdout, /^\d+ ok, 0 to look at, 2 failed\.$/m);
  });

  it('ends with 0 when there are only warnings', async () => {
    stage.users = [];
    const { code, stdout } = await run();
    assert.equal(code, 0);
    assert.match(stdout, /^warn +running: no bot runs on this store\n +-> start the bot/m);
    assert.match(stdout, /^ok +store\.writable: yes$/m);
  });

  it('asks where it is told to', async () => {
    const asked: string[] = [];
    const { probe } = stage;
    stage.probe = (request) => {
      asked.push(`${request.method} ${request.url}`);
      return probe(request);
    };
    stage.env.PORT = '8080';
    await run();
    await run('--endpoint', 'https://bot.example.com/hook', '--webhook-url', 'https://other.example.com/');
    assert.deepEqual(asked, [
      'POST http://localhost:8080/api/webex-connect',
      `OPTIONS https://hooks.example.com/${SECRET}`,
      'POST https://bot.example.com/hook',
      'OPTIONS https://other.example.com/',
    ]);
    stage.env.PORT = '0';
    assert.equal((await checks()).get('endpoint'), 'skipped');
  });

  it('tells a script', async () => {
    assert.deepEqual(
      [...(await checks()).keys()],
      [
        'node',
        'package',
        'package.botbuilder',
        'package.pg',
        'environment.PORT',
        'environment.WEBEX_CONNECT_WEBHOOK_URL',
        'environment.tokens',
        'environment.WEBEX_CONNECT_STORE',
        'store',
        'running',
        'store.writable',
        'delivery',
        'endpoint.answer',
        'endpoint.token',
        'webhook.reach',
        'clock',
      ],
    );
  });

  it('goes on when the store cannot be opened', async () => {
    stage.openStore = () =>
      Promise.reject(new StoreUnavailableError('PostgreSQL cannot be reached (ECONNREFUSED).'));
    const { code, stdout } = await run();
    assert.equal(code, 1);
    assert.match(stdout, /^fail +store: PostgreSQL cannot be reached/m);
    assert.match(stdout, /^ok +webhook\.reach/m);
  });

  it('finds a store that cannot be written', async () => {
    stage.users = [];
    stage.store.operatorCommands.submit = () => Promise.reject(new StoreUnavailableError('the disk is full'));
    const { code, stdout } = await run();
    assert.equal(code, 1);
    assert.match(stdout, /^fail +store\.writable: the disk is full/m);
  });

  it('finds a bot that does not answer', async () => {
    stage = Object.assign(new CommandStage(), { env: stage.env, probe: stage.probe, runtime: stage.runtime });
    const { code, stdout } = await run();
    assert.equal(code, 0);
    assert.match(stdout, /^warn +store\.writable: yes, but the bot has not answered within 10 s/m);
  });

  it('points to what the status tells', async () => {
    await bury(stage.store, 'c', 'm');
    assert.match((await run()).stdout, /^warn +delivery: 1 dead letter\n +-> see webex-connect-bot status$/m);
  });

  it('opens no store in memory', async () => {
    stage.env.WEBEX_CONNECT_STORE = 'memory:';
    stage.openStore = () => assert.fail('it was opened');
    const found = await checks();
    assert.equal(found.get('environment.WEBEX_CONNECT_STORE'), 'warn');
    assert.equal(found.has('store'), false);
  });
});
