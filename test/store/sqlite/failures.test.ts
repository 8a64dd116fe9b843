import assert from 'node:assert/strict';
import { StoreUnavailableError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import {
  acceptAt,
  claimBy,
  LEASE_MS,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  WEBHOOK,
} from '../../support/storeSamples';
import { acceptAll, claimSend, claimTurn, dueSends, dueTurns, stageAll } from '../../support/storeSteps';
import { SpiedDriver } from './support/spiedDriver';
import { temporaryFiles } from './support/temporaryFolder';

const IO_ERROR = 10;
const BIG = JSON.stringify('x'.repeat(100_000));

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreUnavailableError && error.code === 'WEBEX_CONNECT_STORE_UNAVAILABLE';
}

describe('A SqliteStore whose database fails', () => {
  const file = temporaryFiles();
  let spied: SpiedDriver;
  let store: SqliteStore;
  beforeEach(async () => {
    spied = new SpiedDriver();
    store = new SqliteStore(file(), { openDriver: spied.open });
    await store.open();
  });
  afterEach(async () => {
    spied.failNoMore();
    await store.close();
  });

  it('refuses what finds no room on the disk, and goes on when there is room again', async () => {
    await acceptAll(store, 'c', ['e']);
    spied.driver.exec('PRAGMA max_page_count = 1');
    const accepting = ['e2', 'e3'].map((id) =>
      store.accept(newEvent('c', id, { payload: BIG, dedupeKey: id }), acceptAt()),
    );
    for (const outcome of accepting) await assert.rejects(outcome, isUnavailable);
    assert.equal((await store.stats()).waitingEvents, 1);
    await assert.rejects(store.write({ k: { BIG } }), isUnavailable);

    spied.driver.exec('PRAGMA max_page_count = 1000000');
    const again = await store.accept(
      newEvent('c', 'e2', { payload: BIG, dedupeKey: 'e2' }),
      acceptAt(T0, { maxBacklog: 2 }),
    );
    assert.equal(again.status, 'stored', 'neither its key nor a place in the backlog was taken');
    assert.deepEqual(await dueTurns(store, claimBy('a')), ['e']);
  });

  it('refuses to write while the database is read-only, and still reads', async () => {
    await acceptAll(store, 'c', ['e']);
    await stageAll(store, 'c', ['m']);
    const send = await claimSend(store);
    const delivered = { kind: 'delivered', at: T0, platformMessageId: 'p' } as const;
    spied.driver.exec('PRAGMA query_only = 1');
    await assert.rejects(store.accept(newEvent('c'), acceptAt()), isUnavailable);
    await assert.rejects(store.claimTurns(1, claimBy('a')), isUnavailable);
    await assert.rejects(store.settleSend(send, delivered, settleTerms()), isUnavailable);
    assert.equal(await store.findActivityId('c', 'p'), undefined);

    spied.driver.exec('PRAGMA query_only = 0');
    await store.settleSend(send, delivered, settleTerms());
    assert.equal(await store.findActivityId('c', 'p'), 'm');
    assert.equal((await claimTurn(store)).event.id, 'e');
  });

  for (const step of ['BEGIN', 'COMMIT']) {
    it(`takes everything back when ${step} fails, in memory too`, async () => {
      await acceptAll(store, 'c', ['e1', 'e2']);
      await stageAll(store, 'c', ['m1', 'm2']);
      const turn = await claimTurn(store);
      const before = await store.stats();
      spied.failOn(step, IO_ERROR);
      const failing = [
        store.accept(newEvent('d', 'lost', { dedupeKey: 'k' }), acceptAt(T0, { claim: claimBy('a') })),
        store.stage([newMessage('c', 'm3'), newMessage('d', 'm4')], { turn, claim: claimBy('a') }),
        store.settleTurn(turn, { kind: 'completed' }, claimBy('a')),
        store.claimSends(WEBHOOK, 10, claimBy('a')),
        store.updateHealth(WEBHOOK, () => ({ status: 'active', consecutiveFailures: 4 })),
        store.closeConversation('c', T0),
        store.quarantine({ id: 'q', body: '', reason: 'x', receivedAt: T0 }, 1),
        store.write({ k: { n: 1 } }),
      ];
      for (const outcome of failing) await assert.rejects(outcome, isUnavailable);
      spied.failNoMore();

      assert.deepEqual(await store.stats(), before);
      assert.equal((await store.loadHealth(WEBHOOK)).consecutiveFailures, 0);
      assert.deepEqual(await dueSends(store, claimBy('b')), ['m1'], 'the claim was taken back');
      assert.deepEqual(await dueTurns(store, claimBy('b')), []);
      const next = await store.settleTurn(turn, { kind: 'completed' }, claimBy('a'));
      assert.equal(next?.event.id, 'e2', 'the lease was given back');
    });
  }

  it('forgets the lease of a claim that was not committed', async () => {
    await acceptAll(store, 'c', ['e']);
    spied.failOn('COMMIT', IO_ERROR);
    await assert.rejects(store.claimTurns(1, claimBy('a')), isUnavailable);
    spied.failNoMore();
    await store.claimTurns(1, claimBy('b', T0 + 1));
    assert.equal(await store.nextTurnAt(T0), T0 + 1 + LEASE_MS);
    assert.deepEqual(await dueTurns(store, claimBy('c', T0 + LEASE_MS)), [], 'b still holds it');
  });

  it('says so when it cannot read', async () => {
    await acceptAll(store, 'c', ['e']);
    spied.failOn('SELECT', IO_ERROR);
    await assert.rejects(store.listDeadLetters({ limit: 1 }), isUnavailable);
    await assert.rejects(store.claimTurns(1, claimBy('a')), isUnavailable);
    await assert.rejects(store.read(['k']), isUnavailable);
    spied.failNoMore();
    assert.equal((await claimTurn(store)).event.id, 'e');
  });

  it('goes on when the housekeeping fails', async () => {
    spied.failOn('SELECT seq, keep_until', 1);
    const ids = Array.from({ length: 100 }, (_, index) => `e${index}`);
    await acceptAll(store, 'c', ids);
    assert.equal((await store.stats()).waitingEvents, 100);
  });
});
