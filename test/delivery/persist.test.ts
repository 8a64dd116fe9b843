import assert from 'node:assert/strict';
import { persist } from '../../src/delivery/persist';
import { LeaseLostError, StoreClosedError } from '../../src/errors';
import { ManualClock } from '../../src/testing/manualClock';

/** Fails with each of `errors` in turn, then writes. */
function failing(errors: unknown[]): () => Promise<string> {
  return async () => {
    if (errors.length > 0) throw errors.shift();
    return 'written';
  };
}

describe('persist', () => {
  it('gives what was written', async () => {
    const writing = persist(new ManualClock(), failing([]), () => assert.fail('nothing failed'));
    assert.equal(await writing, 'written');
  });

  it('tries until the store takes it, and tells of every failure', async () => {
    const clock = new ManualClock();
    const told: unknown[] = [];
    const writing = persist(clock, failing(['one', 'two']), (error) => told.push(error));
    await clock.advance(300);
    assert.equal(await writing, 'written');
    assert.deepEqual(told, ['one', 'two']);
  });

  it('waits longer each time, up to five seconds', async () => {
    const clock = new ManualClock();
    const pauses: (number | undefined)[] = [];
    const writing = persist(clock, failing(new Array(8).fill('down')), () => {});
    for (let failure = 0; failure < 8; failure++) {
      await clock.advance(0);
      pauses.push(clock.nextTimerIn);
      await clock.advanceToNextTimer();
    }
    await writing;
    assert.deepEqual(pauses, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  for (const error of [new LeaseLostError('c'), new StoreClosedError()]) {
    it(`gives in to ${error.name}, for somebody else takes over`, async () => {
      const clock = new ManualClock();
      const told: unknown[] = [];
      const writing = persist(clock, failing(['down', error]), (failure) => told.push(failure));
      const refused = assert.rejects(writing, error);
      await clock.advance(100);
      await refused;
      assert.deepEqual(told, ['down']);
    });
  }
});
