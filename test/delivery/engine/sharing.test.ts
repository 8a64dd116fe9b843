import assert from 'node:assert/strict';
import { HEALTHY } from '../../../src/store/deliveryStore';
import { MemoryStore } from '../../../src/store/memoryStore';
import { ManualClock } from '../../../src/testing/manualClock';
import { letEventLoopTurn } from '../../support/eventLoop';
import { failed } from '../../support/sendOutcomes';
import { SharedStore } from '../../support/sharedStore';
import { claimBy, LEASE_MS, SECOND, WEBHOOK } from '../../support/storeSamples';
import { acceptAll, stageAll } from '../../support/storeSteps';
import { TestEngine } from '../../support/testEngine';

/** The tests' engines look at a shared store once a second. */
const POLL_MS = SECOND;

describe('DeliveryEngine on a store that other processes share', () => {
  it('finds the work that another process has left, when it looks', async () => {
    const memory = new MemoryStore();
    const engine = await TestEngine.started({ store: new SharedStore(memory).store });
    await acceptAll(memory, 'c', ['e']);
    await stageAll(memory, 'other', ['m']);
    await engine.clock.advance(POLL_MS - 1);
    assert.deepEqual(engine.ran, []);
    await engine.clock.advance(1);
    assert.deepEqual(engine.ran, ['e']);
    assert.deepEqual([...engine.client.sent].sort(), ['e.1', 'm']);
  });

  it('finds it at once when the other says so', async () => {
    const memory = new MemoryStore();
    const shared = new SharedStore(memory);
    const engine = await TestEngine.started({ store: shared.store });
    await acceptAll(memory, 'c', ['e']);
    shared.notify();
    await letEventLoopTurn();
    assert.deepEqual(engine.ran, ['e']);
  });

  it('goes on looking for as long as it runs, and no longer', async () => {
    const memory = new MemoryStore();
    const shared = new SharedStore(memory);
    const engine = await TestEngine.started({ store: shared.store });
    for (const id of ['e1', 'e2', 'e3']) {
      await acceptAll(memory, id, [id]);
      await engine.clock.advance(POLL_MS);
    }
    assert.deepEqual(engine.ran, ['e1', 'e2', 'e3']);
    assert.equal(shared.watchers, 1);
    await engine.engine.stop(0);
    assert.equal(shared.watchers, 0);
    await engine.clock.advance(0);
    assert.equal(engine.clock.nextTimerIn, undefined);
  });

  it('takes over from a process that died after the last look, too', async () => {
    const memory = new MemoryStore();
    const engine = await TestEngine.started({ store: new SharedStore(memory).store });
    await acceptAll(memory, 'c', ['e']);
    await memory.claimTurns(1, claimBy('dead', engine.clock.now()));
    await engine.clock.advance(LEASE_MS);
    assert.deepEqual(engine.ran, ['e']);
  });

  it('goes on looking after the store has failed', async () => {
    const memory = new MemoryStore();
    const engine = await TestEngine.started({ store: new SharedStore(memory).store });
    await memory.close();
    await engine.clock.advance(5 * POLL_MS);
    await memory.open();
    await acceptAll(memory, 'c', ['e']);
    await engine.clock.advance(2 * POLL_MS);
    assert.deepEqual(engine.ran, ['e']);
  });

  it('learns from the others that the webhook is inactive, and active again', async () => {
    const memory = new MemoryStore();
    const shared = new SharedStore(memory);
    const clock = new ManualClock();
    const one = await TestEngine.started({ store: shared.store, clock });
    const other = await TestEngine.started({ store: shared.store, clock });
    other.client.script = () => failed;
    for (const conversation of ['c1', 'c2', 'c3', 'c4', 'c5']) await other.stage(conversation, conversation);
    await other.idle();
    await clock.advance(POLL_MS);
    assert.equal(one.engine.health(WEBHOOK).status, 'inactive');
    await one.stage('c1', 'late');
    await clock.advance(POLL_MS);
    assert.deepEqual(one.client.sent, []);

    await other.engine.reactivate(WEBHOOK);
    other.client.script = one.client.script;
    await clock.advance(10 * POLL_MS);
    assert.deepEqual(one.engine.health(WEBHOOK), HEALTHY);
    assert.equal((await memory.stats()).waitingMessages, 0);
  });
});
