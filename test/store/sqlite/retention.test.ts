import assert from 'node:assert/strict';
import { SqliteStore } from '../../../src/sqlite';
import { present } from '../../support/present';
import { acceptAt, claimBy, HOUR, newEvent, newMessage, settleTerms, T0 } from '../../support/storeSamples';
import { bury, claimSend, claimTurn, deliver, dueSends, stageSends } from '../../support/storeSteps';
import { SpiedDriver } from './support/spiedDriver';

const DAY = 24 * HOUR;
/** More than the store does between two steps of pruning. */
const MANY = 40;

describe('Retention of SQLite', () => {
  let spied: SpiedDriver;
  let store: SqliteStore;
  beforeEach(async () => {
    spied = new SpiedDriver();
    store = new SqliteStore({ path: ':memory:', retentionMs: DAY }, { openDriver: spied.open });
    await store.open();
  });
  afterEach(async () => {
    await store.close();
  });

  function countRows(table: string): unknown {
    return spied.driver.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.n;
  }

  async function echo(id: string, now: number, dedupeWindowMs = HOUR): Promise<void> {
    const claim = claimBy('a', now);
    const terms = acceptAt(now, { claim, dedupeWindowMs });
    const outcome = await store.accept(newEvent(`c-${id}`, id, { dedupeKey: `k-${id}` }), terms);
    const turn = present(outcome.status === 'stored' ? outcome.turn : undefined);
    const [send] = await stageSends(store, [newMessage(`c-${id}`, `${id}.1`)], { turn, claim });
    await store.settleTurn(turn, { kind: 'completed' }, claim);
    const delivered = { kind: 'delivered', at: now, platformMessageId: `p-${id}` } as const;
    await store.settleSend(present(send), delivered, settleTerms(claim));
  }

  async function echoMany(prefix: string, count: number, now: number, dedupeWindowMs = HOUR): Promise<void> {
    for (let serial = 0; serial < count; serial++) await echo(`${prefix}${serial}`, now, dedupeWindowMs);
  }

  it('keeps what has ended for its time', async () => {
    await echoMany('old', MANY, T0);
    await echoMany('new', MANY, T0 + DAY - 1);
    assert.deepEqual([countRows('inbox'), countRows('outbox')], [2 * MANY, 2 * MANY]);
    assert.equal(await store.findActivityId('c-old0', 'p-old0'), 'old0.1');
  });

  it('lets it go then, in small steps', async () => {
    await echoMany('old', 100, T0);
    await echoMany('new', 10, T0 + DAY);
    assert.ok(Number(countRows('inbox')) > 40, 'not all at once');
    await echoMany('newer', 20, T0 + DAY);
    assert.deepEqual([countRows('inbox'), countRows('outbox'), countRows('dedupe_keys')], [30, 30, 30]);
    assert.equal(await store.findActivityId('c-old0', 'p-old0'), undefined);
    assert.equal(await store.findActivityId('c-new0', 'p-new0'), 'new0.1');
  });

  it('forgets dedupe keys when their window has passed', async () => {
    await echoMany('old', MANY, T0);
    await echoMany('new', MANY, T0 + HOUR);
    assert.deepEqual([countRows('dedupe_keys'), countRows('inbox')], [MANY, 2 * MANY]);
  });

  it('keeps everything for as long as the dedupe window', async () => {
    await echoMany('old', MANY, T0, 3 * DAY);
    await echoMany('new', MANY, T0 + 2 * DAY, 3 * DAY);
    assert.deepEqual([countRows('inbox'), countRows('outbox')], [2 * MANY, 2 * MANY]);
  });

  it('keeps what waits, and what an operator has to look at', async () => {
    await store.accept(newEvent('waiting', 'waiting'), acceptAt());
    await store.accept(newEvent('ill', 'ill'), acceptAt(T0, { claim: claimBy('a') }));
    await bury(store, 'dead', 'dead');
    await echoMany('old', MANY, T0);
    await echoMany('new', MANY, T0 + 2 * DAY);
    assert.deepEqual([countRows('inbox'), countRows('outbox')], [MANY + 2, MANY + 1]);
    assert.equal((await store.listDeadLetters({ limit: 2 })).length, 1);
    assert.equal((await claimTurn(store, claimBy('b', T0 + 2 * DAY))).event.id, 'waiting');
  });

  it('comes back for what had to wait when it passed by', async () => {
    await bury(store, 'dead', 'dead');
    await echoMany('old', MANY, T0);
    await echoMany('new', MANY, T0 + 2 * DAY);
    await store.discardDeadLetter('dead');
    await echoMany('newer', MANY, T0 + 4 * DAY);
    assert.equal(countRows('outbox'), MANY);
  });

  it('is not held up by what a wrong clock has stamped', async () => {
    await echo('wrong', T0 + 1000 * DAY);
    await echoMany('old', MANY, T0);
    await echoMany('new', MANY, T0 + 2 * DAY);
    assert.deepEqual([countRows('inbox'), countRows('outbox')], [MANY + 1, MANY + 1]);
  });

  it('keeps what a turn has sent for as long as it may be run again (I4)', async () => {
    const outcome = await store.accept(newEvent('c', 'e'), acceptAt(T0, { claim: claimBy('a') }));
    const turn = present(outcome.status === 'stored' ? outcome.turn : undefined);
    await store.stage([newMessage('c', 'e.1')], { turn, claim: undefined });
    await deliver(store, await claimSend(store));
    await store.settleTurn(
      turn,
      { kind: 'quarantined', at: T0, reason: 'failed', cause: 'Error' },
      undefined,
    );
    await echoMany('old', MANY, T0);
    await echoMany('new', MANY, T0 + 2 * DAY);
    assert.equal(countRows('outbox'), MANY + 1);

    await store.replayQuarantined('e', turn.event);
    await echoMany('newer', MANY, T0 + 4 * DAY);
    const again = await claimTurn(store, claimBy('a', T0 + 4 * DAY));
    await store.stage([newMessage('c', 'e.1'), newMessage('c', 'e.2')], { turn: again, claim: undefined });
    assert.deepEqual(await dueSends(store, claimBy('a', T0 + 4 * DAY)), ['e.2']);
  });
});
