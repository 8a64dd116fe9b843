import assert from 'node:assert/strict';
import { StoreUnavailableError } from '../../../../src/errors';
import { botRecord, know, tied } from '../../../support/conversationSamples';
import { T0 } from '../../../support/storeSamples';
import { acceptAll, stageAll } from '../../../support/storeSteps';
import { type CommandRun, CommandStage } from '../support/commandRun';

const LOOK_MS = 500;

describe('webex-connect-bot tail', () => {
  let stage: CommandStage;
  let written: string;
  beforeEach(async () => {
    stage = new CommandStage();
    await stage.store.open();
    written = '';
    stage.onWrite = (text) => {
      written += text;
    };
  });

  /** What was written since, a line each, without the day. */
  function news(): string[] {
    const lines = written.replaceAll('2026-03-09 ', '').trimEnd().split('\n');
    written = '';
    return lines[0] === '' ? [] : lines;
  }

  async function start(...args: string[]): Promise<Promise<CommandRun>[]> {
    const running = [stage.run('tail', ...args)];
    await stage.clock.advance(0);
    return running;
  }

  async function stop([running]: Promise<CommandRun>[]): Promise<void> {
    stage.interruption.abort();
    const ended = await running;
    assert.deepEqual([ended?.code, ended?.stderr], [0, '']);
    assert.equal(stage.clock.nextTimerIn, undefined, 'a timer is left');
  }

  it('begins with the latest, follows what happens, and ends at Ctrl-C: 0', async () => {
    await acceptAll(
      stage.store,
      'c',
      Array.from({ length: 12 }, (_, index) => `e${index}`),
    );
    const running = await start();
    const first = news();
    assert.equal(first.length, 10);
    assert.equal(first.at(-1), '14:00:00.000Z  c  event e11  received from Webex Connect');
    await stage.clock.advance(LOOK_MS);
    assert.deepEqual(news(), []);
    await stageAll(stage.store, 'd', ['m']);
    await stage.clock.advance(LOOK_MS);
    assert.deepEqual(news(), ['14:00:00.000Z  d  message m  stored for webhook']);
    await stop(running);
    await acceptAll(stage.store, 'c', ['late']);
    await stage.clock.advance(10 * LOOK_MS);
    assert.deepEqual(news(), []);
  });

  it('begins with as many as it is told to', async () => {
    await acceptAll(stage.store, 'c', ['e1', 'e2', 'e3']);
    const two = await start('--lines', '2');
    assert.deepEqual(
      news().map((line) => line.slice(15, 30).trim()),
      ['c  event e2  re', 'c  event e3  re'],
    );
    await stop(two);
    stage.interruption = new AbortController();
    const none = await start('--lines', '0');
    assert.deepEqual(news(), []);
    await stop(none);
  });

  it('follows one conversation alone, by its id or its agent’s', async () => {
    const agentConversations = [{ id: 'A', tiedBy: 'field', firstSeenAt: T0, lastSeenAt: T0 } as const];
    await know(stage.store, botRecord('B', { agentConversations }), tied('A', 'B'));
    await acceptAll(stage.store, 'B', ['b1']);
    await acceptAll(stage.store, 'other', ['o1']);
    const running = await start('--conversation', 'A');
    await acceptAll(stage.store, 'other', ['o2']);
    await acceptAll(stage.store, 'A', ['a1']);
    await acceptAll(stage.store, 'B', ['b2']);
    await stage.clock.advance(LOOK_MS);
    assert.deepEqual(
      news().map((line) => line.split('  ')[2]),
      ['event b1', 'event a1', 'event b2'],
    );
    await stop(running);
  });

  it('follows very many at once', async () => {
    const running = await start();
    const ids = Array.from({ length: 1203 }, (_, index) => `m${index}`);
    await stageAll(stage.store, 'c', ids);
    await stage.clock.advance(LOOK_MS);
    assert.equal(news().length, 1203);
    await stop(running);
  });

  it('tells a script, a line each', async () => {
    const running = await start('--json');
    await acceptAll(stage.store, 'c\u2028', ['e']);
    await stage.store.quarantine({ id: 'q', body: '{', reason: 'not JSON', receivedAt: T0 }, 10);
    await stage.clock.advance(LOOK_MS);
    const entries = news().map((line): unknown => JSON.parse(line));
    assert.deepEqual(
      entries.map((entry) => (typeof entry === 'object' && entry !== null ? { ...entry, id: '' } : entry)),
      [
        {
          at: '2026-03-09T14:00:00.000Z',
          id: '',
          kind: 'eventAccepted',
          conversationId: 'c\u2028',
          eventId: 'e',
          source: 'platform',
        },
        { at: '2026-03-09T14:00:00.000Z', id: '', kind: 'requestQuarantined', requestId: 'q' },
      ],
    );
    await stop(running);
  });

  it('waits for a store that is away, says so once, and misses nothing', async () => {
    const running = await start();
    const { activity } = stage.store;
    stage.store.activity = () => Promise.reject(new StoreUnavailableError('PostgreSQL is starting up.'));
    await stage.clock.advance(5 * LOOK_MS);
    await acceptAll(stage.store, 'c', ['e']);
    stage.store.activity = activity.bind(stage.store);
    await stage.clock.advance(LOOK_MS);
    assert.equal(news().length, 1);
    stage.interruption.abort();
    const [ended] = await Promise.all(running);
    assert.deepEqual(
      [ended?.code, ended?.stderr],
      [0, 'PostgreSQL is starting up.\nThe store answers again.\n'],
    );
  });

  it('ends with 4 when the store was never there', async () => {
    stage.openStore = () => Promise.reject(new StoreUnavailableError('PostgreSQL cannot be reached.'));
    assert.equal((await stage.run('tail')).code, 4);
  });
});
