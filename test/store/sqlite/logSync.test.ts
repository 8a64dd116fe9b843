import assert from 'node:assert/strict';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { StoreUnavailableError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import { openDriver } from '../../../src/store/sqlite/driver/openDriver';
import { type LogSync, openLogSync } from '../../../src/store/sqlite/logSync';
import { letEventLoopTurn } from '../../support/eventLoop';
import { present } from '../../support/present';
import { acceptAt, newEvent } from '../../support/storeSamples';
import { SpiedDriver } from './support/spiedDriver';
import { temporaryFiles } from './support/temporaryFolder';

const EIO = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });

/** A disk that takes its time, and may fail. */
class SlowLog implements LogSync {
  underWay: ((error: Error | null) => void) | undefined;
  begun = 0;
  syncedAtOnce = 0;
  isClosed = false;
  failsAtOnce = false;

  begin(done: (error: Error | null) => void): void {
    assert.equal(this.underWay, undefined, 'one at a time');
    this.begun++;
    this.underWay = done;
  }

  now(): void {
    this.syncedAtOnce++;
    if (this.failsAtOnce) throw EIO;
  }

  close(): void {
    this.isClosed = true;
  }

  end(error: Error | null = null): void {
    const done = present(this.underWay, 'a sync that is under way');
    this.underWay = undefined;
    done(error);
  }
}

function isNotKept(error: unknown): boolean {
  return (
    error instanceof StoreUnavailableError &&
    /has failed to keep.*EIO.*start the bot again/.test(error.message)
  );
}

describe('What a SqliteStore commits', () => {
  const file = temporaryFiles();
  let log: SlowLog;
  let store: SqliteStore;
  let spied: SpiedDriver;
  let told: string[];
  beforeEach(async () => {
    log = new SlowLog();
    told = [];
    spied = new SpiedDriver();
    store = new SqliteStore(file(), { openLog: () => log, openDriver: spied.open });
    await store.open();
  });
  afterEach(() => store.close());

  function accept(id: string): Promise<void> {
    return store.accept(newEvent(`c-${id}`, id), acceptAt()).then(
      ({ status }) => void told.push(`${id} ${status}`),
      (error: unknown) => void told.push(`${id} ${isNotKept(error) ? 'not kept' : String(error)}`),
    );
  }

  it('is told of only when it is on the disk (I1)', async () => {
    void accept('a');
    await letEventLoopTurn();
    assert.equal(store.commits, 1);
    assert.deepEqual(told, []);
    log.end();
    await letEventLoopTurn();
    assert.deepEqual(told, ['a stored']);
  });

  it('goes to the disk group by group: what comes meanwhile is the next', async () => {
    void accept('a');
    await letEventLoopTurn();
    for (const id of ['b', 'c', 'd']) {
      void accept(id);
      await letEventLoopTurn();
    }
    assert.deepEqual([store.commits, log.begun], [1, 1]);
    log.end();
    await letEventLoopTurn();
    assert.deepEqual([store.commits, log.begun], [2, 2]);
    assert.deepEqual(told, ['a stored']);
    log.end();
    await letEventLoopTurn();
    assert.deepEqual(told, ['a stored', 'b stored', 'c stored', 'd stored']);
    assert.equal(log.underWay, undefined);
  });

  it('waits for no group when nobody waits for it', async () => {
    const group = accept('a');
    await letEventLoopTurn();
    log.end();
    await group;
    await letEventLoopTurn();
    assert.deepEqual([store.commits, log.begun], [1, 1]);
  });

  it('is told of as a duplicate only when the first is on the disk', async () => {
    const event = newEvent('c', 'a', { dedupeKey: 'k' });
    void store.accept(event, acceptAt()).then(({ status }) => told.push(status));
    await letEventLoopTurn();
    void store.accept({ ...event, id: 'b' }, acceptAt()).then(({ status }) => told.push(status));
    await letEventLoopTurn();
    assert.deepEqual(told, []);
    log.end();
    await letEventLoopTurn();
    log.end();
    await letEventLoopTurn();
    assert.deepEqual(told, ['stored', 'duplicate']);
  });

  it('is all refused, and nothing more is taken or read, when the disk has not kept it', async () => {
    void accept('a');
    await letEventLoopTurn();
    void accept('b');
    log.end(EIO);
    await letEventLoopTurn();
    void accept('c');
    await letEventLoopTurn();
    assert.deepEqual(told, ['a not kept', 'b not kept', 'c not kept']);
    assert.deepEqual([store.commits, log.begun], [1, 1]);
    await assert.rejects(store.stats(), isNotKept);
  });

  it('is there when the database is opened anew', async () => {
    void accept('a');
    await letEventLoopTurn();
    log.end(EIO);
    await store.close();
    log = new SlowLog();
    await store.open();
    assert.equal((await store.stats()).waitingEvents, 1);
    void accept('b');
    await letEventLoopTurn();
    log.end();
    await letEventLoopTurn();
    assert.deepEqual(told, ['a not kept', 'b stored']);
  });

  it('is on the disk when the store is closed, with what waits behind it', async () => {
    void accept('a');
    await letEventLoopTurn();
    void accept('b');
    await store.close();
    assert.deepEqual([log.syncedAtOnce, log.isClosed], [1, true]);
    await letEventLoopTurn();
    assert.deepEqual(told, ['a stored', 'b stored']);
    // The sync that was under way ends after all.
    log.end(EIO);
    await letEventLoopTurn();
    assert.deepEqual(told, ['a stored', 'b stored']);
  });

  it('is refused when the disk does not keep it while the store is closed', async () => {
    void accept('a');
    await letEventLoopTurn();
    void accept('b');
    log.failsAtOnce = true;
    await store.close();
    await letEventLoopTurn();
    assert.deepEqual(told, ['a not kept', 'b not kept']);
  });

  it('is forced out by SQLite nowhere but at checkpoints', () => {
    assert.equal(spied.driver.prepare('PRAGMA synchronous').get()?.synchronous, 1);
  });
});

describe('A SqliteStore whose log cannot be reached', () => {
  const file = temporaryFiles();

  it('has SQLite force out every commit', async () => {
    const spied = new SpiedDriver();
    const store = new SqliteStore(file(), { openLog: () => undefined, openDriver: spied.open });
    await store.open();
    assert.equal(spied.driver.prepare('PRAGMA synchronous').get()?.synchronous, 2);
    assert.equal((await store.accept(newEvent('c'), acceptAt())).status, 'stored');
    await store.close();
  });
});

describe('openLogSync', () => {
  const file = temporaryFiles();

  it('finds nothing to be forced out in memory', () => {
    const driver = openDriver(':memory:');
    assert.equal(openLogSync(driver), undefined);
    driver.close();
  });

  it('finds none where there is no log', () => {
    const path = file();
    const driver = openDriver(path);
    driver.exec('CREATE TABLE t (a)');
    assert.equal(existsSync(`${path}-wal`), false);
    assert.equal(openLogSync(driver), undefined);
    driver.close();
  });

  it('forces the log out, beside the thread or at once, and lets it go', async () => {
    const path = file();
    const driver = openDriver(path);
    driver.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a)');
    const before = handlesOf(`${path}-wal`);
    const log = present(openLogSync(driver), 'the log');
    log.now();
    assert.equal(await new Promise((resolve) => log.begin(resolve)), null);
    const ended = new Promise((resolve) => log.begin(resolve));
    log.close();
    log.close();
    assert.equal(await ended, null);
    while (handlesOf(`${path}-wal`) > before) await letEventLoopTurn(1);
    driver.close();
  });
});

/** How often this process has a file open; 0 where nobody can tell. */
function handlesOf(path: string): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;
}
