import assert from 'node:assert/strict';
import { WebexConnectNotFoundError } from '../../src/errors';
import { DeadLetters } from '../../src/operations/deadLetters';
import { MemoryStore } from '../../src/store/memoryStore';
import { claimBy } from '../support/storeSamples';
import { bury, dueSends } from '../support/storeSteps';

describe('DeadLetters', () => {
  let store: MemoryStore;
  let wakes: number;
  let deadLetters: DeadLetters;

  beforeEach(async () => {
    store = new MemoryStore();
    await store.open();
    wakes = 0;
    deadLetters = new DeadLetters(store, () => wakes++);
  });

  it('lists the first hundred, oldest first', async () => {
    for (let index = 0; index < 101; index++) await bury(store, 'c', `m${index}`);
    const letters = await deadLetters.list();
    assert.equal(letters.length, 100);
    assert.equal(letters[0]?.id, 'm0');
  });

  it('lists the page that is asked for', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await bury(store, 'c', id);
    const page = await deadLetters.list({ limit: 2, after: 'a' });
    assert.deepEqual(
      page.map(({ id }) => id),
      ['b', 'c'],
    );
  });

  it('sends a letter again, and wakes the sender', async () => {
    await bury(store, 'c', 'm');
    await deadLetters.replay('m');
    assert.equal(wakes, 1);
    assert.deepEqual(await dueSends(store, claimBy('a')), ['m']);
    assert.deepEqual(await deadLetters.list(), []);
  });

  it('forgets a letter', async () => {
    await bury(store, 'c', 'm');
    await deadLetters.discard('m');
    assert.equal(wakes, 0);
    assert.deepEqual(await deadLetters.list(), []);
  });

  for (const name of ['replay', 'discard'] as const) {
    it(`knows no letter to ${name} that is not there, and says where to look`, async () => {
      await assert.rejects(deadLetters[name]('x'), (error: unknown) => {
        assert.ok(error instanceof WebexConnectNotFoundError);
        assert.equal(error.code, 'WEBEX_CONNECT_NOT_FOUND');
        assert.match(error.message, /'x'.*adapter\.deadLetters\.list\(\)/);
        return true;
      });
      assert.equal(wakes, 0);
    });
  }
});
