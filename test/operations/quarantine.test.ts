import assert from 'node:assert/strict';
import { WebexConnectNotFoundError } from '../../src/errors';
import { Quarantine } from '../../src/operations/quarantine';
import type { NewQuarantinedRequest } from '../../src/store/deliveryStore';
import { MemoryStore } from '../../src/store/memoryStore';
import { claimBy, T0 } from '../support/storeSamples';
import { dueTurns, quarantineEvent } from '../support/storeSteps';

describe('Quarantine', () => {
  let store: MemoryStore;
  let wakes: number;

  beforeEach(async () => {
    store = new MemoryStore();
    await store.open();
    wakes = 0;
  });

  function quarantine(readmit: (request: NewQuarantinedRequest) => Promise<void> = unreadable): Quarantine {
    return new Quarantine(store, readmit, () => wakes++);
  }

  async function unreadable(): Promise<void> {
    throw new Error('it still cannot be read');
  }

  async function keepRequest(id: string): Promise<void> {
    await store.quarantine({ id, body: '{', reason: 'not JSON', receivedAt: T0 }, 1000);
  }

  it('lists the first hundred, oldest first', async () => {
    for (let index = 0; index < 101; index++) await keepRequest(`q${index}`);
    const items = await quarantine().list();
    assert.equal(items.length, 100);
    assert.equal(items[0]?.id, 'q0');
  });

  it('lists the page that is asked for', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await keepRequest(id);
    const page = await quarantine().list({ limit: 2, after: 'b' });
    assert.deepEqual(
      page.map(({ id }) => id),
      ['c', 'd'],
    );
  });

  it('runs an event again, and wakes the workers', async () => {
    await quarantineEvent(store, 'c', 'e');
    await quarantine().replay('e');
    assert.equal(wakes, 1);
    assert.deepEqual(await dueTurns(store, claimBy('a')), ['e']);
    assert.deepEqual(await quarantine().list(), []);
  });

  it('runs a request that can be read by now', async () => {
    await keepRequest('q');
    const seen: NewQuarantinedRequest[] = [];
    await quarantine(async (request) => {
      seen.push(request);
    }).replay('q');
    assert.deepEqual(seen, [{ kind: 'request', id: 'q', body: '{', reason: 'not JSON', receivedAt: T0 }]);
    assert.deepEqual(await quarantine().list(), []);
    assert.equal(wakes, 1);
  });

  it('keeps a request that still cannot be read', async () => {
    await keepRequest('q');
    await assert.rejects(quarantine().replay('q'), /it still cannot be read/);
    assert.equal((await quarantine().list()).length, 1);
    assert.equal(wakes, 0);
  });

  it('tells the second of two who replay an item at once that it is gone', async () => {
    await keepRequest('q');
    const operator = quarantine(async () => {});
    const results = await Promise.allSettled([operator.replay('q'), operator.replay('q')]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('forgets an item', async () => {
    await keepRequest('q');
    await quarantine().discard('q');
    assert.deepEqual(await quarantine().list(), []);
    assert.equal(wakes, 0);
  });

  for (const name of ['replay', 'discard'] as const) {
    it(`knows no item to ${name} that is not there, and says where to look`, async () => {
      await assert.rejects(quarantine()[name]('x'), (error: unknown) => {
        assert.ok(error instanceof WebexConnectNotFoundError);
        assert.match(error.message, /'x'.*adapter\.quarantine\.list\(\)/);
        return true;
      });
      assert.equal(wakes, 0);
    });
  }
});
