import assert from 'node:assert/strict';
import { MemoryStore, StoreUnavailableError } from '../../../src';
import { StoreWatch } from '../../../src/operations/health/storeWatch';
import { ManualClock } from '../../../src/testing';
import { letEventLoopTurn } from '../../support/eventLoop';
import { MoodyStore, STORE_SECRET } from '../../support/moodyStore';

const SECOND = 1000;
const DOWN = 'StoreUnavailableError WEBEX_CONNECT_STORE_UNAVAILABLE';
const LATE = 'no answer within 2000 ms';

describe('StoreWatch', () => {
  let moody: MoodyStore;
  let clock: ManualClock;
  let start: number;
  let told: string[];
  let watch: StoreWatch;

  const at = (time: number) => (time - start) / SECOND;

  beforeEach(async () => {
    moody = new MoodyStore();
    clock = new ManualClock();
    start = clock.now();
    told = [];
    await moody.memory.open();
    watch = new StoreWatch(moody.store, clock, {
      onLost: (error, since) => told.push(`lost at ${at(since)}: ${error}`),
      onFound: (error, since) => told.push(`found at ${at(clock.now())}, lost at ${at(since)}: ${error}`),
    });
    watch.open();
  });
  afterEach(() => watch.close());

  const lookAt = async (): Promise<number | undefined> => (await watch.look())?.waitingEvents;

  it('asks nothing and sets no timer while all is well and nobody asks', async () => {
    await clock.advance(3600 * SECOND);
    assert.equal(moody.calls.size, 0);
    assert.equal(clock.nextTimerIn, undefined);
  });

  it('tells what waits, and when the store was last reached', async () => {
    await clock.advance(SECOND);
    assert.equal(await lookAt(), 0);
    assert.deepEqual(watch.reach, { kind: 'reachable', at: start + SECOND });
  });

  it('asks the store at most ten times a second, and once for all who ask at the same time', async () => {
    const looks = await Promise.all(Array.from({ length: 1000 }, lookAt));
    assert.deepEqual(new Set(looks), new Set([0]));
    assert.equal(moody.callsOf('stats'), 1);
    for (let ask = 0; ask < 1000; ask++) assert.equal(await lookAt(), 0);
    assert.equal(moody.callsOf('stats'), 11);
    await clock.advance(SECOND);
    for (let ask = 0; ask < 1000; ask++) await lookAt();
    assert.equal(moody.callsOf('stats'), 21);
  });

  it('is lost with the first look that fails, and found by a probe', async () => {
    moody.be('down');
    assert.equal(await watch.look(), undefined);
    assert.deepEqual(watch.reach, { kind: 'unreachable', since: start, error: DOWN, lastReachedAt: start });
    await clock.advance(10 * SECOND);
    assert.deepEqual(told, [`lost at 0: ${DOWN}`]);
    moody.beWell();
    await clock.advance(SECOND);
    assert.deepEqual(told.slice(1), [`found at 11, lost at 0: ${DOWN}`]);
    assert.equal(await lookAt(), 0);
    assert.equal(clock.nextTimerIn, undefined);
  });

  it('is lost with a look that takes two seconds, and all who ask meanwhile are told in that time', async () => {
    moody.be('hanging');
    const looks = [watch.look(), watch.look()];
    await clock.advance(SECOND);
    looks.push(watch.look());
    await clock.advance(SECOND);
    assert.deepEqual(await Promise.all(looks), [undefined, undefined, undefined]);
    assert.deepEqual(told, [`lost at 0: ${LATE}`]);
  });

  it('answers at once while it is known to be lost', async () => {
    moody.be('hanging');
    const first = watch.look();
    await clock.advance(2 * SECOND);
    await first;
    const calls = moody.callsOf('stats');
    assert.equal(await watch.look(), undefined);
    // The probe's own question aside.
    assert.ok(moody.callsOf('stats') <= calls + 1);
  });

  it('is found although the answer that made it lost never comes', async () => {
    moody.be('hanging', 'stats');
    const first = watch.look();
    await clock.advance(2 * SECOND);
    await first;
    moody.beWell({ forgets: true });
    await clock.advance(60 * SECOND);
    assert.equal(watch.reach.kind, 'reachable');
    assert.equal(await lookAt(), 0);
    assert.equal(watch.reach.kind, 'reachable');
  });

  it('is not lost when something else went wrong, for a probe succeeds', async () => {
    watch.suspect();
    await letEventLoopTurn();
    assert.deepEqual(told, []);
    assert.equal(watch.reach.kind, 'reachable');
    assert.deepEqual([moody.callsOf('stats'), moody.callsOf('updateHealth')], [1, 1]);
  });

  it('is lost when it can be read and not written, as with a full disk', async () => {
    moody.be('down', 'updateHealth');
    watch.suspect();
    await letEventLoopTurn();
    assert.deepEqual(told, [`lost at 0: ${DOWN}`]);
    moody.beWell();
    await clock.advance(SECOND);
    assert.equal(told.length, 2);
  });

  it('is written something new by each probe, for stores write only what changes', async () => {
    const written: string[] = [];
    for (const [name] of [['first'], ['second']]) {
      watch.suspect();
      await letEventLoopTurn();
      written.push(JSON.stringify(await moody.memory.loadHealth('@probe')));
      assert.ok(name);
    }
    assert.notEqual(written[0], written[1], 'the clock has stood still');
  });

  it('is probed once at a time, however many suspect it and however long it hangs', async () => {
    moody.be('hanging');
    for (let second = 0; second < 20; second++) {
      watch.suspect();
      await clock.advance(SECOND);
    }
    assert.equal(moody.callsOf('updateHealth'), 1);
    moody.beWell();
    await letEventLoopTurn();
    assert.equal(watch.reach.kind, 'reachable');
    assert.equal(told.length, 2);
  });

  it('is probed once a second while it fails, however many suspect it', async () => {
    moody.be('down');
    for (let tick = 0; tick < 200; tick++) {
      watch.suspect();
      await clock.advance(SECOND / 20);
    }
    assert.ok(moody.callsOf('updateHealth') <= 11, `${moody.callsOf('updateHealth')} probes in ten seconds`);
  });

  it('says since when it has been lost, and with which error at last', async () => {
    moody.be('hanging');
    watch.suspect();
    await clock.advance(2 * SECOND);
    moody.be('down');
    await clock.advance(60 * SECOND);
    assert.deepEqual(watch.reach, { kind: 'unreachable', since: start, error: DOWN, lastReachedAt: start });
    assert.deepEqual(told, [`lost at 0: ${LATE}`]);
  });

  it('shows nothing of what the store has said', async () => {
    moody.be('down');
    await watch.look();
    assert.equal(JSON.stringify([told, watch.reach]).includes(STORE_SECRET), false);
  });

  it('stands a store of anybody’s that throws instead of rejecting', async () => {
    const rude = new MemoryStore();
    rude.stats = () => {
      throw new StoreUnavailableError('at once');
    };
    const other = new StoreWatch(rude, clock, { onLost: (error) => told.push(error), onFound: () => {} });
    other.open();
    assert.equal(await other.look(), undefined);
    assert.deepEqual(told, [DOWN]);
    other.close();
  });

  it('is not lost any more once it is closed, whatever becomes of what was asked before', async () => {
    moody.be('hanging');
    const looking = watch.look();
    watch.suspect();
    await clock.advance(SECOND);
    watch.close();
    await clock.advance(60 * SECOND);
    assert.equal(await looking, undefined);
    assert.deepEqual(told, []);
    assert.deepEqual(watch.reach, { kind: 'unknown' });
    assert.equal(clock.nextTimerIn, undefined);
  });

  it('knows nothing before it is opened and after it is closed, and then sets no timer', async () => {
    moody.be('down');
    const other = new StoreWatch(moody.store, clock, { onLost: () => told.push('lost'), onFound: () => {} });
    assert.equal(await other.look(), undefined);
    other.suspect();
    await letEventLoopTurn();
    assert.equal(moody.calls.size, 0);
    watch.suspect();
    await letEventLoopTurn();
    assert.equal(told.length, 1);
    watch.close();
    assert.deepEqual(watch.reach, { kind: 'unknown' });
    await clock.advance(10 * SECOND);
    assert.equal(clock.nextTimerIn, undefined);
    assert.equal(told.length, 1);
  });
});
