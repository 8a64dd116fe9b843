import assert from 'node:assert/strict';
import { T0 } from '../../../support/storeSamples';
import { drainTurns, quarantineEvent } from '../../../support/storeSteps';
import { CommandStage, whileTimePasses } from '../support/commandRun';

const MINUTE = 60_000;
const BODY = '{"Message":"my PIN is 4711"';

describe('webex-connect-bot quarantine', () => {
  let stage: CommandStage;
  beforeEach(async () => {
    stage = new CommandStage();
    await stage.store.open();
    await quarantineEvent(stage.store, 'C1', 'event', {
      reason: 'the turn failed 3 times: TypeError',
      details: 'Unexpected "my PIN is 4711"',
    });
    await stage.store.quarantine(
      { id: 'request', body: BODY, reason: 'the body is not JSON', receivedAt: T0 - 5 * MINUTE },
      10,
    );
  });

  const left = async () => (await stage.store.listQuarantine({ limit: 100 })).map(({ id }) => id);

  async function ids(...filters: string[]): Promise<string[]> {
    const listed = await stage.json('quarantine', 'list', ...filters);
    assert.ok(typeof listed === 'object' && listed !== null && 'quarantine' in listed);
    assert.ok(Array.isArray(listed.quarantine));
    return listed.quarantine.map(({ id }) => id);
  }

  it('lists what is in it, without anybody’s words', async () => {
    const { code, stdout } = await stage.run('quarantine', 'list');
    assert.equal(code, 0);
    assert.deepEqual(stdout.replaceAll(/ {2,}/g, '  ').split('\n'), [
      'ID  KIND  CONVERSATION  RECEIVED  REASON',
      'event  event  C1  2026-03-09 14:00:00Z  the turn failed 3 times: TypeError',
      'request  request  -  2026-03-09 13:55:00Z  the body is not JSON',
      '',
    ]);
  });

  it('lists it for a script', async () => {
    assert.deepEqual(await stage.json('quarantine', 'list', '--limit', '1'), {
      quarantine: [
        {
          id: 'event',
          kind: 'event',
          conversationId: 'C1',
          reason: 'the turn failed 3 times: TypeError',
          receivedAt: '2026-03-09T14:00:00.000Z',
          source: 'platform',
          attempts: 1,
          quarantinedAt: '2026-03-09T14:00:00.000Z',
        },
      ],
      next: 'event',
    });
  });

  const FILTERS: readonly [string, readonly string[], readonly string[]][] = [
    ['kind', ['--kind', 'request'], ['request']],
    ['conversation', ['--conversation', 'C1'], ['event']],
    ['reason', ['--reason', 'not JSON'], ['request']],
    ['what the error said', ['--reason', 'Unexpected'], ['event']],
    ['time', ['--since', '1m'], ['event']],
    ['another time', ['--before', '1m'], ['request']],
  ];
  for (const [what, filters, expected] of FILTERS) {
    it(`selects by ${what}`, async () => {
      assert.deepEqual(await ids(...filters), expected);
    });
  }

  it('says so when it is empty', async () => {
    assert.equal(
      (await stage.run('quarantine', 'list', '--kind', 'event', '--since', '0s')).stdout.split('\n').length,
      3,
    );
    assert.equal(
      (await stage.run('quarantine', 'list', '--before', '9d')).stdout,
      'Nothing in quarantine.\n',
    );
  });

  it('shows one, and what it holds only when asked', async () => {
    for (const id of ['event', 'request']) {
      const { code, stdout } = await stage.run('quarantine', 'show', id);
      assert.equal(code, 0);
      assert.doesNotMatch(stdout + (await stage.run('quarantine', 'show', id, '--json')).stdout, /4711/);
    }
    assert.match(
      (await stage.run('quarantine', 'show', 'event', '--text')).stdout,
      /^Reason +the turn failed 3 times: TypeError\nError +Unexpected "my PIN is 4711"$/m,
    );
    assert.match(
      (await stage.run('quarantine', 'show', 'request', '--text')).stdout,
      /^\{"Message":"my PIN is 4711"$/m,
    );
    for (const [id, details] of [
      ['event', 'Unexpected "my PIN is 4711"'],
      ['request', null],
    ] as const) {
      const json = await stage.json('quarantine', 'show', id, '--text');
      assert.ok(typeof json === 'object' && json !== null && 'body' in json && 'details' in json);
      assert.equal(json.details, details);
      if (id === 'request') assert.equal(json.body, BODY);
    }
  });

  it('knows nothing to show that is not there: 3', async () => {
    const { code, stderr } = await stage.run('quarantine', 'show', 'x');
    assert.equal(code, 3);
    assert.match(stderr, /Nothing in quarantine is named 'x'/);
  });

  it('replays an event by itself', async () => {
    assert.equal((await stage.run('quarantine', 'replay', 'event')).stdout, '1 item replayed.\n');
    assert.deepEqual(await drainTurns(stage.store), ['event']);
    assert.deepEqual(await left(), ['request']);
  });

  it('has a running bot replay a request, for it is read with the bot’s options', async () => {
    const { operatorCommands } = stage.store;
    operatorCommands.attend(async () => {
      for (const { id, command } of await operatorCommands.take(10, stage.clock.now())) {
        assert.deepEqual(command, { kind: 'replayQuarantined', id: 'request' });
        await stage.store.discardQuarantined('request');
        await operatorCommands.answer(id, { status: 'done' });
      }
    });
    const { code, stdout } = await whileTimePasses(stage.clock, stage.run('quarantine', 'replay', '--all'));
    assert.deepEqual([code, stdout], [0, '2 items replayed.\n']);
    assert.deepEqual(await left(), []);
  });

  it('leaves a request where no bot runs, does the rest, and ends with 4', async () => {
    stage.users = [];
    const { code, stdout } = await stage.run('quarantine', 'replay', '--all');
    assert.equal(code, 4);
    assert.match(stdout, /^1 item replayed\.$/m);
    assert.match(stdout, /^request +noBot +only a running bot can do it/m);
    assert.deepEqual(await left(), ['request']);
  });

  it('waits for a bot that does not answer as long as it is told to, and ends with 4', async () => {
    const running = stage.run('quarantine', 'replay', 'request', '--wait', '2');
    const { code, stdout } = await whileTimePasses(stage.clock, running);
    assert.equal(code, 4);
    assert.match(
      stdout,
      /^request +withdrawn +no bot took it in time, so it was taken back: nothing was changed$/m,
    );
    assert.ok(stage.clock.now() < T0 + 5000);
    assert.deepEqual(await stage.store.operatorCommands.take(10, stage.clock.now()), []);
  });

  it('asks for no more when nobody answers, and says what was not asked for: 4', async () => {
    for (let index = 0; index < 201; index++) {
      const request = { id: `r${index}`, body: '{', reason: 'not JSON', receivedAt: T0 };
      await stage.store.quarantine(request, 1000);
    }
    const running = stage.run('quarantine', 'replay', '--all', '--kind', 'request', '--wait', '1', '--json');
    const { code, stdout } = await whileTimePasses(stage.clock, running);
    assert.equal(code, 4);
    const told: unknown = JSON.parse(stdout);
    assert.ok(typeof told === 'object' && told !== null && 'results' in told && Array.isArray(told.results));
    const outcomes = told.results.map(({ outcome }) => outcome);
    assert.deepEqual(
      ['withdrawn', 'notAsked'].map((outcome) => outcomes.filter((one) => one === outcome).length),
      [200, 2],
    );
    assert.ok(stage.clock.now() < T0 + 5000, 'it has waited for each handful');
  });

  it('ends with 130 at Ctrl-C', async () => {
    const running = stage.run('quarantine', 'replay', 'request');
    await stage.clock.advance(1000);
    stage.interruption.abort();
    assert.equal((await whileTimePasses(stage.clock, running)).code, 130);
  });

  it('discards those that are named, and all when that is meant', async () => {
    assert.equal((await stage.run('quarantine', 'discard', 'event')).code, 0);
    assert.deepEqual(await left(), ['request']);
    assert.equal((await stage.run('quarantine', 'discard', '--all', '--kind', 'event', '--yes')).code, 0);
    assert.deepEqual(await left(), ['request']);
    assert.equal((await stage.run('quarantine', 'discard', '--all', '--yes')).code, 0);
    assert.deepEqual(await left(), []);
  });
});
