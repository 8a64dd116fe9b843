import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ExpiringMap } from '../../src/store/expiringMap';

/** The plainest thing that keeps the same promises. */
class PlainMap {
  #entries: { key: number; value: number; expiresAt: number }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  get(key: number): number | undefined {
    return this.#entries.find((entry) => entry.key === key)?.value;
  }

  set(key: number, value: number, expiresAt: number): void {
    this.delete(key);
    this.#entries.push({ key, value, expiresAt });
  }

  delete(key: number): void {
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
  }

  prune(now: number): void {
    this.#entries = this.#entries.filter(({ expiresAt }) => expiresAt > now);
  }
}

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

  it('is what a plain map with times would be, whatever is done to it', () => {
    const step = fc.record({
      kind: fc.constantFrom('set', 'delete', 'prune'),
      key: fc.integer({ min: 0, max: 9 }),
      pause: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5000 }), (steps) => {
        const map = new ExpiringMap<number, number>();
        const model = new PlainMap();
        let now = 0;
        steps.forEach(({ kind, key, pause }, value) => {
          now += pause;
          for (const one of [map, model]) {
            if (kind === 'set') one.set(key, value, now + 100);
            else if (kind === 'delete') one.delete(key);
            else one.prune(now);
          }
          assert.deepEqual([map.size, map.get(key)], [model.size, model.get(key)]);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('keeps no memory of what is gone', () => {
    const map = new ExpiringMap<number, Buffer>();
    for (let key = 0; key < 10_000; key++) {
      map.set(key, Buffer.alloc(1), 1_000_000);
      map.delete(key);
    }
    assert.equal(map.size, 0);
    assert.ok(map.held <= 2048, `it holds ${map.held} dead entries`);
  });
});
