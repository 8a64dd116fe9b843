import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MovableClock } from '../../src/clock/movableClock';
import { AdvancingBase, ManualBase } from './manualBase';

const turn = () => new Promise(setImmediate);

describe('MovableClock', () => {
  it('tells the time of its base', () => {
    const base = new ManualBase(1000);
    const clock = new MovableClock(base);
    base.pass(5);
    assert.equal(clock.now(), 1005);
    assert.equal(clock.isPaused, false);
  });

  it('stands still while it is paused, and goes on from there', () => {
    const base = new ManualBase(1000);
    const clock = new MovableClock(base);
    clock.pause();
    clock.pause();
    base.pass(500);
    assert.equal(clock.now(), 1000);
    assert.equal(clock.isPaused, true);
    clock.resume();
    clock.resume();
    base.pass(7);
    assert.equal(clock.now(), 1007);
    assert.equal(clock.baseNow(), 1507);
  });

  it('rings when the time has come, once', () => {
    const base = new ManualBase(1000);
    const clock = new MovableClock(base);
    let rung = 0;
    clock.setAlarm(1010, () => void rung++);
    base.pass(9);
    assert.equal(rung, 0);
    base.pass(1);
    base.pass(100);
    assert.equal(rung, 1);
    assert.equal(base.timers, 0);
  });

  it('rings by itself for what is due already, though its base is not moved', async () => {
    const clock = new MovableClock(new ManualBase(1000));
    let rung = 0;
    clock.setAlarm(1000, () => void rung++);
    assert.equal(clock.isDue, true);
    await turn();
    assert.equal(rung, 1);
    assert.equal(clock.isDue, false);
  });

  it('does not ring while it is paused, nor when it was called off', async () => {
    const base = new ManualBase(1000);
    const clock = new MovableClock(base);
    const rung: string[] = [];
    clock.setAlarm(1010, () => void rung.push('paused'));
    clock.setAlarm(1005, () => void rung.push('cancelled')).cancel();
    clock.pause();
    base.pass(50);
    await turn();
    assert.deepEqual(rung, []);
    assert.equal(clock.isDue, false);
    clock.resume();
    base.pass(10);
    assert.deepEqual(rung, ['paused']);
  });

  it('does not ring when it was stopped', async () => {
    const base = new ManualBase(1000);
    const clock = new MovableClock(base);
    let rung = 0;
    clock.setAlarm(1005, () => void rung++);
    clock.stop();
    base.pass(10);
    await turn();
    assert.equal(rung, 0);
  });

  it('jumps: what is due on the way happens in order, each thing finished before the next', async () => {
    const clock = new MovableClock(new ManualBase(0));
    const seen: string[] = [];
    clock.setAlarm(30, () => void seen.push(`late at ${clock.now()}`));
    clock.setAlarm(10, async () => {
      seen.push(`begins at ${clock.now()}`);
      await turn();
      seen.push(`ends at ${clock.now()}`);
      clock.setAlarm(20, () => void seen.push(`set on the way, at ${clock.now()}`));
    });
    clock.setAlarm(41, () => void seen.push('too late'));
    await clock.jump(40);
    assert.deepEqual(seen, ['begins at 10', 'ends at 10', 'set on the way, at 20', 'late at 30']);
    assert.equal(clock.now(), 40);
  });

  it('lets nothing overtake a jump, though its base goes on', async () => {
    const base = new ManualBase(0);
    const clock = new MovableClock(base);
    const seen: string[] = [];
    clock.setAlarm(10, async () => {
      clock.setAlarm(20, () => void seen.push('second'));
      base.pass(100);
      await turn();
      await turn();
      seen.push('first');
    });
    await clock.jump(30);
    assert.deepEqual(seen, ['first', 'second']);
  });

  it('jumps while it is paused, and stays paused', async () => {
    const base = new ManualBase(0);
    const clock = new MovableClock(base);
    clock.pause();
    let rung = false;
    clock.setAlarm(50, () => {
      rung = true;
    });
    await clock.jump(60);
    base.pass(10);
    assert.equal(rung, true);
    assert.equal(clock.now(), 60);
    assert.equal(clock.isPaused, true);
  });

  it('runs one jump after the other, and goes on after an alarm that failed', async () => {
    const clock = new MovableClock(new ManualBase(0));
    clock.setAlarm(5, () => Promise.reject(new Error('failed')));
    const first = clock.jump(10);
    const second = clock.jump(10);
    await assert.rejects(first, /failed/);
    await second;
    assert.equal(clock.now(), 15);
  });

  it('moves a base along that can be moved', async () => {
    const base = new AdvancingBase(0);
    const clock = new MovableClock(base);
    let rung = 0;
    clock.setAlarm(10, () => void rung++);
    await clock.jump(25);
    assert.deepEqual(base.advances, [10, 15]);
    assert.equal(rung, 1);
    assert.equal(clock.now(), 25);
    assert.equal(base.now(), 25);

    clock.pause();
    await clock.jump(5);
    assert.equal(base.now(), 30);
    assert.equal(clock.now(), 30);
    clock.resume();
    assert.equal(clock.now(), 30);
  });

  it('refuses to go back', async () => {
    const clock = new MovableClock(new ManualBase(0));
    await assert.rejects(clock.jump(-1), RangeError);
    await assert.rejects(clock.jump(Number.NaN), RangeError);
  });

  it('refuses to leave the years that a stamp can tell', async () => {
    const clock = new MovableClock(new ManualBase(0));
    await assert.rejects(clock.jump(Number.MAX_VALUE), /beyond the year 9999/);
    await assert.rejects(clock.jump(Date.UTC(10_000, 0)), /beyond the year 9999/);
    await clock.jump(Date.UTC(9999, 0));
    await assert.rejects(clock.jump(366 * 24 * 3_600_000), /beyond the year 9999/);
  });

  it('bears a base that goes back', async () => {
    const base = new ManualBase(1_000_000);
    const clock = new MovableClock(base);
    const rung: number[] = [];
    clock.setAlarm(1_000_500, () => void rung.push(clock.now()));
    base.time -= 600_000;
    assert.equal(clock.now(), 400_000);
    // The base's own timers are not moved by it: it wakes too early, and sets itself another.
    base.pass(599_000);
    assert.equal(rung.length, 0);
    clock.pause();
    base.time = 5;
    clock.resume();
    assert.equal(clock.now(), 999_000);
    base.pass(1500);
    assert.deepEqual(rung, [1_000_500]);
    clock.setAlarm(1_000_600, () => void rung.push(clock.now()));
    await clock.jump(100);
    assert.deepEqual(rung, [1_000_500, 1_000_600]);
  });

  it('rings everything once and in order, however it is moved', async () => {
    const moves = fc.array(fc.record({ jump: fc.nat(50), pass: fc.nat(50), pauses: fc.boolean() }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 20 }), moves, async (times, steps) => {
        const base = new ManualBase(0);
        const clock = new MovableClock(base);
        const rung: number[] = [];
        for (const at of times) clock.setAlarm(at, () => void rung.push(at));
        for (const { jump, pass, pauses } of steps) {
          if (pauses) clock.pause();
          base.pass(pass);
          await clock.jump(jump);
          clock.resume();
        }
        await turn();
        const due = times.filter((at) => at <= clock.now()).sort((one, other) => one - other);
        assert.deepEqual(
          rung.slice().sort((one, other) => one - other),
          due,
        );
        await clock.jump(500);
        assert.equal(rung.length, times.length);
      }),
    );
  });
});
