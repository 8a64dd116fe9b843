import assert from 'node:assert/strict';
import { type CounterName, Counters } from '../../src/operations/counters';

describe('Counters', () => {
  it('begin at nothing', () => {
    assert.equal(new Counters().get('events_stored_total'), 0);
  });

  it('add up, each for itself', () => {
    const counters = new Counters();
    counters.add('events_stored_total');
    counters.add('events_stored_total');
    counters.add('messages_staged_total', 3);
    assert.equal(counters.get('events_stored_total'), 2);
    assert.equal(counters.get('messages_staged_total'), 3);
    assert.equal(counters.get('messages_dead_total'), 0);
  });

  it('are no other adapter’s', () => {
    const one = new Counters();
    one.add('events_stored_total');
    assert.equal(new Counters().get('events_stored_total'), 0);
  });

  it('tell what was counted, as it was', () => {
    const told: [CounterName, number][] = [];
    const counters = new Counters((...counted) => told.push(counted));
    counters.add('turns_failed_total');
    counters.add('messages_staged_total', 3);
    assert.deepEqual(told, [
      ['turns_failed_total', 1],
      ['messages_staged_total', 3],
    ]);
  });
});
