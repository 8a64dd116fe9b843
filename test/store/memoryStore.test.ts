import assert from 'node:assert/strict';
import { MemoryStore } from '../../src/store/memoryStore';
import { acceptAt, HOUR, newEvent, newMessage, settleTerms, T0 } from '../support/storeSamples';
import { claimSend, deliver, stageAll } from '../support/storeSteps';
import { describeTranscriptContract } from './storageContract';
import { describeStoreContract } from './storeContract';

describeStoreContract('MemoryStore', async () => new MemoryStore());
describeTranscriptContract('MemoryStore', async () => new MemoryStore());

describe('MemoryStore', () => {
  it('keeps what it holds when it is closed and opened again', async () => {
    const store = new MemoryStore();
    await store.open();
    await stageAll(store, 'c', ['m']);
    await store.close();
    await store.open();
    assert.equal((await claimSend(store)).message.id, 'm');
  });

  it('tells all that came in one turn of the event loop together', async () => {
    const store = new MemoryStore();
    await store.open();
    const seen: string[] = [];
    const accept = (id: string) =>
      store.accept(newEvent(id, id), acceptAt()).then(({ status }) => seen.push(`${id} ${status}`));
    const first = accept('first');
    for (let n = 0; n < 20; n++) await Promise.resolve();
    seen.push('second comes');
    await Promise.all([first, accept('second')]);
    await accept('third');
    assert.deepEqual(seen, ['second comes', 'first stored', 'second stored', 'third stored']);
  });

  it('finds an activity by the id that went out as Idempotency-Key', async () => {
    const store = new MemoryStore();
    await store.open();
    const part = newMessage('c', 'activity-2', { activityId: 'activity' });
    await store.stage([part], { turn: undefined, claim: undefined });
    await deliver(store, await claimSend(store));
    assert.equal(await store.findActivityId('c', 'activity-2'), 'activity');
  });

  it('forgets delivered messages after a day', async () => {
    const store = new MemoryStore();
    await store.open();
    await stageAll(store, 'c', ['m', 'n']);
    await deliver(store, await claimSend(store), 'old');
    const later = { kind: 'delivered', at: T0 + 24 * HOUR, platformMessageId: 'new' } as const;
    await store.settleSend(await claimSend(store), later, settleTerms());
    assert.equal(await store.findActivityId('c', 'old'), undefined);
    assert.equal(await store.findActivityId('c', 'new'), 'n');
  });
});
