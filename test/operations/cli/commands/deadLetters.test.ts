import assert from 'node:assert/strict';
import { handingOver, know } from '../../../support/conversationSamples';
import { present } from '../../../support/present';
import { claimBy, newMessage, settleTerms, T0 } from '../../../support/storeSamples';
import { bury, drainSends, stageSends } from '../../../support/storeSteps';
import { CommandStage } from '../support/commandRun';

const MINUTE = 60_000;

describe('webex-connect-bot dead-letters', () => {
  let stage: CommandStage;
  beforeEach(async () => {
    stage = new CommandStage();
    await stage.store.open();
  });

  async function die(id: string, reason: string, diedAt = T0, destination = 'webhook'): Promise<void> {
    const message = newMessage(`of-${id}`, id, { destination, body: `{"message":"my PIN is 4711 ${id}"}` });
    const [send] = await stageSends(stage.store, [message], { turn: undefined, claim: claimBy('u') });
    const death = { kind: 'dead', at: diedAt, reason, isAmbiguous: true, notice: undefined } as const;
    await stage.store.settleSend(present(send), death, settleTerms());
  }

  /** Letters of three reasons, ages and destinations. */
  async function fill(): Promise<void> {
    await die('a', 'the webhook answered 400', T0 - 60 * MINUTE);
    await die('b', 'gave up after 5 attempts: the webhook answered 503', T0 - 10 * MINUTE);
    await die('c', 'network error ECONNREFUSED', T0 - MINUTE, 'crm');
  }

  async function ids(...filters: string[]): Promise<string[]> {
    const listed = await stage.json('dead-letters', 'list', ...filters);
    assert.ok(typeof listed === 'object' && listed !== null && 'deadLetters' in listed);
    assert.ok(Array.isArray(listed.deadLetters));
    return listed.deadLetters.map(({ id }) => id);
  }

  const left = async () => (await stage.store.listDeadLetters({ limit: 100 })).map(({ id }) => id);

  it('lists them as a table, oldest first, without what they say', async () => {
    await fill();
    const { code, stdout } = await stage.run('dead-letters', 'list');
    assert.equal(code, 0);
    const [head, first, ...others] = stdout.trimEnd().split('\n');
    assert.match(head ?? '', /^ID +CONVERSATION +TO +DIED +ATTEMPTS +REASON$/);
    assert.match(first ?? '', /^a +of-a +webhook +2026-03-09 13:00:00Z +1 +the webhook answered 400$/);
    assert.equal(others.length, 2);
    assert.doesNotMatch(stdout, /4711/);
  });

  it('says so when there are none', async () => {
    assert.deepEqual(await stage.run('dead-letters', 'list'), {
      code: 0,
      stdout: 'No dead letters.\n',
      stderr: '',
    });
  });

  it('lists them for a script', async () => {
    await die('a', 'the webhook answered 400', T0 - MINUTE);
    assert.deepEqual(await stage.json('dead-letters', 'list'), {
      deadLetters: [
        {
          id: 'a',
          activityId: 'a',
          conversationId: 'of-a',
          destination: 'webhook',
          role: 'message',
          attempts: 1,
          ambiguousAttempts: 1,
          reason: 'the webhook answered 400',
          stagedAt: '2026-03-09T14:00:00.000Z',
          diedAt: '2026-03-09T13:59:00.000Z',
        },
      ],
      next: null,
    });
  });

  const FILTERS: readonly [string, readonly string[], readonly string[]][] = [
    ['a conversation', ['--conversation', 'of-b'], ['b']],
    ['a destination', ['--destination', 'crm'], ['c']],
    ['a reason', ['--reason', 'the webhook answered'], ['a', 'b']],
    ['a time', ['--since', '30m'], ['b', 'c']],
    ['two times', ['--since', '2h', '--before', '2026-03-09T13:55Z'], ['a', 'b']],
    ['several of them', ['--reason', 'webhook', '--since', '30m'], ['b']],
  ];
  for (const [what, filters, expected] of FILTERS) {
    it(`selects by ${what}`, async () => {
      await fill();
      assert.deepEqual(await ids(...filters), expected);
    });
  }

  it('lists part by part', async () => {
    for (let index = 0; index < 5; index++) await bury(stage.store, 'c', `m${index}`);
    const { stdout, stderr } = await stage.run('dead-letters', 'list', '--limit', '2');
    assert.equal(stdout.trimEnd().split('\n').length, 3);
    assert.equal(stderr, 'There are more: --after m1\n');
    assert.deepEqual(await ids('--limit', '2', '--after', 'm1'), ['m2', 'm3']);
    assert.deepEqual(
      await stage.json('dead-letters', 'list', '--limit', '9', '--after', 'm3').then(nextOf),
      null,
    );
  });

  it('shows one, and what it says only when asked', async () => {
    await die('a', 'the webhook answered 400', T0 - 5 * MINUTE);
    const { code, stdout } = await stage.run('dead-letters', 'show', 'a');
    assert.equal(code, 0);
    assert.match(stdout, /^Died +2026-03-09 13:55:00Z \(5 min ago\)$/m);
    assert.match(stdout, /^May have arrived +perhaps: of 1 attempt the outcome is unknown$/m);
    assert.doesNotMatch(stdout, /4711/);
    const { stdout: withText } = await stage.run('dead-letters', 'show', 'a', '--text');
    assert.match(withText, /^ {2}"message": "my PIN is 4711 a"$/m);
    const json = await stage.json('dead-letters', 'show', 'a', '--text');
    assert.ok(typeof json === 'object' && json !== null && 'body' in json);
    assert.equal(json.body, '{"message":"my PIN is 4711 a"}');
  });

  it('knows none to show that is not there: 3', async () => {
    const { code, stderr } = await stage.run('dead-letters', 'show', 'x');
    assert.equal(code, 3);
    assert.match(stderr, /There is no dead letter 'x'\. See webex-connect-bot dead-letters list/);
  });

  it('replays those that are named', async () => {
    await fill();
    const { code, stdout } = await stage.run('dead-letters', 'replay', 'b', 'a', 'b');
    assert.deepEqual([code, stdout], [0, '2 dead letters replayed.\n']);
    assert.deepEqual(await left(), ['c']);
    assert.deepEqual((await drainSends(stage.store)).sort(), ['a', 'b']);
  });

  it('replays all that a filter selects, and no others', async () => {
    await fill();
    assert.equal((await stage.run('dead-letters', 'replay', '--all', '--reason', '503')).code, 0);
    assert.deepEqual(await left(), ['a', 'c']);
  });

  it('replays very many, in their order, and says how far it is', async () => {
    const all = Array.from({ length: 1203 }, (_, index) => `m${index}`);
    for (const id of all) await bury(stage.store, 'c', id);
    stage.isTTY = true;
    const { code, stdout, stderr } = await stage.run('dead-letters', 'replay', '--all');
    assert.equal(code, 0);
    assert.match(stdout, /1203 dead letters replayed/);
    assert.match(stderr, /400 of 1203 dead letters/);
    assert.deepEqual(await drainSends(stage.store), all);
  });

  it('tells what was left as it was, and why', async () => {
    await bury(stage.store, 'c', 'handover', 'handover');
    await bury(stage.store, 'gated', 'm');
    await know(stage.store, handingOver('gated'));
    const { code, stdout } = await stage.run('dead-letters', 'replay', '--all');
    assert.equal(code, 1);
    assert.match(stdout, /^0 dead letters replayed\.$/m);
    assert.match(stdout, /^handover +refused +.*Have the bot hand it over/m);
    assert.match(stdout, /^m +refused +.*an agent has the conversation/m);
    assert.deepEqual(await stage.json('dead-letters', 'replay', 'm').then(resultsOf), [['m', 'refused']]);
  });

  it('ends with 3 when one that was named is not there, and does the others', async () => {
    await fill();
    const { code, stdout } = await stage.run('dead-letters', 'replay', 'a', 'x');
    assert.equal(code, 3);
    assert.match(stdout, /^1 dead letter replayed\.$/m);
    assert.match(stdout, /^x +gone +is not there \(any more\); see webex-connect-bot dead-letters list$/m);
    assert.deepEqual(await left(), ['b', 'c']);
  });

  it('with --dry-run changes nothing', async () => {
    await fill();
    const { stdout } = await stage.run(
      'dead-letters',
      'replay',
      '--all',
      '--destination',
      'webhook',
      '--dry-run',
    );
    assert.equal(stdout, '2 would be replayed:\n  a\n  b\n');
    const dry = await stage.json('dead-letters', 'discard', '--all', '--dry-run');
    assert.deepEqual(dry, { wouldBe: 'discarded', ids: ['a', 'b', 'c'] });
    assert.deepEqual(await left(), ['a', 'b', 'c']);
  });

  it('discards those that are named, and all when that is meant', async () => {
    await fill();
    assert.equal((await stage.run('dead-letters', 'discard', 'b')).stdout, '1 dead letter discarded.\n');
    assert.deepEqual(await left(), ['a', 'c']);
    assert.equal((await stage.run('dead-letters', 'discard', '--all', '--yes')).code, 0);
    assert.deepEqual(await left(), []);
    assert.deepEqual(await drainSends(stage.store), []);
  });
});

function nextOf(listed: unknown): unknown {
  return typeof listed === 'object' && listed !== null ? Reflect.get(listed, 'next') : undefined;
}

function resultsOf(json: unknown): string[][] {
  assert.ok(typeof json === 'object' && json !== null && 'results' in json && Array.isArray(json.results));
  return json.results.map(({ id, outcome }) => [id, outcome]);
}
