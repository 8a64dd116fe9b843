import assert from 'node:assert/strict';
import { Watch } from '../../src/scenario/watch';
import { FakeEmulator } from '../support/fakeEmulator';

const turn = () => new Promise(setImmediate);

describe('A watch', () => {
  it('looks once for all in each round, however much changes, and takes one world for it', async () => {
    const emulator = new FakeEmulator();
    let worlds = 0;
    const watch = new Watch({
      world: () => {
        worlds++;
        return emulator.world();
      },
      subscribe: (listener) => emulator.subscribe(listener),
    });
    const seen: string[] = [];
    for (const name of ['one', 'other']) {
      watch.add(() => seen.push(`${name} ${watch.world.customers.length}`));
    }
    for (const name of ['Ann', 'Bob', 'Cy']) emulator.shows(name, 'bot', 'Hello');
    assert.deepEqual(seen, []);
    await turn();
    assert.deepEqual([seen, worlds], [['one 3', 'other 3'], 1]);
    emulator.shows('Dan', 'bot', 'Hello');
    assert.equal(watch.world.customers.length, 4);
    await turn();
    assert.equal(seen.length, 4);
  });

  it('listens only while somebody waits', async () => {
    const emulator = new FakeEmulator();
    const watch = new Watch(emulator);
    let looks = 0;
    const end = watch.add(() => looks++);
    assert.equal(emulator.listenerCount, 1);
    emulator.changed();
    end();
    assert.equal(emulator.listenerCount, 0);
    await turn();
    assert.equal(looks, 0);
    watch.add(() => looks++);
    emulator.changed();
    await turn();
    assert.equal(looks, 1);
  });

  it('may lose one of those who wait because of another', async () => {
    const emulator = new FakeEmulator();
    const watch = new Watch(emulator);
    const seen: string[] = [];
    const end = watch.add(() => {
      seen.push('first');
      end();
    });
    watch.add(() => seen.push('second'));
    emulator.changed();
    await turn();
    emulator.changed();
    await turn();
    assert.deepEqual(seen, ['first', 'second', 'second']);
  });
});
