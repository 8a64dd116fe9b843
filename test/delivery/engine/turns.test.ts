import assert from 'node:assert/strict';
import { sleep } from '../../../src/clock';
import { MemoryStore } from '../../../src/store/memoryStore';
import { ManualClock } from '../../../src/testing/manualClock';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { signal } from '../../support/signal';
import { claimBy, HOUR, LEASE_MS, SECOND } from '../../support/storeSamples';
import { acceptAll } from '../../support/storeSteps';
import { TestEngine, type TestTurn } from '../../support/testEngine';

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

const fail: TestTurn = async () => {
  throw new Error('the bot is broken');
};

describe('DeliveryEngine runs turns', () => {
  it('of one conversation one at a time, in the order of acceptance (I3)', async () => {
    const ids = names('e', 12);
    const runTurn: TestTurn = (turn) => letEventLoopTurn(turn.event.id.length);
    const engine = await TestEngine.started({ runTurn });
    await engine.accept('c', ...ids);
    await engine.idle();
    assert.deepEqual(engine.ran, ids);
    assert.deepEqual(engine.overlaps, []);
    assert.equal(engine.mostTurnsAtOnce, 1);
    assert.equal(engine.observer.completed, 12);
  });

  it('of other conversations in parallel (I3)', async () => {
    const engine = await TestEngine.started({ runTurn: () => letEventLoopTurn(3) });
    await engine.acceptAtOnce(...names('c', 10));
    await engine.idle();
    assert.equal(engine.mostTurnsAtOnce, 10);
  });

  it('that were left from an earlier run, when it starts', async () => {
    const store = new MemoryStore();
    await store.open();
    await acceptAll(store, 'c', ['e1', 'e2']);
    const engine = await TestEngine.started({ store });
    assert.deepEqual(engine.ran, ['e1', 'e2']);
    assert.deepEqual(engine.client.sent, ['e1.1', 'e2.1']);
  });

  it('while one that takes 30 s blocks nobody else', async () => {
    const runTurn: TestTurn = async (turn, { clock }) => {
      if (turn.event.conversationId === 'slow') await sleep(clock, 30 * SECOND);
    };
    const engine = await TestEngine.started({ runTurn });
    await engine.accept('slow', 'slow1', 'slow2');
    await engine.clock.advance(SECOND);
    await engine.acceptAtOnce(...names('c', 50));
    await letEventLoopTurn();
    assert.equal(engine.observer.completed, 50);
    await engine.clock.advance(29 * SECOND);
    assert.equal(engine.observer.completed, 51);
    await engine.clock.advance(30 * SECOND);
    await engine.idle();
    assert.equal(engine.observer.completed, 52);
    assert.equal(engine.ran.filter((id) => id.startsWith('slow')).length, 2, 'no turn ran twice');
  });

  it('at most so many at a time, however many come at once', async () => {
    const runTurn: TestTurn = () => letEventLoopTurn(3);
    const engine = await TestEngine.started({ runTurn, turns: { maxConcurrent: 3 } });
    const conversations = names('c', 20);
    await engine.acceptAtOnce(...conversations);
    await engine.idle();
    assert.equal(engine.mostTurnsAtOnce, 3);
    assert.deepEqual([...engine.ran].sort(), conversations.sort());
    assert.ok(engine.observer.turnFailures.length === 0);
  });

  it('also of an event that was being stored when the last worker became free', async () => {
    const isStored = signal();
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      if (method === 'accept' && engine.ran.includes('busy')) await isStored.given;
      return run();
    });
    const turnEnds = signal();
    const runTurn: TestTurn = ({ event }) => (event.id === 'busy' ? turnEnds.given : Promise.resolve());
    const engine: TestEngine = new TestEngine({ store, runTurn, turns: { maxConcurrent: 1 } });
    await engine.engine.start();
    await engine.accept('c1', 'busy');
    await letEventLoopTurn();
    const accepting = engine.accept('c2', 'late');
    turnEnds.give();
    await letEventLoopTurn();
    isStored.give();
    await accepting;
    await engine.idle();
    assert.deepEqual(engine.ran, ['busy', 'late']);
  });

  it('again after a pause, when they failed', async () => {
    let failures = 1;
    const runTurn: TestTurn = async () => {
      if (failures-- > 0) throw new Error('once');
    };
    const engine = await TestEngine.started({ runTurn });
    await engine.accept('c', 'e');
    await engine.idle();
    assert.deepEqual(engine.ran, ['e']);
    await engine.clock.advance(999);
    assert.deepEqual(engine.ran, ['e']);
    await engine.clock.advance(1);
    assert.deepEqual(engine.ran, ['e', 'e']);
    assert.equal(engine.observer.completed, 1);
  });

  it('again before the next of their conversation, and holds up no other', async () => {
    let failures = 1;
    const runTurn: TestTurn = async ({ event }) => {
      if (event.id === 'e1' && failures-- > 0) throw new Error('once');
    };
    const engine = await TestEngine.started({ runTurn });
    await engine.accept('c', 'e1', 'e2');
    await engine.accept('other', 'other');
    await engine.idle();
    assert.deepEqual(engine.ran, ['e1', 'other']);
    await engine.clock.advance(SECOND);
    assert.deepEqual(engine.ran, ['e1', 'other', 'e1', 'e2']);
  });

  it('three times, then quarantines the event and goes on with the conversation (I2)', async () => {
    const runTurn: TestTurn = (turn, engine) =>
      turn.event.id === 'bad' ? fail(turn, engine) : Promise.resolve();
    const engine = await TestEngine.started({ runTurn });
    await engine.accept('c', 'bad', 'good');
    await engine.clock.advance(10 * SECOND);
    assert.deepEqual(engine.ran, ['bad', 'bad', 'bad', 'good']);
    const [item] = await engine.store.listQuarantine({ limit: 10 });
    assert.ok(item?.kind === 'event');
    assert.equal(item.id, 'bad');
    assert.equal(item.attempts, 3);
    assert.equal(item.reason, 'the turn failed 3 times: Error');
    assert.equal(item.details, 'the bot is broken');
    assert.deepEqual(
      engine.observer.turnFailures.map(({ attempt }) => attempt),
      [1, 2, 3],
    );
    assert.deepEqual(engine.observer.quarantined, [
      { eventId: 'bad', conversationId: 'c', reason: item.reason },
    ]);
    assert.equal((await engine.store.stats()).waitingEvents, 0);
  });

  it('and tells the history how often one failed, and not what it said (I9)', async () => {
    const engine = await TestEngine.started({ runTurn: fail });
    await engine.accept('c', 'bad');
    await engine.clock.advance(10 * SECOND);
    const history = await engine.store.history('c', { limit: 10 });
    assert.deepEqual(
      history.flatMap((entry) => (entry.kind === 'turnAttempt' ? [{ ...entry, id: '' }] : [])),
      [0, 1, 2].map((earlier) => ({
        kind: 'turnAttempt',
        id: '',
        at: engine.clock.now() - (10 - earlier) * SECOND,
        conversationId: 'c',
        eventId: 'bad',
        attempt: earlier + 1,
        outcome: earlier === 2 ? 'quarantined' : 'failed',
        reason: 'Error',
      })),
    );
  });

  it('once, when they may be run once', async () => {
    const engine = await TestEngine.started({ runTurn: fail, turns: { maxAttempts: 1 } });
    await engine.accept('c', 'e');
    await engine.clock.advance(10 * SECOND);
    assert.deepEqual(engine.ran, ['e']);
    assert.equal((await engine.store.stats()).quarantined, 1);
  });

  for (const retryDelayMs of [0, 1]) {
    it(`again ${retryDelayMs} ms later, though the store takes longer to look for them`, async () => {
      let failures = 1;
      const runTurn: TestTurn = async () => {
        if (failures-- > 0) throw new Error('once');
      };
      const memory = new MemoryStore();
      const store = interceptStore(memory, async (method, run) => {
        const result = await run();
        if (method === 'claimTurns') await sleep(engine.clock, 50);
        return result;
      });
      const engine: TestEngine = new TestEngine({ store, runTurn, turns: { retryDelayMs } });
      await engine.engine.start();
      await engine.clock.advance(SECOND);
      await engine.accept('c', 'e');
      await engine.clock.advance(SECOND);
      assert.deepEqual(engine.ran, ['e', 'e']);
    });
  }

  it('of a dead process whose lease runs out while the store looks for work', async () => {
    const memory = new MemoryStore();
    await memory.open();
    await acceptAll(memory, 'c', ['e']);
    const clock = new ManualClock();
    await memory.claimTurns(1, claimBy('dead', clock.now(), 30));
    const store = interceptStore(memory, async (method, run) => {
      const result = await run();
      if (method === 'claimTurns') await sleep(clock, 50);
      return result;
    });
    const engine = new TestEngine({ store, clock });
    await engine.engine.start();
    await clock.advance(SECOND);
    assert.deepEqual(engine.ran, ['e']);
  });

  it('also one that went back for want of a worker, when the store was slow to take it', async () => {
    const isReleased = signal();
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      if (method === 'settleTurn' && engine.ran.length === 0) await isReleased.given;
      return run();
    });
    const engine: TestEngine = new TestEngine({ store, turns: { maxConcurrent: 1 } });
    await engine.engine.start();
    await engine.acceptAtOnce('c1', 'c2');
    await letEventLoopTurn();
    assert.equal(engine.observer.completed, 1);
    isReleased.give();
    await engine.idle();
    assert.deepEqual(engine.ran, ['c1', 'c2']);
  });

  it('never twice at the same time, though the clock leaps', async () => {
    const turnEnds = signal();
    const runTurn: TestTurn = ({ event }) => (event.id === 'e' ? turnEnds.given : Promise.resolve());
    const engine = await TestEngine.started({ runTurn });
    await engine.accept('c', 'e');
    await letEventLoopTurn();
    engine.clock.jumpTo(engine.clock.now() + HOUR);
    await engine.accept('other', 'o');
    await letEventLoopTurn();
    engine.engine.wake();
    await letEventLoopTurn();
    turnEnds.give();
    await engine.idle();
    assert.deepEqual(engine.ran, ['e', 'o']);
    assert.equal(engine.observer.completed, 2);
  });

  it('under leases that are kept, also of events that come the moment it is idle', async () => {
    let renewals = 0;
    const store = interceptStore(new MemoryStore(), (method, run) => {
      if (method === 'renewLeases') renewals++;
      return run();
    });
    const turnEnds = signal();
    const runTurn: TestTurn = ({ event }) => (event.id === 'long' ? turnEnds.given : Promise.resolve());
    const engine = await TestEngine.started({ store, runTurn });
    await engine.accept('c', 'short');
    const next = engine.idle().then(() => engine.accept('c', 'long'));
    await next;
    await letEventLoopTurn();
    await engine.clock.advance(LEASE_MS);
    assert.equal(renewals, 3);
    turnEnds.give();
    await engine.idle();
    assert.equal(engine.clock.nextTimerIn, undefined);
  });

  it('of what an operator has given back, when it is woken', async () => {
    const engine = await TestEngine.started({ turns: { maxAttempts: 1 }, runTurn: fail });
    await engine.accept('c', 'e');
    await engine.idle();
    const [item] = await engine.store.listQuarantine({ limit: 1 });
    assert.ok(item?.kind === 'event');
    await engine.store.replayQuarantined('e', item.event);
    engine.engine.wake();
    await engine.idle();
    assert.deepEqual(engine.ran, ['e', 'e']);
  });
});
