import assert from 'node:assert/strict';
import { Tick } from '../../../src/store/memory/tick';

describe('Tick', () => {
  it('ends once for all that ask in one turn of the event loop, in their order', async () => {
    const tick = new Tick();
    const told: number[] = [];
    const ask = (n: number) => tick.ended().then(() => told.push(n));
    const first = ask(1);
    await Promise.resolve();
    assert.deepEqual(told, []);
    await Promise.all([first, ask(2), ask(3)]);
    assert.deepEqual(told, [1, 2, 3]);
  });

  it('begins anew after it', async () => {
    const tick = new Tick();
    const first = tick.ended();
    await first;
    assert.notEqual(tick.ended(), first);
  });
});
