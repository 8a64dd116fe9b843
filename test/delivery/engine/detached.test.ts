import assert from 'node:assert/strict';
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import type { ClockTimer } from '../../../src/clock';
import { MemoryStore } from '../../../src/store/memoryStore';
import { ManualClock } from '../../../src/testing/manualClock';
import { interceptStore } from '../../support/interceptStore';
import { failed } from '../../support/sendOutcomes';
import { LEASE_MS, MINUTE, newMessage, SECOND } from '../../support/storeSamples';
import { TestEngine, type TestTurn } from '../../support/testEngine';

/** Its timers go on as part of what set them, as Node's do. */
class BindingClock extends ManualClock {
  override setTimer(delayMs: number, callback: () => void): ClockTimer {
    return super.setTimer(delayMs, AsyncResource.bind(callback));
  }
}

/** What a trace, a logger or a bot keeps for as long as a request goes on. */
const requests = new AsyncLocalStorage<string>();

describe('DeliveryEngine, of the request that sets it off,', () => {
  /** Every call of the store, with the request as part of which it was made. */
  const calls: [method: string, request: string | undefined][] = [];
  const partOf = (method: string) => calls.filter(([name]) => name === method).map(([, request]) => request);

  beforeEach(() => {
    calls.length = 0;
  });

  function start(runTurn?: TestTurn): Promise<TestEngine> {
    const store = interceptStore(new MemoryStore(), (method, run) => {
      calls.push([method, requests.getStore()]);
      return run();
    });
    return TestEngine.started({ store, clock: new BindingClock(), ...(runTurn && { runTurn }) });
  }

  it('runs the event’s own turn and its first send as a part', async () => {
    const seen: unknown[] = [];
    const engine = await start(async (turn, self) => {
      seen.push(requests.getStore());
      await self.reply(turn, 1);
    });
    await requests.run('1', () => engine.accept('c', 'e'));
    await engine.idle();
    assert.deepEqual(seen, ['1']);
    assert.deepEqual(partOf('settleTurn'), ['1']);
    assert.deepEqual(partOf('settleSend'), ['1']);
  });

  it('runs no turn of another event as a part', async () => {
    const seen: unknown[] = [];
    const engine = await start(async ({ event }) => {
      seen.push([event.id, requests.getStore()]);
      if (event.id === 'e1') await engine.accept('c', 'e2');
    });
    await requests.run('1', () => engine.accept('c', 'e1'));
    await engine.idle();
    assert.deepEqual(seen, [
      ['e1', '1'],
      ['e2', undefined],
    ]);
    assert.deepEqual(partOf('settleTurn'), ['1', undefined]);
  });

  it('sends no message behind its own as a part', async () => {
    const engine = await start();
    await requests.run('1', () => engine.stage('c', 'm1'));
    await requests.run('2', () => engine.stage('c', 'm2'));
    await engine.idle();
    assert.deepEqual(partOf('settleSend'), ['1', undefined]);
  });

  it('looks for work, now and later, as no part', async () => {
    const engine = await start();
    calls.length = 0;
    engine.client.next.push(failed);
    await requests.run('1', () => engine.accept('c', 'e'));
    await engine.clock.advance(MINUTE);
    await requests.run('2', async () => engine.engine.wake());
    await engine.idle();
    assert.ok(partOf('claimSends').length >= 2);
    for (const method of ['claimTurns', 'claimSends', 'nextSendAt']) {
      assert.deepEqual(new Set(partOf(method)), new Set([undefined]), method);
    }
  });

  it('renews leases as no part', async () => {
    const engine = await start(
      (_turn, self) => new Promise((resolve) => self.clock.setTimer(MINUTE, resolve)),
    );
    await requests.run('1', () => engine.accept('c', 'e'));
    await engine.clock.advance(LEASE_MS + SECOND);
    assert.ok(partOf('renewLeases').length >= 3);
    assert.deepEqual(new Set(partOf('renewLeases')), new Set([undefined]));
    await engine.clock.advance(MINUTE);
  });

  it('takes in and stages as a part', async () => {
    const engine = await start();
    await requests.run('1', async () => {
      await engine.accept('c', 'e');
      await engine.engine.stage([newMessage('d', 'm')], undefined);
    });
    assert.deepEqual(partOf('accept'), ['1']);
    assert.ok(partOf('stage').includes('1'));
    await engine.idle();
  });
});
