import assert from 'node:assert/strict';
import { InFlight } from '../../src/delivery/inFlight';
import { Pump } from '../../src/delivery/pump';
import { ManualClock } from '../../src/testing/manualClock';
import { letEventLoopTurn } from '../support/eventLoop';

type Look = () => Promise<number | undefined>;

/** A pump whose looks are counted. */
class CountedPump {
  readonly clock = new ManualClock();
  readonly inFlight = new InFlight();
  readonly errors: unknown[] = [];
  looks = 0;
  readonly pump: Pump;

  constructor(look: Look = async () => undefined) {
    const counted = () => {
      this.looks++;
      return look();
    };
    this.pump = new Pump(this.clock, this.inFlight, counted, (error) => this.errors.push(error));
  }
}

describe('Pump', () => {
  it('looks when it is woken', async () => {
    const counted = new CountedPump();
    counted.pump.wake();
    await counted.inFlight.settled();
    assert.equal(counted.looks, 1);
    assert.equal(counted.clock.nextTimerIn, undefined);
  });

  it('looks once more for all that woke it during a look', async () => {
    let endLook = () => {};
    const counted = new CountedPump(async () => {
      await new Promise<void>((resolve) => {
        endLook = resolve;
      });
      return undefined;
    });
    for (let time = 0; time < 5; time++) counted.pump.wake();
    assert.equal(counted.looks, 1);
    endLook();
    await letEventLoopTurn();
    assert.equal(counted.looks, 2);
    endLook();
    await counted.inFlight.settled();
    assert.equal(counted.looks, 2);
  });

  it('looks again when something becomes due', async () => {
    const due: number[] = [];
    const counted = new CountedPump(async () => due.shift());
    due.push(counted.clock.now() + 5000);
    counted.pump.wake();
    await counted.clock.advance(4999);
    assert.equal(counted.looks, 1);
    await counted.clock.advance(1);
    assert.equal(counted.looks, 2);
    assert.equal(counted.clock.nextTimerIn, undefined);
  });

  it('looks at once at what has become due in the meantime', async () => {
    const due: number[] = [];
    const counted = new CountedPump(async () => due.shift());
    due.push(counted.clock.now() - 1);
    counted.pump.wake();
    await counted.clock.advance(0);
    assert.equal(counted.looks, 2);
  });

  it('keeps the earliest alarm', async () => {
    const due: number[] = [];
    const counted = new CountedPump(async () => due.shift());
    const start = counted.clock.now();
    due.push(start + 5000, start + 9000, start + 3000);
    for (let time = 0; time < 3; time++) {
      counted.pump.wake();
      await counted.inFlight.settled();
    }
    assert.equal(counted.clock.nextTimerIn, 3000);
    await counted.clock.advance(9000);
    assert.equal(counted.looks, 4, 'an alarm that was put forward does not ring twice');
  });

  it('keeps an alarm that comes before what is due later', async () => {
    const due: number[] = [];
    const counted = new CountedPump(async () => due.shift());
    const start = counted.clock.now();
    due.push(start + 5000, start + 9000);
    for (let time = 0; time < 2; time++) {
      counted.pump.wake();
      await counted.inFlight.settled();
    }
    assert.equal(counted.clock.nextTimerIn, 5000);
  });

  it('tells of a look that failed, and looks again after a second', async () => {
    let isDown = true;
    const counted = new CountedPump(async () => {
      if (isDown) throw new Error('down');
      return undefined;
    });
    counted.pump.wake();
    await counted.inFlight.settled();
    assert.equal(counted.errors.length, 1);
    assert.equal(counted.clock.nextTimerIn, 1000);
    isDown = false;
    await counted.clock.advance(1000);
    assert.equal(counted.looks, 2);
    assert.equal(counted.clock.nextTimerIn, undefined);
  });

  it('looks no more when it is stopped', async () => {
    const due: number[] = [];
    const counted = new CountedPump(async () => due.shift());
    due.push(counted.clock.now() + 1000);
    counted.pump.wake();
    await counted.inFlight.settled();
    counted.pump.stop();
    counted.pump.wake();
    await counted.clock.advance(5000);
    assert.equal(counted.looks, 1);
  });

  it('sets no alarm when it is stopped during a look', async () => {
    const counted = new CountedPump(async () => {
      await letEventLoopTurn(1);
      return Number.MAX_SAFE_INTEGER;
    });
    counted.pump.wake();
    counted.pump.wake();
    counted.pump.stop();
    await counted.inFlight.settled();
    assert.equal(counted.looks, 1);
    assert.equal(counted.clock.nextTimerIn, undefined);
  });
});
