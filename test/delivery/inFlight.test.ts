import assert from 'node:assert/strict';
import { InFlight } from '../../src/delivery/inFlight';
import { letEventLoopTurn } from '../support/eventLoop';

/** Work that a test ends when it likes. */
function pending(): { work: () => Promise<string>; resolve: (value: string) => void } {
  let resolve: (value: string) => void = () => {};
  const promise = new Promise<string>((settle) => {
    resolve = settle;
  });
  return { work: () => promise, resolve };
}

async function isSettled(inFlight: InFlight): Promise<boolean> {
  let settled = false;
  void inFlight.settled().then(() => {
    settled = true;
  });
  await letEventLoopTurn(1);
  return settled;
}

describe('InFlight', () => {
  it('is settled when nothing was ever under way', async () => {
    assert.equal(await isSettled(new InFlight()), true);
  });

  it('hands on what the work gives', async () => {
    assert.equal(await new InFlight().track(async () => 'done'), 'done');
  });

  it('counts work until it ends', async () => {
    const inFlight = new InFlight();
    const one = pending();
    const two = pending();
    const both = [inFlight.track(one.work), inFlight.track(two.work)];
    assert.equal(inFlight.count, 2);
    one.resolve('');
    await both[0];
    assert.equal(await isSettled(inFlight), false);
    two.resolve('');
    await both[1];
    assert.equal(inFlight.count, 0);
    assert.equal(await isSettled(inFlight), true);
  });

  it('counts work that fails, or fails at once, as ended', async () => {
    const inFlight = new InFlight();
    await assert.rejects(
      inFlight.track(() => Promise.reject(new Error('no'))),
      /no/,
    );
    const throwing = (): Promise<void> => {
      throw new Error('never');
    };
    await assert.rejects(inFlight.track(throwing), /never/);
    assert.equal(inFlight.count, 0);
  });

  it('tells everybody who waits', async () => {
    const inFlight = new InFlight();
    const { work, resolve } = pending();
    void inFlight.track(work);
    const waiting = [isSettled(inFlight), isSettled(inFlight)];
    resolve('');
    assert.deepEqual(await Promise.all(waiting), [true, true]);
  });

  it('is not settled while work starts more work', async () => {
    const inFlight = new InFlight();
    const inner = pending();
    await inFlight.track(async () => void inFlight.track(inner.work));
    assert.equal(await isSettled(inFlight), false);
    inner.resolve('');
    await inFlight.settled();
  });
});
