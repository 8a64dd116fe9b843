import assert from 'node:assert/strict';
import { SqliteStore } from '../../../src/sqlite';
import { openDriver } from '../../../src/store/sqlite/driver/openDriver';
import { History } from '../../../src/store/sqlite/history';
import {
  ALL_ENTRIES,
  deadSend,
  failedSend,
  failedTurn,
  follow,
  heldSend,
  historyOf,
  sketch,
} from '../../support/historySteps';
import { present } from '../../support/present';
import {
  acceptAt,
  claimBy,
  HOUR,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  WEBHOOK,
} from '../../support/storeSamples';
import { acceptAll, bury, claimSend, claimTurn, stageAll, stageSends } from '../../support/storeSteps';
import { SpiedDriver } from './support/spiedDriver';
import { temporaryFiles } from './support/temporaryFolder';

const DAY = 24 * HOUR;

async function echo(store: SqliteStore, conversationId: string, id: string, now = T0): Promise<void> {
  const claim = claimBy('a', now);
  const outcome = await store.accept(
    newEvent(conversationId, id, { receivedAt: now }),
    acceptAt(now, { claim, maxBacklog: 1e6 }),
  );
  const turn = present(outcome.status === 'stored' ? outcome.turn : undefined);
  const message = newMessage(conversationId, `${id}.1`, { stagedAt: now });
  const [send] = await stageSends(store, [message], { turn, claim });
  const delivered = { kind: 'delivered', at: now, platformMessageId: undefined } as const;
  await Promise.all([
    store.settleTurn(turn, { kind: 'completed' }, claim),
    store.settleSend(present(send), delivered, settleTerms(claim)),
  ]);
}

describe('The history in SQLite', () => {
  const file = temporaryFiles();
  const stores: SqliteStore[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });

  async function open(...options: ConstructorParameters<typeof SqliteStore>): Promise<SqliteStore> {
    const store = new SqliteStore(...options);
    await store.open();
    stores.push(store);
    return store;
  }

  it('costs what goes well no statement', async () => {
    const spied = new SpiedDriver();
    const store = await open(':memory:', { openDriver: spied.open });
    await echo(store, 'c', 'first');
    const before = spied.ran.length;
    await echo(store, 'c', 'second');
    const ran = spied.ran.slice(before);
    assert.ok(ran.length > 5, 'nothing was seen');
    assert.deepEqual(
      ran.filter(
        (sql) => /\battempts\b/.test(sql) && !/\b(inbox|outbox) SET\b|INTO (inbox|outbox)/.test(sql),
      ),
      [],
    );
  });

  it('finds the events of a conversation that are far apart', async () => {
    const store = await open(':memory:');
    const ids = ['first', 'second', 'third'];
    for (const [index, id] of ids.entries()) {
      await echo(store, 'c', id, T0 + index);
      const others = Array.from({ length: 700 }, (_, serial) => `${id}-${serial}`);
      await Promise.all(
        others.map((other) => store.accept(newEvent(other, other), acceptAt(T0, { maxBacklog: 1e6 }))),
      );
    }
    const told = await historyOf(store, 'c');
    assert.equal(told.length, 12);
    assert.deepEqual(
      told.filter((entry) => /accepted/.test(entry)),
      ids.map((id, index) => `${index} ${id} accepted from platform`),
    );
  });

  it('leaps over what came and went while a dead letter was kept', async () => {
    const path = file();
    const store = await open(path);
    await bury(store, 'c', 'dead');
    await echo(store, 'c', 'old');
    await store.close();
    const driver = openDriver(path);
    driver.exec('UPDATE outbox SET seq = seq + 1000000000000 WHERE seq > 1');
    driver.close();
    await store.open();
    await echo(store, 'c', 'new', T0 + 5);
    const told = await historyOf(store, 'c');
    for (const staged of [/dead/, /old\.1/, /new\.1/])
      assert.ok(
        told.some((entry) => staged.test(entry)),
        told.join(),
      );
  });

  it('is read by another connection while the owner writes', async () => {
    const path = file();
    const store = await open(path);
    const driver = openDriver(path);
    const onlooker = new History(driver);
    let { cursor } = onlooker.activity(undefined, 1);
    const told: string[] = [];
    for (const serial of [1, 2, 3, 4, 5]) {
      await Promise.all(['a', 'b', 'c'].map((name) => echo(store, name, `${name}${serial}`, T0 + serial)));
      const seen = onlooker.activity(cursor, 5);
      told.push(...seen.entries.map(sketch));
      cursor = seen.cursor;
    }
    const rest = onlooker.activity(cursor, ALL_ENTRIES);
    told.push(...rest.entries.map(sketch));
    const histories = ['a', 'b', 'c'].map((name) =>
      onlooker.ofConversation(name, { limit: ALL_ENTRIES }).map(sketch),
    );
    assert.equal(told.length, 60);
    assert.deepEqual(told.sort(), histories.flat().sort());
    driver.close();
  });

  it('survives a restart, and tells then what was cut off when it is tried again', async () => {
    const store = await open(file());
    await echo(store, 'c', 'done');
    await acceptAll(store, 'c', ['e']);
    await stageAll(store, 'c', ['m']);
    await store.settleTurn(await claimTurn(store), failedTurn(T0 + 1), undefined);
    await claimTurn(store, claimBy('a', T0 + 1));
    await claimSend(store);
    const before = await store.history('c', { limit: ALL_ENTRIES });
    const { cursor } = await store.activity(undefined, 1);
    await store.close();
    await store.open();

    assert.deepEqual(await store.history('c', { limit: ALL_ENTRIES }), before);
    const turn = await claimTurn(store, claimBy('b', T0 + 5));
    const send = await claimSend(store, claimBy('b', T0 + 6));
    await store.settleTurn(turn, { kind: 'completed' }, claimBy('b', T0 + 7));
    await store.settleSend(send, failedSend(T0 + 8), settleTerms());
    const since = await follow(store, cursor, 10);
    assert.deepEqual(since.told, [
      '5 e turn 2 abandoned',
      '6 m send 1 abandoned',
      '7 e turn 3 completed',
      '8 m send 2 failed: the webhook answered 503',
    ]);
    assert.deepEqual((await historyOf(store, 'c')).slice(before.length), since.told);
  });

  it('tells once what was cut off', async () => {
    const store = await open(file());
    await acceptAll(store, 'c', ['e']);
    await claimTurn(store);
    await store.close();
    await store.open();
    await store.settleTurn(await claimTurn(store), failedTurn(T0 + 1), undefined);
    await store.settleTurn(await claimTurn(store, claimBy('a', T0 + 1)), failedTurn(T0 + 2), undefined);
    assert.deepEqual((await historyOf(store, 'c')).slice(1), [
      '0 e turn 1 abandoned',
      '1 e turn 2 failed: TypeError',
      '2 e turn 3 failed: TypeError',
    ]);
  });

  it('goes with the events and messages that it is of', async () => {
    const spied = new SpiedDriver();
    const store = await open({ path: ':memory:', retentionMs: DAY }, { openDriver: spied.open });
    const count = () => spied.driver.prepare('SELECT COUNT(*) AS n FROM attempts').get()?.n;
    await acceptAll(store, 'c', ['e']);
    await store.settleTurn(await claimTurn(store), failedTurn(T0), undefined);
    await store.settleTurn(await claimTurn(store), { kind: 'completed' }, claimBy('a'));
    await stageAll(store, 'c', ['m']);
    await store.settleSend(await claimSend(store), heldSend(T0), settleTerms());
    await store.settleSend(await claimSend(store), failedSend(T0), settleTerms());
    const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;
    await store.settleSend(await claimSend(store), delivered, settleTerms(claimBy('a')));
    await bury(store, 'c', 'dead');
    assert.equal(count(), 4);
    const goOn = async (now: number) => {
      for (let serial = 0; serial < 100; serial++) await echo(store, 'd', `${now}-${serial}`, now);
    };
    await goOn(T0 + 2 * DAY);
    assert.equal(count(), 1, 'what an operator has to look at stays');
    assert.deepEqual(
      (await historyOf(store, 'c')).map((entry) => entry.replace(/ for .*/, '')),
      ['0 dead staged by nobody', '0 dead send 1 dead: refused'],
    );
    await store.discardDeadLetter('dead');
    // The lap after the one with which the message went.
    for (const now of [T0 + 4 * DAY, T0 + 4 * DAY + 2 * HOUR]) await goOn(now);
    assert.equal(count(), 0, 'and is come back for');
  });

  it('stays with a message that was a dead letter and waits again', async () => {
    const spied = new SpiedDriver();
    const store = await open(':memory:', { openDriver: spied.open });
    await bury(store, 'c', 'm');
    await store.replayDeadLetter('m');
    for (let serial = 0; serial < 40; serial++) await echo(store, 'd', `e${serial}`);
    assert.deepEqual((await historyOf(store, 'c')).slice(1), ['0 m send 1 dead: refused']);
  });

  it('is followed on when the numbers of rows begin again', async () => {
    const spied = new SpiedDriver();
    const store = await open(':memory:', { openDriver: spied.open });
    for (let serial = 0; serial < 20; serial++) await echo(store, 'c', `old${serial}`);
    const { cursor } = await store.activity(undefined, 1);
    // As the sweep does when nothing came for longer than anything is kept.
    spied.driver.exec('DELETE FROM inbox; DELETE FROM outbox');
    await echo(store, 'c', 'new', T0 + 1);
    assert.deepEqual(
      (await follow(store, cursor, 3)).told.sort(),
      [
        '1 new accepted from platform',
        `1 new.1 staged by new for ${WEBHOOK}`,
        '1 new turn 1 completed',
        '1 new.1 send 1 delivered',
      ].sort(),
    );
  });

  it('knows the event that has sent a message only as long as it is that event', async () => {
    const spied = new SpiedDriver();
    const store = await open(':memory:', { openDriver: spied.open });
    await acceptAll(store, 'c', ['e']);
    const turn = await claimTurn(store);
    await store.stage([newMessage('c', 'dead')], { turn, claim: undefined });
    await store.settleTurn(turn, { kind: 'completed' }, claimBy('a'));
    await store.settleSend(await claimSend(store), deadSend(T0), settleTerms());
    spied.driver.exec('DELETE FROM inbox');
    await store.accept(newEvent('other', 'later', { receivedAt: T0 + 1 }), acceptAt());
    assert.equal((await historyOf(store, 'c'))[0], `0 dead staged by nobody for ${WEBHOOK}`);
  });
});
