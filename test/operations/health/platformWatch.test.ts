import assert from 'node:assert/strict';
import { MemoryStore } from '../../../src';
import type { PlatformRun } from '../../../src/operations/health/platformRun';
import { PlatformWatch } from '../../../src/operations/health/platformWatch';
import { PLATFORM_RECORD } from '../../../src/operations/health/reservedDestinations';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import { ManualClock } from '../../../src/testing';
import { letEventLoopTurn } from '../../support/eventLoop';
import { MoodyStore } from '../../support/moodyStore';
import { SharedStore } from '../../support/sharedStore';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

class Replica {
  readonly watch: PlatformWatch;
  readonly restored: PlatformRun[] = [];
  /** The failures in a row, each time they were told. */
  readonly counts: number[] = [];

  constructor(store: DeliveryStore, clock: ManualClock) {
    this.watch = new PlatformWatch(
      { store, clock },
      {
        onRestored: (run) => this.restored.push(run),
        onChange: (run) => this.counts.push(run?.failures ?? 0),
        onStoreFailed: () => {},
      },
    );
  }

  get failures(): number {
    return this.watch.run?.failures ?? 0;
  }

  async answer(...statuses: number[]): Promise<void> {
    for (const status of statuses) this.watch.answered(status);
    await letEventLoopTurn();
  }
}

describe('PlatformWatch', () => {
  let memory: MemoryStore;
  let clock: ManualClock;

  beforeEach(async () => {
    memory = new MemoryStore();
    clock = new ManualClock();
    await memory.open();
  });

  const replica = async (store: DeliveryStore = memory) => {
    const one = new Replica(store, clock);
    await one.watch.open();
    return one;
  };
  const sharedReplica = () => replica(new SharedStore(memory).store);

  const rows: [statuses: number[], failures: number][] = [
    [[], 0],
    [[200], 0],
    [[503], 1],
    [[503, 503, 408, 413], 4],
    [[500, 500, 500, 500, 500, 500], 6],
    [[503, 503, 200], 0],
    [[503, 204, 503], 1],
    [[301], 1],
  ];
  for (const [statuses, failures] of rows) {
    it(`counts ${failures} in a row after the answers ${statuses.join(', ') || '–'}`, async () => {
      const one = await replica();
      await one.answer(...statuses);
      assert.equal(one.failures, failures);
    });
  }

  it('writes nothing while all goes well', async () => {
    const moody = new MoodyStore(memory);
    const one = await replica(moody.store);
    for (let call = 0; call < 100; call++) await one.answer(200);
    assert.equal(moody.callsOf('updateHealth'), 0);
    assert.equal(moody.callsOf('loadHealth'), 1);
  });

  it('is remembered over a restart, with its time, and goes on from there', async () => {
    const before = await replica();
    const since = clock.now();
    await before.answer(503, 503);
    await clock.advance(MINUTE);
    await before.answer(503, 503);
    before.watch.close();

    const after = await replica();
    assert.deepEqual(after.restored, [{ failures: 4, since, lastAt: since + MINUTE }]);
    assert.equal(after.failures, 4);
    await after.answer(503);
    assert.equal(after.failures, 5);
    await after.answer(200);
    assert.equal((await replica()).failures, 0);
  });

  it('is kept in memory while the store is down, and stored when it is back', async () => {
    const moody = new MoodyStore(memory);
    const one = await replica(moody.store);
    moody.be('down');
    await one.answer(503, 503, 503);
    await clock.advance(MINUTE);
    await one.answer(503);
    assert.equal(one.failures, 4);
    moody.beWell();
    await clock.advance(10 * SECOND);
    assert.equal((await replica()).failures, 4);
  });

  it('waits for no store that hangs', async () => {
    const moody = new MoodyStore(memory);
    const one = await replica(moody.store);
    moody.be('hanging');
    one.watch.answered(503);
    one.watch.answered(200);
    one.watch.answered(503);
    assert.equal(one.failures, 1);
    moody.beWell();
  });

  it('counts failures from before the store could be opened', async () => {
    const one = new Replica(memory, clock);
    one.watch.answered(503);
    one.watch.answered(503);
    assert.equal(one.failures, 2);
    await one.watch.open();
    await letEventLoopTurn();
    assert.equal((await replica()).failures, 2);
  });

  it('disturbs no destination, not even one of almost the same name', async () => {
    await (await replica()).answer(503, 503);
    assert.equal((await memory.loadHealth('webhook')).consecutiveFailures, 0);
    assert.equal((await memory.loadHealth('platform')).consecutiveFailures, 0);
    assert.equal((await memory.loadHealth(PLATFORM_RECORD)).consecutiveFailures, 2);
  });

  describe('of several replicas', () => {
    it('is the failures of all of them in a row', async () => {
      const [a, b] = [await sharedReplica(), await sharedReplica()];
      await a.answer(503, 503);
      await clock.advance(6 * SECOND);
      await b.answer(503);
      assert.equal(b.failures, 3);
      b.watch.refresh();
      await clock.advance(6 * SECOND);
      a.watch.refresh();
      await letEventLoopTurn();
      assert.equal(a.failures, 3);
    });

    it('adds up what two have failed at the same time', async () => {
      const [a, b] = [await sharedReplica(), await sharedReplica()];
      a.watch.answered(503);
      b.watch.answered(503);
      await letEventLoopTurn();
      assert.equal((await sharedReplica()).failures, 2);
    });

    it('is forgotten within five seconds when another one succeeds, however often a sick one fails', async () => {
      const [sick, well] = [await sharedReplica(), await sharedReplica()];
      for (let second = 0; second < 60; second++) {
        await sick.answer(503);
        await clock.advance(500);
        await well.answer(200);
        await clock.advance(500);
        assert.ok(well.failures <= 6, `${well.failures} at second ${second}`);
      }
      await clock.advance(6 * SECOND);
      await well.answer(200);
      await well.answer(200);
      assert.equal(well.failures, 0);
      sick.watch.refresh();
      await letEventLoopTurn();
      assert.equal(sick.failures, 0);
    });

    it('is forgotten for one success that came after, when it turns up only then', async () => {
      const [a, b] = [await sharedReplica(), await sharedReplica()];
      await a.answer(503, 503);
      await clock.advance(6 * SECOND);
      await b.answer(200);
      assert.equal(b.failures, 0);
      assert.equal((await sharedReplica()).failures, 0);
    });

    it('alarms nobody while a sick one fails and another succeeds, and does when all fail', async () => {
      const [sick, other] = [await sharedReplica(), await sharedReplica()];
      for (let second = 0; second < 60; second++) {
        await sick.answer(503);
        await other.answer(200);
        await clock.advance(SECOND);
      }
      assert.deepEqual([...sick.counts, ...other.counts].filter(Boolean), []);
      for (let second = 0; second < 20; second++) {
        await sick.answer(503);
        await other.answer(503);
        await clock.advance(SECOND);
      }
      assert.ok(Math.max(...sick.counts) > 5);
      assert.ok(Math.max(...other.counts) > 5);
    });

    it('sets no timer for longer than it is watched', async () => {
      const one = await sharedReplica();
      await one.answer(503);
      one.watch.close();
      assert.equal(clock.nextTimerIn, undefined);
    });

    it('is not forgotten for a success that came before', async () => {
      const [a, b] = [await sharedReplica(), await sharedReplica()];
      await a.answer(200);
      await clock.advance(SECOND);
      await b.answer(503, 503);
      await clock.advance(6 * SECOND);
      a.watch.refresh();
      await letEventLoopTurn();
      assert.equal(a.failures, 2);
      assert.equal((await sharedReplica()).failures, 2);
    });
  });
});
