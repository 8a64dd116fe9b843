import assert from 'node:assert/strict';
import { WebexConnectNotRunningError } from '../../../src/errors';
import { MemoryStore } from '../../../src/store/memoryStore';
import { interceptStore } from '../../support/interceptStore';
import { signal } from '../../support/signal';
import { newEvent, newMessage } from '../../support/storeSamples';
import { TestEngine, type TestTurn } from '../../support/testEngine';

describe('DeliveryEngine takes events in', () => {
  it('and says so only when they are stored (I1)', async () => {
    let isDurable = false;
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      const result = await run();
      if (method !== 'accept') return result;
      await new Promise(setImmediate);
      isDurable = true;
      return result;
    });
    const engine = await TestEngine.started({ store });
    assert.equal(await engine.engine.accept(newEvent('c')), 'stored');
    assert.equal(isDurable, true);
  });

  it('and fails when they could not be stored (I1)', async () => {
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      if (method === 'accept') throw new Error('the disk is full');
      return run();
    });
    const engine = await TestEngine.started({ store });
    await assert.rejects(engine.engine.accept(newEvent('c')), /the disk is full/);
    await engine.idle();
    assert.deepEqual(engine.ran, []);
  });

  it('and begins their turn only after the caller could answer (I10)', async () => {
    const engine = await TestEngine.started();
    await engine.accept('c', 'e');
    assert.deepEqual(engine.ran, []);
    await engine.idle();
    assert.deepEqual(engine.ran, ['e']);
  });

  it('and runs nothing for a repeat', async () => {
    const engine = await TestEngine.started();
    const event = newEvent('c', 'first', { dedupeKey: 'k' });
    assert.equal(await engine.engine.accept(event), 'stored');
    assert.equal(await engine.engine.accept({ ...event, id: 'repeat' }), 'duplicate');
    await engine.idle();
    assert.deepEqual(engine.ran, ['first']);
    assert.deepEqual(engine.observer.accepted, ['stored', 'duplicate']);
  });

  it('with the trace that they come from, unless it is too long to be one', async () => {
    const traces: unknown[] = [];
    const runTurn: TestTurn = async ({ event }) => {
      traces.push(event.traceContext);
    };
    const engine = await TestEngine.started({ runTurn });
    const longest = 'x'.repeat(256);
    for (const traceContext of [longest, `${longest}x`]) {
      await engine.engine.accept(newEvent('c', undefined, { traceContext }));
      await engine.engine.stage([newMessage('c', undefined, { traceContext })], undefined);
    }
    await engine.idle();
    assert.deepEqual(traces, [longest, undefined]);
    assert.deepEqual(
      engine.client.messages.map(({ traceContext }) => traceContext),
      [longest, undefined],
    );
  });

  it('until the backlog is full', async () => {
    const release = signal();
    const engine = await TestEngine.started({ inbox: { maxBacklog: 2 }, runTurn: () => release.given });
    await engine.accept('c', 'e1', 'e2');
    assert.equal(await engine.engine.accept(newEvent('c', 'e3')), 'full');
    release.give();
    await engine.idle();
    assert.equal(await engine.engine.accept(newEvent('c', 'e4')), 'stored');
    await engine.idle();
    assert.deepEqual(engine.ran, ['e1', 'e2', 'e4']);
  });

  it('not before it is started, nor after it is stopped', async () => {
    const engine = new TestEngine();
    await assert.rejects(engine.engine.accept(newEvent('c')), WebexConnectNotRunningError);
    await assert.rejects(engine.engine.accept(newEvent('c')), /Call adapter\.start\(logic\) first\./);
    await assert.rejects(engine.engine.stage([newMessage('c')], undefined), WebexConnectNotRunningError);
    await assert.rejects(engine.engine.reactivate('webhook'), WebexConnectNotRunningError);
    await engine.engine.start();
    await engine.engine.stop(0);
    await assert.rejects(engine.engine.accept(newEvent('c')), WebexConnectNotRunningError);
  });

  it('and sets no timer while nothing is under way', async () => {
    const engine = await TestEngine.started();
    assert.equal(engine.clock.nextTimerIn, undefined);
    await engine.accept('c', 'e');
    await engine.idle();
    await engine.clock.advance(0);
    assert.equal(engine.clock.nextTimerIn, undefined);
  });
});
