import assert from 'node:assert/strict';
import { LeaseLostError } from '../../src/errors';
import { LaneQueue } from '../../src/store/laneQueue';
import { present } from '../support/present';
import { claimBy, LEASE_MS, T0 } from '../support/storeSamples';

const mark = (item: string) => `${item}?`;

function queueOf(...items: [lane: string, item: string][]): LaneQueue<string> {
  const queue = new LaneQueue<string>();
  for (const [lane, item] of items) queue.push(lane, item);
  return queue;
}

function claimed(queue: LaneQueue<string>, now = T0, limit = 10): string[] {
  return queue.claim(limit, claimBy('a', now)).map(({ item }) => item);
}

describe('LaneQueue', () => {
  it('counts what waits and what is worked on', () => {
    const queue = queueOf(['l', '1'], ['l', '2'], ['m', '3']);
    assert.equal(queue.size, 3);
    const claim = present(queue.claimLane('l', claimBy('a')));
    assert.equal(queue.size, 3);
    queue.settle(claim, { kind: 'remove' });
    assert.equal(queue.size, 2);
  });

  it('serves lanes in the order in which they became due', () => {
    const queue = queueOf(['c', '1'], ['a', '2'], ['b', '3']);
    assert.deepEqual(claimed(queue, T0, 2), ['1', '2']);
    assert.deepEqual(claimed(queue, T0, 2), ['3']);
  });

  it('gives nothing with a limit of 0', () => {
    assert.deepEqual(claimed(queueOf(['l', '1']), T0, 0), []);
  });

  it('claims nothing in a lane that does not exist', () => {
    assert.equal(new LaneQueue<string>().claimLane('l', claimBy('a')), undefined);
  });

  it('changes the head that goes back', () => {
    const queue = queueOf(['l', '1']);
    const claim = present(queue.claimLane('l', claimBy('a')));
    queue.settle(claim, { kind: 'retry', notBefore: T0 + 5, item: '1, again' });
    assert.deepEqual(claimed(queue, T0 + 5), ['1, again']);
  });

  it('waits on after a release, when the clock was set back', () => {
    const queue = queueOf(['l', '1']);
    const first = present(queue.claimLane('l', claimBy('a')));
    queue.settle(first, { kind: 'retry', notBefore: T0 + 5, item: '1' });
    const second = present(queue.claimLane('l', claimBy('a', T0 + 5)));
    queue.settle(second, { kind: 'release', item: '1' });
    assert.deepEqual(claimed(queue, T0), []);
    assert.equal(queue.nextDueAt(T0), T0 + 5);
    assert.deepEqual(claimed(queue, T0 + 5), ['1']);
  });

  it('puts a held head back for later, its attempt not counted', () => {
    const queue = queueOf(['l', '1'], ['l', '2']);
    const claim = present(queue.claimLane('l', claimBy('a')));
    queue.settle(claim, { kind: 'hold', notBefore: T0 + 5, item: '1, held' });
    assert.deepEqual(claimed(queue, T0 + 4), []);
    assert.equal(queue.nextDueAt(T0), T0 + 5);
    const again = present(queue.claimLane('l', claimBy('a', T0 + 5)));
    assert.deepEqual([again.item, again.attempt], ['1, held', 1]);
  });

  it('finds a due lane behind one whose turn has not come, when the clock was set back', () => {
    const queue = queueOf(['l', '1'], ['m', '2']);
    const claim = present(queue.claimLane('l', claimBy('a')));
    queue.settle(claim, { kind: 'retry', notBefore: T0 + 5, item: '1' });
    assert.deepEqual(claimed(queue, T0 + 5, 0), [], 'it was found due, but not asked for');
    assert.deepEqual(claimed(queue, T0), ['2']);
    assert.deepEqual(claimed(queue, T0 + 4), []);
    assert.deepEqual(claimed(queue, T0 + 5), ['1']);
  });

  it('wakes each of several lanes at its own time', () => {
    const queue = queueOf(['l', '1'], ['m', '2'], ['n', '3']);
    const claims = queue.claim(3, claimBy('a'));
    claims.forEach((claim, index) => {
      queue.settle(claim, { kind: 'retry', notBefore: T0 + 10 * (3 - index), item: claim.item });
    });
    assert.equal(queue.nextDueAt(T0), T0 + 10);
    assert.deepEqual(claimed(queue, T0 + 10), ['3']);
    assert.deepEqual(claimed(queue, T0 + 19), []);
    assert.deepEqual(claimed(queue, T0 + 30), ['2', '1'].sort());
  });

  it('never uses a fence twice, not even for a lane that was empty in between', () => {
    const queue = queueOf(['l', '1']);
    const old = present(queue.claimLane('l', claimBy('a')));
    queue.settle(old, { kind: 'remove' });
    queue.push('l', '2');
    queue.claimLane('l', claimBy('b'));
    assert.throws(() => queue.check(old), LeaseLostError);
    assert.throws(() => queue.settle(old, { kind: 'remove' }), LeaseLostError);
    assert.equal(queue.size, 1);
  });

  it('refuses a claim that was given up, though nobody else has the lane', () => {
    const queue = queueOf(['l', '1']);
    const claim = present(queue.claimLane('l', claimBy('a')));
    queue.release('a', mark);
    assert.throws(() => queue.check(claim), LeaseLostError);
  });

  it('changes the head of a lane whose lease ran out, and of no other', () => {
    const queue = queueOf(['l', '1'], ['m', '2']);
    queue.claimLane('l', claimBy('a', T0));
    queue.claimLane('m', claimBy('a', T0 + 1));
    queue.expire(T0 + LEASE_MS, mark);
    assert.deepEqual(claimed(queue, T0 + LEASE_MS), ['1?']);
  });

  it('changes the head of each lane of a worker that is released, and of no other', () => {
    const queue = queueOf(['l', '1'], ['m', '2']);
    queue.claimLane('l', claimBy('a'));
    queue.claimLane('m', claimBy('b'));
    queue.release('a', mark);
    assert.deepEqual(claimed(queue), ['1?']);
  });

  it('knows the end of a lease and of a wait, whichever comes first', () => {
    const queue = queueOf(['l', '1'], ['m', '2']);
    const claim = present(queue.claimLane('l', claimBy('a')));
    queue.settle(claim, { kind: 'retry', notBefore: T0 + 2 * LEASE_MS, item: '1' });
    queue.claimLane('m', claimBy('a'));
    assert.equal(queue.nextDueAt(T0), T0 + LEASE_MS);
    assert.equal(queue.nextDueAt(T0 + LEASE_MS), T0 + 2 * LEASE_MS);
  });

  it('makes due what waits when it is expedited, and only that', () => {
    const queue = queueOf(['l', '1'], ['m', '2']);
    const claim = present(queue.claimLane('l', claimBy('a')));
    queue.settle(claim, { kind: 'retry', notBefore: T0 + 5000, item: '1' });
    queue.claimLane('m', claimBy('b'));
    queue.expedite();
    assert.deepEqual(claimed(queue), ['1']);
    assert.equal(queue.nextDueAt(T0), T0 + LEASE_MS);
  });
});
