import assert from 'node:assert/strict';
import { WebexConnectAdapter } from '../../../../src';
import { systemClock } from '../../../../src/clock';
import type { Outcome } from '../../../../src/operations/cli/store/operatorStore';
import { SqliteOperatorStore } from '../../../../src/operations/cli/store/sqliteOperatorStore';
import { SqliteStore } from '../../../../src/sqlite';
import type { OperatorCommand } from '../../../../src/store/operatorCommands';
import { openDriver } from '../../../../src/store/sqlite/driver/openDriver';
import { incomingMessage, type MockWebexConnect, mockWebexConnect } from '../../../../src/testing';
import { temporaryFiles } from '../../../store/sqlite/support/temporaryFolder';
import { echo } from '../../../support/botHost';
import { present } from '../../../support/present';
import { claimBy, newMessage, settleTerms, T0 } from '../../../support/storeSamples';
import { drainSends, quarantineEvent, stageSends } from '../../../support/storeSteps';

const terms = () => ({ waitMs: 15_000, signal: new AbortController().signal });
const replay = (id: string): OperatorCommand => ({ kind: 'replayDeadLetter', id });

/** A message as the bot sends it, given up. */
async function die(store: SqliteStore, id: string): Promise<void> {
  const body = JSON.stringify({ eventid: '1001', conversation_id: id, message: id, Timestamp: '' });
  const message = newMessage(`of-${id}`, id, { body });
  const [send] = await stageSends(store, [message], { turn: undefined, claim: claimBy('a') });
  const death = { kind: 'dead', at: T0, reason: '400', isAmbiguous: false, notice: undefined } as const;
  await store.settleSend(present(send), death, settleTerms());
}

function statuses(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ status }) => status);
}

describe('Commands on a SQLite file', () => {
  const file = temporaryFiles();
  let path: string;
  let webex: MockWebexConnect;
  let operator: SqliteOperatorStore;
  const toClose: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    webex = mockWebexConnect();
    path = file();
    const store = new SqliteStore(path);
    await store.open();
    for (const id of ['m1', 'm2', 'm3']) await die(store, id);
    const body = JSON.stringify(incomingMessage('hi'));
    await store.quarantine({ id: 'request', body, reason: 'the body is not JSON', receivedAt: T0 }, 10);
    await quarantineEvent(store, 'C', 'event');
    await store.close();
    operator = open();
  });
  afterEach(async () => {
    for (const one of toClose.splice(0).reverse()) await one.close();
    webex.restore();
  });

  function open(): SqliteOperatorStore {
    const opened = new SqliteOperatorStore(path, systemClock);
    toClose.push(opened);
    return opened;
  }

  async function startBot(): Promise<WebexConnectAdapter> {
    const adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, store: new SqliteStore(path) });
    await adapter.start(echo);
    toClose.push({ close: () => adapter.stop() });
    return adapter;
  }

  it('are carried out by the command line where no bot runs, and it lets go of the file', async () => {
    const outcomes = await operator.carryOut([replay('m1'), replay('x'), replay('m2')], terms());
    assert.deepEqual(statuses(outcomes), ['done', 'refused', 'done']);
    assert.deepEqual(await operator.view.users(), []);
    const store = new SqliteStore(path, { patienceMs: 0 });
    await store.open();
    assert.deepEqual((await drainSends(store)).sort(), ['m1', 'm2']);
    await store.close();
  });

  it('are carried out by the bot where one runs, which knows of them at once', async () => {
    const adapter = await startBot();
    assert.deepEqual(
      (await operator.view.users()).map(({ role, pid }) => [role, pid]),
      [['bot', process.pid]],
    );
    const discard: OperatorCommand = { kind: 'discardDeadLetter', id: 'm2' };
    assert.deepEqual(statuses(await operator.carryOut([replay('m1'), discard], terms())), ['done', 'done']);
    await webex.waitForReplies(1);
    assert.deepEqual(webex.texts, ['m1']);
    await adapter.whenIdle();
    const { store } = await adapter.health();
    assert.deepEqual([store?.deadLetters, store?.waitingMessages], [1, 0]);
  });

  it('that take the bot’s options wait for a bot', async () => {
    const requests: OperatorCommand[] = [
      { kind: 'replayQuarantined', id: 'request' },
      { kind: 'replayQuarantined', id: 'event' },
    ];
    assert.deepEqual(statuses(await operator.carryOut(requests, terms())), ['noBot', 'done']);
    await startBot();
    assert.deepEqual(statuses(await operator.carryOut(requests.slice(0, 1), terms())), ['done']);
    await webex.waitForReplies(1);
  });

  it('of two command lines at once are all carried out, once each', async () => {
    const other = open();
    const outcomes = await Promise.all([
      operator.carryOut([replay('m1'), replay('m2')], terms()),
      other.carryOut([replay('m2'), replay('m3')], terms()),
    ]);
    assert.deepEqual(outcomes.flatMap(statuses).sort(), ['done', 'done', 'done', 'refused']);
    const store = new SqliteStore(path);
    await store.open();
    assert.deepEqual((await drainSends(store)).sort(), ['m1', 'm2', 'm3']);
    await store.close();
  });

  it('keep no bot from starting, however many there are', async () => {
    let isStarted = false;
    const starting = startBot().finally(() => {
      isStarted = true;
    });
    do {
      const outcomes = await operator.carryOut([replay('x')], terms());
      assert.deepEqual(statuses(outcomes), ['refused']);
    } while (!isStarted);
    await starting;
  });

  it('that wait for an owner who goes without having taken them are carried out then', async () => {
    // Owns the file and takes no commands, as a bot that hangs, or another command line.
    const owner = new SqliteStore(path);
    await owner.open();
    const carrying = operator.carryOut([replay('m1')], terms());
    while (!(await hasWaiting(owner))) await new Promise(setImmediate);
    await owner.close();
    assert.deepEqual(statuses(await carrying), ['done']);
  });

  it('that an owner had taken when it died are not known, and not done twice', async () => {
    const owner = new SqliteStore(path);
    await owner.open();
    const carrying = operator.carryOut([replay('m1'), replay('m2')], terms());
    while (!(await hasWaiting(owner))) await new Promise(setImmediate);
    const [taken] = await owner.operatorCommands.take(1, Date.now());
    assert.deepEqual(taken?.command, replay('m1'));
    await owner.close();
    assert.deepEqual(statuses(await carrying), ['unanswered', 'done']);
    assert.deepEqual(
      (await operator.view.reading.listDeadLetters({ limit: 10 })).map(({ id }) => id),
      ['m1', 'm3'],
    );
  });

  it('that a hanging owner does not take are withdrawn', async () => {
    const owner = new SqliteStore(path);
    await owner.open();
    const outcomes = await operator.carryOut([replay('m1')], { ...terms(), waitMs: 300 });
    assert.deepEqual(statuses(outcomes), ['withdrawn']);
    assert.equal(await hasWaiting(owner), false);
    await owner.close();
  });

  it('tells how much room there is', async () => {
    assert.ok(((await operator.freeBytes()) ?? 0) > 0);
  });

  async function hasWaiting(owner: SqliteStore): Promise<boolean> {
    const ids = waitingIds();
    return (await owner.operatorCommands.states(ids)).some(({ status }) => status === 'waiting');
  }

  /** The commands' ids are the command line's own. */
  function waitingIds(): string[] {
    const driver = openDriver(path);
    const rows = driver.prepare('SELECT id FROM operator_commands').all();
    driver.close();
    return rows.map(({ id }) => String(id));
  }
});
