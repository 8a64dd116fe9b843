import assert from 'node:assert/strict';
import type { DeliveryStore } from '../../../src/store/deliveryStore';
import { MemoryStore } from '../../../src/store/memoryStore';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { accepted, failed, refusedMessage } from '../../support/sendOutcomes';
import { HOUR, LEASE_MS, MINUTE, SECOND } from '../../support/storeSamples';
import { acceptAll, stageAll } from '../../support/storeSteps';
import { TestEngine, type TestTurn } from '../../support/testEngine';

/** A store whose methods fail as often as the test says. */
class FailingStore {
  readonly memory = new MemoryStore();
  readonly failures = new Map<string, number>();
  readonly store: DeliveryStore = interceptStore(this.memory, async (method, run) => {
    const left = this.failures.get(method) ?? 0;
    this.failures.set(method, left - 1);
    if (left > 0) throw new Error('the store is down');
    return run();
  });

  fail(method: string, times: number): void {
    this.failures.set(method, times);
  }
}

describe('DeliveryEngine on a store that fails for a while', () => {
  it('ends a turn that has run, and does not run it again', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store });
    failing.fail('settleTurn', 5);
    await engine.accept('c', 'e1', 'e2');
    await engine.clock.advance(MINUTE);
    assert.deepEqual(engine.ran, ['e1', 'e2']);
    assert.equal(engine.observer.completed, 2);
    assert.deepEqual(engine.observer.storeFailures, new Array(5).fill('ending a turn'));
  });

  it('records a send, and does not send it again', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store });
    failing.fail('settleSend', 5);
    await engine.stage('c', 'm1', 'm2');
    await engine.clock.advance(MINUTE);
    assert.deepEqual(engine.client.sent, ['m1', 'm2']);
    assert.deepEqual(engine.observer.storeFailures, new Array(5).fill('recording a send'));
    assert.equal((await engine.store.stats()).waitingMessages, 0);
  });

  it('looks for turns again', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store });
    await acceptAll(failing.memory, 'c', ['e']);
    failing.fail('claimTurns', 3);
    engine.engine.wake();
    await engine.clock.advance(3 * SECOND);
    assert.deepEqual(engine.ran, ['e']);
    assert.deepEqual(engine.observer.storeFailures, new Array(3).fill('claiming turns'));
  });

  it('looks for messages again', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store });
    await stageAll(failing.memory, 'c', ['m']);
    failing.fail('claimSends', 3);
    engine.engine.wake();
    await engine.clock.advance(3 * SECOND);
    assert.deepEqual(engine.client.sent, ['m']);
    assert.deepEqual(engine.observer.storeFailures, new Array(3).fill('claiming messages'));
  });

  it('asks again when something becomes due', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store });
    engine.client.next.push(failed);
    failing.fail('nextSendAt', 2);
    await engine.stage('c', 'm');
    await engine.clock.advance(10 * SECOND);
    assert.deepEqual(engine.client.sent, ['m', 'm']);
  });

  it('probes an inactive webhook all the same', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store, sender: { failuresUntilInactive: 1 } });
    engine.client.next.push(failed);
    await engine.stage('c', 'm1', 'm2');
    await engine.clock.advance(MINUTE - 1);
    failing.fail('expedite', 3);
    await engine.clock.advance(MINUTE);
    assert.deepEqual(engine.client.sent, ['m1', 'm1', 'm2']);
    assert.deepEqual(engine.observer.storeFailures, new Array(3).fill('claiming messages'));
  });

  it('makes what waits due again, when the webhook is active again', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({
      store: failing.store,
      sender: { failuresUntilInactive: 2, retryDelaysMs: [HOUR] },
    });
    engine.client.next.push(failed, failed);
    await engine.stage('c1', 'm1');
    await engine.stage('c2', 'm2');
    await engine.clock.advance(MINUTE - 1);
    engine.client.script = ({ id }) => {
      if (id === 'm1') failing.fail('expedite', 3);
      return accepted;
    };
    await engine.clock.advance(MINUTE);
    assert.deepEqual(engine.client.sent, ['m1', 'm2', 'm1', 'm2']);
    assert.deepEqual(engine.observer.storeFailures, new Array(3).fill('waking messages'));
  });

  it('keeps its leases when some renewals fail', async () => {
    const failing = new FailingStore();
    const runTurn: TestTurn = () => new Promise(() => {});
    const engine = await TestEngine.started({ store: failing.store, runTurn });
    await engine.accept('c', 'e');
    await letEventLoopTurn();
    failing.fail('renewLeases', 2);
    await engine.clock.advance(LEASE_MS - 1);
    assert.deepEqual(engine.observer.storeFailures, new Array(2).fill('renewing leases'));
    await engine.clock.advance(LEASE_MS);
    assert.deepEqual(engine.ran, ['e']);
  });

  it('runs or sends nothing twice, though it fails for longer than its leases last', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store, runTurn: async () => {} });
    for (const method of ['settleTurn', 'settleSend', 'renewLeases', 'claimTurns', 'claimSends']) {
      failing.fail(method, 1000);
    }
    await engine.accept('c', 'e1', 'e2');
    await engine.stage('c', 'm1', 'm2');
    engine.engine.wake();
    await engine.clock.advance(4 * LEASE_MS);
    failing.failures.clear();
    engine.engine.wake();
    await engine.clock.advance(MINUTE);
    assert.deepEqual(engine.ran, ['e1', 'e2']);
    assert.deepEqual(engine.client.sent, ['m1', 'm2']);
    assert.deepEqual(engine.observer.leasesLost, []);
  });

  it('fails the turn whose message could not be stored, and runs it again', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store });
    failing.fail('stage', 1);
    await engine.accept('c', 'e');
    await engine.clock.advance(SECOND);
    assert.deepEqual(engine.ran, ['e', 'e']);
    assert.deepEqual(engine.client.sent, ['e.1']);
  });

  it('gives back what is too much all the same', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({
      store: failing.store,
      turns: { maxConcurrent: 1 },
      sender: { maxConcurrent: 1 },
      runTurn: async () => {},
    });
    failing.fail('settleTurn', 3);
    failing.fail('settleSend', 3);
    await engine.acceptAtOnce('c1', 'c2', 'c3');
    await Promise.all(['m1', 'm2', 'm3'].map((id) => engine.stage(id, id)));
    await engine.clock.advance(MINUTE);
    assert.deepEqual([...engine.ran].sort(), ['c1', 'c2', 'c3']);
    assert.deepEqual([...engine.client.sent].sort(), ['m1', 'm2', 'm3']);
    assert.equal(engine.mostTurnsAtOnce, 1);
    assert.equal(engine.client.mostAtOnce, 1);
  });

  it('tells the operator when it cannot be reactivated', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store });
    failing.fail('updateHealth', 1);
    await assert.rejects(engine.engine.reactivate('webhook'), /the store is down/);
  });

  it('does not start, and starts when it is tried again', async () => {
    const failing = new FailingStore();
    await failing.memory.open();
    await acceptAll(failing.memory, 'c', ['e']);
    const engine = new TestEngine({ store: failing.store });
    failing.fail('open', 1);
    await assert.rejects(engine.engine.start(), /the store is down/);
    await engine.engine.start();
    await engine.idle();
    assert.deepEqual(engine.ran, ['e']);
  });

  it('keeps the dead letter and its notice together', async () => {
    const failing = new FailingStore();
    const engine = await TestEngine.started({ store: failing.store });
    engine.client.next.push(refusedMessage);
    failing.fail('settleSend', 2);
    await engine.stage('c', 'm');
    await engine.clock.advance(SECOND);
    assert.equal(engine.ran.length, 1);
    assert.equal((await engine.store.stats()).deadLetters, 1);
  });
});
