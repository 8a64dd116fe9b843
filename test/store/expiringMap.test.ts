import assert from 'node:assert/strict';
import { ExpiringMap } from '../../src/store/expiringMap';

describe('ExpiringMap', () => {
  it('holds what was set', () => {
    const map = new ExpiringMap<string, number>();
    map.set('a', 1, 100);
    assert.equal(map.get('a'), 1);
    assert.equal(map.has('a'), true);
    assert.equal(map.get('b'), undefined);
    assert.equal(map.has('b'), false);
    assert.equal(map.size, 1);
  });

  it('drops what has run out, at its very moment', () => {
    const map = new ExpiringMap<string, number>();
    map.set('a', 1, 100);
    map.set('b', 2, 101);
    map.prune(99);
    assert.equal(map.size, 2);
    map.prune(100);
    assert.equal(map.has('a'), false);
    assert.equal(map.has('b'), true);
  });

  it('gives a key that is set again a new life at the end of the line', () => {
    const map = new ExpiringMap<string, number>();
    map.set('a', 1, 100);
    map.set('b', 2, 110);
    map.set('a', 3, 120);
    map.prune(110);
    assert.equal(map.get('a'), 3);
    assert.equal(map.size, 1);
  });

  it('forgets what is deleted', () => {
    const map = new ExpiringMap<string, number>();
    map.set('a', 1, 100);
    map.delete('a');
    assert.equal(map.has('a'), false);
  });
});
