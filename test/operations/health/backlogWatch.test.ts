import assert from 'node:assert/strict';
import { BacklogWatch } from '../../../src/operations/health/backlogWatch';
import { ManualClock } from '../../../src/testing';

describe('BacklogWatch', () => {
  it('looks once in five seconds, and only while something comes or leaves', async () => {
    const clock = new ManualClock();
    let looks = 0;
    const watch = new BacklogWatch(clock, () => looks++);
    for (let event = 0; event < 1000; event++) watch.changed();
    assert.equal(looks, 0);
    await clock.advance(4999);
    watch.changed();
    assert.equal(looks, 0);
    await clock.advance(1);
    for (let event = 0; event < 1000; event++) watch.changed();
    assert.equal(looks, 1);
    await clock.advance(3_600_000);
    assert.equal(looks, 1);
    watch.changed();
    assert.equal(looks, 2);
    clock.jumpTo(clock.now() - 3_600_000);
    watch.changed();
    assert.equal(looks, 3, 'a clock that was set back must not stop it');
  });
});
