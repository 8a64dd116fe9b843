import assert from 'node:assert/strict';
import { Batcher } from '../../../src/store/postgres/batcher';
import { signal } from '../../support/signal';

class Refused extends Error {}

function makeBatcher(run: (operations: readonly number[]) => Promise<readonly number[]>, maxBatch = 10) {
  return new Batcher<number, number>({
    run,
    blamesOne: (error) => error instanceof Refused,
    maxBatch,
    maxInFlight: 1,
  });
}

describe('Batcher', () => {
  it('runs together what comes at once, and gives each its own result', async () => {
    const batches: (readonly number[])[] = [];
    const batcher = makeBatcher(async (operations) => {
      batches.push(operations);
      return operations.map((operation) => operation * 2);
    });
    assert.deepEqual(await Promise.all([1, 2, 3].map((one) => batcher.submit(one))), [2, 4, 6]);
    assert.deepEqual(batches, [[1, 2, 3]]);
  });

  it('runs together what comes while another batch is under way', async () => {
    const batches: (readonly number[])[] = [];
    const gate = signal();
    const begun = signal();
    const batcher = makeBatcher(async (operations) => {
      batches.push(operations);
      begun.give();
      await gate.given;
      return operations;
    });
    const first = batcher.submit(1);
    await begun.given;
    const later = [2, 3].map((one) => batcher.submit(one));
    gate.give();
    await Promise.all([first, ...later]);
    assert.deepEqual(batches, [[1], [2, 3]]);
  });

  it('keeps batches small', async () => {
    const sizes: number[] = [];
    const batcher = makeBatcher(async (operations) => {
      sizes.push(operations.length);
      return operations;
    }, 2);
    await Promise.all([1, 2, 3, 4, 5].map((one) => batcher.submit(one)));
    assert.deepEqual(sizes, [2, 2, 1]);
  });

  it('fails all of a batch when the database is away', async () => {
    const batcher = makeBatcher(async () => {
      throw new Error('away');
    });
    const results = await Promise.allSettled([1, 2].map((one) => batcher.submit(one)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
  });

  it('lets one operation that is refused take no other down with it', async () => {
    const batcher = makeBatcher(async (operations) => {
      if (operations.includes(2)) throw new Refused();
      return operations;
    });
    const results = await Promise.allSettled([1, 2, 3].map((one) => batcher.submit(one)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('goes on after a failure', async () => {
    let isAway = true;
    const batcher = makeBatcher(async (operations) => {
      if (isAway) throw new Error('away');
      return operations;
    });
    await assert.rejects(batcher.submit(1));
    isAway = false;
    assert.equal(await batcher.submit(2), 2);
  });
});
