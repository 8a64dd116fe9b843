import assert from 'node:assert/strict';
import { StoreUnavailableError } from '../../../../src/errors';
import { T0 } from '../../../support/storeSamples';
import { acceptAll, bury, quarantineEvent, stageAll } from '../../../support/storeSteps';
import { CommandStage } from '../support/commandRun';

const MINUTE = 60_000;

describe('webex-connect-bot status', () => {
  let stage: CommandStage;
  beforeEach(async () => {
    stage = new CommandStage();
    await stage.store.open();
  });

  /** Nothing is well any more. */
  async function fallIll(): Promise<void> {
    const { store } = stage;
    await acceptAll(store, 'c', ['e1', 'e2']);
    await stageAll(store, 'c', ['m1']);
    await bury(store, 'c', 'dead');
    await quarantineEvent(store, 'ill', 'q');
    const inactive = {
      status: 'inactive',
      consecutiveFailures: 5,
      since: T0,
      probeAt: T0 + 6 * MINUTE,
    } as const;
    await store.updateHealth('webhook', () => ({ ...inactive, reason: 'the webhook answered 503' }));
    await store.updateHealth('crm', () => ({ status: 'active', consecutiveFailures: 2 }));
    await store.updateHealth('@platform', () => ({ ...inactive, consecutiveFailures: 3, reason: 'answers' }));
    await store.updateHealth('@last-call', () => ({ ...inactive, reason: 'the last call' }));
    await stage.clock.advance(5 * MINUTE);
  }

  it('says that all is well: 0', async () => {
    const { code, stdout } = await stage.run('status');
    assert.equal(code, 0);
    assert.match(stdout, /^Running +a bot, process 4711 on app-1, for 0 ms$/m);
    assert.match(stdout, /^Events waiting +0$/m);
    assert.match(stdout, /^Webhook +active$/m);
    assert.match(stdout, /^All is well\.$/m);
  });

  it('says what somebody should look at: 1', async () => {
    await fallIll();
    const { code, stdout } = await stage.run('status');
    assert.equal(code, 1);
    assert.match(stdout, /^Events waiting +2, the oldest for 5 min$/m);
    assert.match(stdout, /^Messages waiting +1, the oldest for 5 min$/m);
    assert.match(stdout, /^Dead letters +1$/m);
    assert.match(stdout, /^Quarantine +1$/m);
    assert.match(
      stdout,
      /^Webhook +inactive for 5 min: the webhook answered 503; next probe 2026-03-09 14:06:00Z$/m,
    );
    assert.match(stdout, /^Bridge crm +active, 2 failures in a row$/m);
    assert.match(
      stdout,
      /^Webex Connect +has had 3\/5 failures in a row from the bot, since 2026-03-09 14:00:00Z$/m,
    );
    assert.doesNotMatch(stdout, /last-call/);
    assert.deepEqual(stdout.split('Somebody should look:\n')[1]?.trimEnd().split('\n'), [
      '  - the webhook is inactive: the webhook answered 503 (5 consecutive failures; since 2026-03-09T14:00:00.000Z; next probe at 2026-03-09T14:06:00.000Z)',
      '  - 3 of 5 consecutive failures until Webex Connect makes this webhook inactive',
      '  - the oldest event has waited for its turn since 2026-03-09T14:00:00.000Z',
      '  - the oldest message has waited to be delivered since 2026-03-09T14:00:00.000Z',
      '  - 1 dead letter',
      '  - 1 item in quarantine',
    ]);
  });

  it('says that no bot runs: 1', async () => {
    stage.users = [];
    const { code, stdout } = await stage.run('status');
    assert.equal(code, 1);
    assert.match(stdout, /^Running +no bot$/m);
    assert.match(
      stdout,
      /- no bot runs on this store: nothing is taken in or sent, and 5 calls in a row that nobody answers/,
    );
  });

  it('names every replica, as far as it can be told', async () => {
    stage.users = [
      { role: 'bot', host: 'app-1', pid: 1, since: T0 },
      { role: 'bot', host: undefined, pid: undefined, since: undefined },
      { role: 'command', host: 'app-2', pid: 3, since: T0 },
    ];
    const { stdout } = await stage.run('status');
    assert.match(
      stdout,
      /^Running +a bot, process 1 on app-1, for 0 ms; a bot; an operator's command, process 3 on app-2, for 0 ms$/m,
    );
  });

  it('knows what five failures mean', async () => {
    const since = { since: T0, probeAt: T0, reason: 'answers' };
    await stage.store.updateHealth('@platform', () => ({
      status: 'inactive',
      consecutiveFailures: 5,
      ...since,
    }));
    const { stdout } = await stage.run('status');
    assert.match(stdout, /^Webex Connect +has had 5\/5 failures in a row from the bot, since /m);
    assert.match(stdout, /edit the integration and verify again/);
  });

  it('tells a script', async () => {
    await fallIll();
    const { code, stdout } = await stage.run('status', '--json');
    assert.equal(code, 1);
    const told: unknown = JSON.parse(stdout);
    assert.ok(typeof told === 'object' && told !== null && 'reasons' in told && Array.isArray(told.reasons));
    const { reasons, ...others } = told;
    assert.equal(reasons.length, 6);
    const at = (minutes: number) => new Date(T0 + minutes * MINUTE).toISOString();
    assert.deepEqual(others, {
      status: 'warn',
      store: 'memory',
      running: [{ role: 'bot', host: 'app-1', pid: 4711, since: at(0) }],
      waitingEvents: 2,
      oldestWaitingEventAt: at(0),
      waitingMessages: 1,
      oldestWaitingMessageAt: at(0),
      deadLetters: 1,
      quarantined: 1,
      destinations: [
        {
          name: 'webhook',
          status: 'inactive',
          consecutiveFailures: 5,
          since: at(0),
          probeAt: at(6),
          reason: 'the webhook answered 503',
        },
        { name: 'crm', status: 'active', consecutiveFailures: 2, since: null, probeAt: null, reason: null },
      ],
      platform: { consecutiveFailures: 3, limit: 5, failingSince: at(0) },
    });
  });

  it('ends with 4 when the store cannot be used', async () => {
    stage.openStore = () => Promise.reject(new StoreUnavailableError('PostgreSQL cannot be reached.'));
    const { code, stderr } = await stage.run('status');
    assert.deepEqual([code, stderr], [4, 'PostgreSQL cannot be reached.\n']);
  });

  it('ends with 1 at what nobody has thought of', async () => {
    stage.store.stats = () => Promise.reject(new Error('a bug'));
    assert.deepEqual(await stage.run('status'), { code: 1, stdout: '', stderr: 'a bug\n' });
  });
});
