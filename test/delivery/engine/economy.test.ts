import assert from 'node:assert/strict';
import { MemoryStore } from '../../../src/store/memoryStore';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { SharedStore } from '../../support/sharedStore';
import { signal } from '../../support/signal';
import { SECOND } from '../../support/storeSamples';
import { TestEngine, type TestEngineParts } from '../../support/testEngine';

/** An engine that has looked at its store once, and every call of the store since then. */
async function counted(parts: TestEngineParts = {}): Promise<{ engine: TestEngine; calls: string[] }> {
  const calls: string[] = [];
  const store = interceptStore(parts.store ?? new MemoryStore(), (method, run) => {
    calls.push(method);
    return run();
  });
  const engine = await TestEngine.started({ ...parts, store });
  calls.length = 0;
  return { engine, calls };
}

describe('DeliveryEngine asks its store', () => {
  it('for four commits for an event that is answered, and looks for nothing more', async () => {
    const { engine, calls } = await counted();
    await engine.accept('c', 'e');
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['e.1']);
    assert.deepEqual(calls.sort(), ['accept', 'settleSend', 'settleTurn', 'stage']);
  });

  it('for no turn that it has no worker for', async () => {
    const turnEnds = signal();
    const { engine, calls } = await counted({
      turns: { maxConcurrent: 1 },
      runTurn: ({ event }) => (event.id === 'busy' ? turnEnds.given : Promise.resolve()),
    });
    await engine.accept('c1', 'busy');
    await letEventLoopTurn();
    await engine.accept('c2', 'late');
    await letEventLoopTurn();
    assert.deepEqual(calls, ['accept', 'accept']);
    turnEnds.give();
    await engine.idle();
    assert.deepEqual(engine.ran, ['busy', 'late']);
    assert.equal(calls.filter((method) => method === 'settleTurn').length, 2);
  });

  it('once per look how a destination is that others share, and never where nobody does', async () => {
    const shared = await counted({ store: new SharedStore(new MemoryStore()).store });
    const own = await counted();
    for (const { engine } of [shared, own]) {
      for (let time = 0; time < 3; time++) {
        engine.engine.wake();
        await letEventLoopTurn();
      }
      await engine.clock.advance(SECOND);
    }
    const asked = (calls: readonly string[]) => calls.filter((method) => method === 'loadHealth').length;
    assert.deepEqual([asked(shared.calls), asked(own.calls)], [1, 0]);
  });
});
