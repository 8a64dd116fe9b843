import assert from 'node:assert/strict';
import { MemoryStore } from '../../../src';
import { LAST_CALL_RECORD } from '../../../src/operations/health/reservedDestinations';
import { TrafficWatch } from '../../../src/operations/health/trafficWatch';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import { ManualClock } from '../../../src/testing';
import { letEventLoopTurn } from '../../support/eventLoop';
import { MoodyStore } from '../../support/moodyStore';
import { SharedStore } from '../../support/sharedStore';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('TrafficWatch', () => {
  let memory: MemoryStore;
  let clock: ManualClock;
  let start: number;
  let told: string[];

  beforeEach(async () => {
    memory = new MemoryStore();
    clock = new ManualClock();
    start = clock.now();
    told = [];
    await memory.open();
  });

  const open = async (expectedWithinMs: number | undefined = HOUR, store: DeliveryStore = memory) => {
    const watch = new TrafficWatch({ store, clock }, expectedWithinMs, {
      onSilence: (since) => told.push(`silent since ${(since - start) / MINUTE}`),
      onReturn: () => told.push(`back at ${(clock.now() - start) / MINUTE}`),
      onStoreFailed: () => {},
    });
    await watch.open();
    return watch;
  };

  it('tells of silence once, and of its end', async () => {
    const watch = await open();
    await clock.advance(10 * MINUTE);
    watch.called();
    await clock.advance(HOUR - 1);
    assert.deepEqual(told, []);
    assert.equal(watch.silentSince, undefined);
    await clock.advance(1);
    assert.deepEqual(told, ['silent since 10']);
    assert.equal(watch.silentSince, start + 10 * MINUTE);
    await clock.advance(5 * HOUR);
    assert.deepEqual(told, ['silent since 10']);
    watch.called();
    assert.deepEqual(told, ['silent since 10', 'back at 370']);
    assert.equal(watch.silentSince, undefined);
    await clock.advance(2 * HOUR);
    assert.deepEqual(told.slice(2), ['silent since 370']);
    watch.close();
  });

  it('counts from the start when nobody has ever called', async () => {
    const watch = await open();
    await clock.advance(HOUR);
    assert.deepEqual(told, ['silent since 0']);
    assert.equal(watch.lastCallAt, undefined);
    assert.equal(watch.silentSince, start);
    watch.close();
  });

  it('says nothing while somebody calls now and then', async () => {
    const watch = await open();
    for (let call = 0; call < 20; call++) {
      watch.called();
      await clock.advance(59 * MINUTE);
    }
    assert.deepEqual(told, []);
    watch.close();
  });

  it('sets no timer and writes nothing when nobody expects traffic, and still knows the last call', async () => {
    const moody = new MoodyStore(memory);
    const watch = new TrafficWatch({ store: moody.store, clock }, undefined, {
      onSilence: () => told.push('silent'),
      onReturn: () => told.push('back'),
      onStoreFailed: () => {},
    });
    await watch.open();
    watch.called();
    await letEventLoopTurn();
    assert.equal(clock.nextTimerIn, undefined);
    assert.equal(moody.calls.size, 0);
    assert.equal(watch.lastCallAt, start);
    clock.jumpTo(start + 1000 * HOUR);
    assert.equal(watch.silentSince, undefined);
  });

  it('writes the last call no more often than ten times in the time expected', async () => {
    const moody = new MoodyStore(memory);
    const watch = await open(HOUR, moody.store);
    for (let call = 0; call < 360; call++) {
      watch.called();
      await clock.advance(10_000);
    }
    assert.ok(moody.callsOf('updateHealth') <= 10, `${moody.callsOf('updateHealth')} writes`);
    assert.ok(moody.callsOf('updateHealth') >= 8, `${moody.callsOf('updateHealth')} writes`);
    watch.close();
  });

  it('remembers the last call over a restart: health knows at once, and nobody is told again for the whole time', async () => {
    const before = await open();
    before.called();
    await letEventLoopTurn();
    before.close();
    clock.jumpTo(start + 3 * HOUR);
    const after = await open();
    assert.equal(after.lastCallAt, start);
    assert.equal(after.silentSince, start);
    await clock.advance(HOUR - 1);
    assert.deepEqual(told, []);
    await clock.advance(1);
    assert.deepEqual(told, ['silent since 0']);
    after.close();
  });

  it('hears of calls to another replica, before it tells and after', async () => {
    const { store } = new SharedStore(memory);
    const here = await open(HOUR, store);
    const there = new TrafficWatch({ store, clock }, HOUR, {
      onSilence: () => {},
      onReturn: () => {},
      onStoreFailed: () => {},
    });
    await there.open();
    await clock.advance(50 * MINUTE);
    there.called();
    await clock.advance(55 * MINUTE);
    assert.deepEqual(told, []);
    await clock.advance(5 * MINUTE);
    assert.deepEqual(told, ['silent since 50']);
    there.called();
    await clock.advance(6 * MINUTE);
    assert.deepEqual(told, ['silent since 50', 'back at 116']);
    here.close();
    there.close();
  });

  it('tells of silence also when the store hangs', async () => {
    const moody = new MoodyStore(memory);
    const watch = await open(HOUR, new SharedStore(moody.store).store);
    moody.be('hanging');
    await clock.advance(HOUR + 2000);
    assert.deepEqual(told, ['silent since 0']);
    watch.close();
  });

  it('leaves no timer when it is closed', async () => {
    const watch = await open();
    assert.equal(clock.nextTimerIn, HOUR);
    watch.close();
    assert.equal(clock.nextTimerIn, undefined);
  });

  it('sets no timer after it was closed, not even out of a look that was under way', async () => {
    const moody = new MoodyStore(memory);
    const watch = await open(HOUR, new SharedStore(moody.store).store);
    moody.be('hanging');
    await clock.advance(HOUR);
    watch.close();
    moody.beWell();
    await letEventLoopTurn();
    assert.equal(clock.nextTimerIn, undefined);
    assert.deepEqual(told, []);
  });

  it('does not wait for hours when the clock is set back', async () => {
    const watch = await open();
    clock.jumpTo(start + 10 * HOUR);
    watch.called();
    clock.jumpTo(start);
    await clock.advance(HOUR);
    assert.deepEqual(told, []);
    assert.equal(clock.nextTimerIn, HOUR);
    watch.close();
  });

  it('keeps to its own record', async () => {
    const watch = await open();
    watch.called();
    await letEventLoopTurn();
    const record = await memory.loadHealth(LAST_CALL_RECORD);
    assert.deepEqual(record.status === 'inactive' && record.since, start);
    watch.close();
  });
});
