import assert from 'node:assert/strict';
import { sleep } from '../../../src/clock';
import { MemoryStore } from '../../../src/store/memoryStore';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { accepted, failed } from '../../support/sendOutcomes';
import { signal } from '../../support/signal';
import { claimBy, MINUTE, SECOND } from '../../support/storeSamples';
import { acceptAll, claimSend, claimTurn, dueSends, dueTurns } from '../../support/storeSteps';
import { TestEngine, type TestTurn } from '../../support/testEngine';

const DEADLINE = 10 * SECOND;
const twoSeconds: TestTurn = (_turn, { clock }) => sleep(clock, 2 * SECOND);

describe('DeliveryEngine stops', () => {
  it('when what is under way has finished, and leaves the rest for the next start', async () => {
    const store = new MemoryStore();
    const engine = await TestEngine.started({ store, runTurn: twoSeconds });
    await engine.accept('c', 'e1', 'e2');
    await letEventLoopTurn();
    const stopping = engine.engine.stop(DEADLINE);
    await engine.clock.advance(2 * SECOND);
    await stopping;
    assert.equal(engine.observer.completed, 1);
    assert.equal(engine.clock.nextTimerIn, undefined);
    await store.open();
    const turn = await claimTurn(store);
    assert.equal(turn.event.id, 'e2');
    assert.equal(turn.attempt, 1);
  });

  it('and closes the store only then', async () => {
    const calls: string[] = [];
    const store = interceptStore(new MemoryStore(), (method, run) => {
      calls.push(method);
      return run();
    });
    const engine = await TestEngine.started({ store, runTurn: twoSeconds });
    await engine.accept('c', 'e');
    await letEventLoopTurn();
    const stopping = engine.engine.stop(DEADLINE);
    await engine.clock.advance(2 * SECOND);
    await stopping;
    assert.deepEqual(calls.slice(-3), ['settleTurn', 'releaseLeases', 'close']);
  });

  it('and closes the store, though it cannot give the leases up', async () => {
    const calls: string[] = [];
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      calls.push(method);
      if (method === 'releaseLeases') throw new Error('the store is down');
      return run();
    });
    const engine = await TestEngine.started({ store });
    await assert.rejects(engine.engine.stop(DEADLINE), /the store is down/);
    assert.equal(calls.at(-1), 'close');
  });

  it('and gives an event back unused whose turn had not begun', async () => {
    const store = new MemoryStore();
    const engine = await TestEngine.started({ store });
    await engine.accept('c', 'e');
    await engine.engine.stop(DEADLINE);
    assert.deepEqual(engine.ran, []);
    await store.open();
    assert.equal((await claimTurn(store)).attempt, 1);
  });

  it('and still delivers what the last turns send', async () => {
    const store = new MemoryStore();
    const runTurn: TestTurn = async (turn, engine) => {
      await sleep(engine.clock, SECOND);
      await engine.reply(turn, 1);
      await engine.reply(turn, 2);
    };
    const engine = await TestEngine.started({ store, runTurn });
    await engine.accept('c', 'e');
    await letEventLoopTurn();
    const stopping = engine.engine.stop(DEADLINE);
    await engine.clock.advance(SECOND);
    await stopping;
    assert.deepEqual(engine.client.sent, ['e.1', 'e.2']);
    assert.equal(engine.observer.delivered, 2);
  });

  it('and leaves a message that fails in the meantime to the next start', async () => {
    const store = new MemoryStore();
    const sendEnds = signal();
    const engine = await TestEngine.started({ store });
    engine.client.script = async () => {
      await sendEnds.given;
      return failed;
    };
    await engine.stage('c', 'm1', 'm2');
    const stopping = engine.engine.stop(DEADLINE);
    sendEnds.give();
    await stopping;
    assert.equal(engine.clock.nextTimerIn, undefined);
    const next = await TestEngine.started({ store, clock: engine.clock });
    await next.clock.advance(5 * SECOND);
    assert.deepEqual(next.client.sent, ['m1', 'm2']);
  });

  it('at the deadline, though more waits to be sent', async () => {
    const store = new MemoryStore();
    const engine = await TestEngine.started({ store });
    engine.client.script = async () => {
      await sleep(engine.clock, 4 * SECOND);
      return accepted;
    };
    await engine.stage('c', 'm1', 'm2', 'm3', 'm4', 'm5');
    const stopping = engine.engine.stop(DEADLINE);
    await engine.clock.advance(DEADLINE);
    await stopping;
    await engine.clock.advance(MINUTE);
    assert.deepEqual(engine.client.sent, ['m1', 'm2', 'm3']);
    await store.open();
    const send = await claimSend(store);
    assert.equal(send.message.id, 'm3');
    assert.equal(send.message.ambiguousAttempts, 1);
  });

  it('at the deadline, and gives up what is still under way', async () => {
    const store = new MemoryStore();
    const engine = await TestEngine.started({ store, runTurn: () => new Promise(() => {}) });
    engine.client.script = () => new Promise(() => {});
    await engine.accept('c', 'e');
    await engine.stage('c', 'm');
    await letEventLoopTurn();
    let isStopped = false;
    const stopping = engine.engine.stop(DEADLINE).then(() => {
      isStopped = true;
    });
    await engine.clock.advance(DEADLINE - 1);
    assert.equal(isStopped, false);
    await engine.clock.advance(1);
    await stopping;
    assert.equal(engine.client.isClosed, true);
    await store.open();
    assert.equal((await claimTurn(store)).attempt, 2);
    const send = await claimSend(store);
    assert.equal(send.attempt, 2);
    assert.equal(send.message.ambiguousAttempts, 1);
  });

  it('and writes nothing any more of what it gave up', async () => {
    const store = new MemoryStore();
    const turnEnds = signal();
    const sendEnds = signal();
    const engine = await TestEngine.started({ store, runTurn: () => turnEnds.given });
    engine.client.script = async () => {
      await sendEnds.given;
      return accepted;
    };
    await engine.accept('c', 'e');
    await engine.stage('c', 'm');
    await letEventLoopTurn();
    const stopping = engine.engine.stop(DEADLINE);
    await engine.clock.advance(DEADLINE);
    await stopping;
    await store.open();
    turnEnds.give();
    sendEnds.give();
    await engine.idle();
    assert.deepEqual(engine.observer.leasesLost.sort(), ['message m', 'the turn of event e']);
    assert.deepEqual(await dueTurns(store, claimBy('b')), ['e']);
    assert.deepEqual(await dueSends(store, claimBy('b')), ['m']);
  });

  it('and gives back unused what a look has claimed meanwhile', async () => {
    const memory = new MemoryStore();
    const looking = signal();
    const mayAnswer = signal();
    const store = interceptStore(memory, async (method, run) => {
      const result = await run();
      if (method !== 'claimTurns') return result;
      looking.give();
      await mayAnswer.given;
      return result;
    });
    await memory.open();
    await acceptAll(memory, 'c', ['e']);
    const engine = new TestEngine({ store });
    await engine.engine.start();
    await looking.given;
    const stopping = engine.engine.stop(DEADLINE);
    mayAnswer.give();
    await stopping;
    assert.deepEqual(engine.ran, []);
    await memory.open();
    assert.equal((await claimTurn(memory)).attempt, 1);
  });

  it('once, however often it is told to, and not before it was started', async () => {
    const calls: string[] = [];
    const store = interceptStore(new MemoryStore(), (method, run) => {
      calls.push(method);
      return run();
    });
    const engine = new TestEngine({ store });
    await engine.engine.stop(DEADLINE);
    assert.deepEqual(calls, []);
    await engine.engine.start();
    await engine.engine.stop(DEADLINE);
    await engine.engine.stop(DEADLINE);
    assert.deepEqual(
      calls.filter((method) => method === 'close'),
      ['close'],
    );
  });

  it('and runs or sends nothing that becomes due after it', async () => {
    const engine = await TestEngine.started();
    engine.client.script = () => failed;
    await engine.accept('c', 'e');
    await engine.idle();
    await engine.engine.stop(DEADLINE);
    engine.engine.wake();
    await engine.clock.advance(MINUTE);
    assert.deepEqual(engine.client.sent, ['e.1']);
  });
});
