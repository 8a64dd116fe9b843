import assert from 'node:assert/strict';
import { sleep } from '../../../src/clock';
import { LeaseLostError } from '../../../src/errors';
import { MemoryStore } from '../../../src/store/memoryStore';
import { ManualClock } from '../../../src/testing/manualClock';
import { letEventLoopTurn } from '../../support/eventLoop';
import { MortalStore } from '../../support/mortalStore';
import { ScriptedClient } from '../../support/scriptedClient';
import { accepted } from '../../support/sendOutcomes';
import { LEASE_MS, newMessage, SECOND } from '../../support/storeSamples';
import { TestEngine, type TestEngineParts, type TestTurn } from '../../support/testEngine';

const never: TestTurn = () => new Promise(() => {});

/** Two processes on one store. */
class Replicas {
  readonly shared = new MemoryStore();
  readonly clock = new ManualClock();
  readonly client = new ScriptedClient();

  /** A process that ends when its store does. */
  async start(parts: TestEngineParts = {}): Promise<{ engine: TestEngine; kill: () => void }> {
    const mortal = new MortalStore(this.shared);
    const { clock, client } = this;
    const engine = new TestEngine({ store: mortal.store, clock, client, ...parts });
    await engine.engine.start();
    await letEventLoopTurn();
    return { engine, kill: () => mortal.kill() };
  }
}

describe('DeliveryEngine after a crash', () => {
  it('runs the turn again that the crash cut off, when its lease has run out', async () => {
    const replicas = new Replicas();
    const first = await replicas.start({ runTurn: never });
    await first.engine.accept('c', 'e1', 'e2');
    await letEventLoopTurn();
    first.kill();
    const second = await replicas.start();
    await replicas.clock.advance(LEASE_MS - 1);
    assert.deepEqual(second.engine.ran, []);
    await replicas.clock.advance(1);
    assert.deepEqual(second.engine.ran, ['e1', 'e2']);
  });

  it('stores the k-th message of a turn once, though the turn is run again (I4)', async () => {
    const replicas = new Replicas();
    const sendTwo: TestTurn = async (turn, engine) => {
      await engine.reply(turn, 1);
      await engine.reply(turn, 2);
    };
    const first = await replicas.start({
      async runTurn(turn, engine) {
        await engine.reply(turn, 1);
        await never(turn, engine);
      },
    });
    await first.engine.accept('c', 'e');
    await letEventLoopTurn();
    first.kill();
    await replicas.start({ runTurn: sendTwo });
    await replicas.clock.advance(LEASE_MS);
    assert.deepEqual(replicas.client.sent, ['e.1', 'e.2']);
  });

  it('sends again what was on the wire, and says that it may have arrived (I7)', async () => {
    const replicas = new Replicas();
    replicas.client.script = () => new Promise(() => {});
    const first = await replicas.start();
    await first.engine.stage('c', 'm1', 'm2');
    await letEventLoopTurn();
    first.kill();
    const client = new ScriptedClient();
    await replicas.start({ client });
    await replicas.clock.advance(LEASE_MS);
    assert.deepEqual(client.sent, ['m1', 'm2']);
    assert.deepEqual(
      client.messages.map(({ ambiguousAttempts }) => ambiguousAttempts),
      [1, 0],
    );
  });

  it('waits for the retries that were scheduled before it', async () => {
    const replicas = new Replicas();
    replicas.client.next.push({
      kind: 'failed',
      reason: '500',
      isAmbiguous: false,
      retryAfterMs: 90 * SECOND,
    });
    const first = await replicas.start();
    await first.engine.stage('c', 'm');
    await letEventLoopTurn();
    first.kill();
    await replicas.start();
    await replicas.clock.advance(90 * SECOND - 1);
    assert.deepEqual(replicas.client.sent, ['m']);
    await replicas.clock.advance(1);
    assert.deepEqual(replicas.client.sent, ['m', 'm']);
  });

  it('quarantines an event in the middle of whose turn the process ended three times', async () => {
    const replicas = new Replicas();
    for (let crash = 0; crash < 3; crash++) {
      const { engine, kill } = await replicas.start({ runTurn: never });
      if (crash === 0) await engine.accept('c', 'deadly', 'harmless');
      await replicas.clock.advance(LEASE_MS);
      assert.deepEqual(engine.ran, ['deadly']);
      kill();
    }
    const last = await replicas.start();
    await replicas.clock.advance(LEASE_MS);
    assert.deepEqual(last.engine.ran, ['harmless']);
    const [item] = await replicas.shared.listQuarantine({ limit: 10 });
    assert.equal(item?.id, 'deadly');
    assert.equal(item.reason, 'the process or its lease ended in the middle of 3 turns');
    const history = await replicas.shared.history('c', { limit: 10 });
    assert.deepEqual(
      history.flatMap((entry) => (entry.kind === 'turnAttempt' ? [[entry.attempt, entry.outcome]] : [])),
      [
        [1, 'abandoned'],
        [2, 'abandoned'],
        [3, 'abandoned'],
        [4, 'quarantined'],
        [1, 'completed'],
      ],
    );
  });
});

describe('DeliveryEngine on several replicas', () => {
  it('keeps its leases for as long as a turn takes', async () => {
    const replicas = new Replicas();
    const runTurn: TestTurn = (_turn, { clock }) => sleep(clock, 10 * LEASE_MS);
    const first = await replicas.start({ runTurn });
    await first.engine.accept('c', 'e');
    const second = await replicas.start();
    await replicas.clock.advance(10 * LEASE_MS);
    assert.equal(first.engine.observer.completed, 1);
    assert.deepEqual(second.engine.ran, []);
  });

  it('keeps its leases for as long as a send takes', async () => {
    const replicas = new Replicas();
    const first = await replicas.start();
    replicas.client.script = async () => {
      await sleep(replicas.clock, 10 * LEASE_MS);
      return accepted;
    };
    await first.engine.stage('c', 'm');
    await replicas.start();
    await replicas.clock.advance(10 * LEASE_MS);
    assert.deepEqual(replicas.client.sent, ['m']);
    assert.equal(first.engine.observer.delivered, 1);
  });

  it('refuses what a worker writes that was taken over', async () => {
    const replicas = new Replicas();
    const errors: unknown[] = [];
    const zombie: TestTurn = async (turn, engine) => {
      await sleep(engine.clock, LEASE_MS + SECOND);
      await engine.reply(turn, 1).catch((error: unknown) => errors.push(error));
    };
    const mortal = new MortalStore(replicas.shared);
    const { clock, client } = replicas;
    const first = new TestEngine({ store: mortal.withoutRenewals, clock, client, runTurn: zombie });
    await first.engine.start();
    await first.accept('c', 'e');
    await letEventLoopTurn();
    const second = await replicas.start({ runTurn: (_turn, engine) => sleep(engine.clock, 5 * SECOND) });
    await replicas.clock.advance(LEASE_MS + SECOND);
    assert.deepEqual(second.engine.ran, ['e']);
    assert.ok(errors[0] instanceof LeaseLostError);
    assert.deepEqual(first.observer.leasesLost, ['the turn of event e']);
    await replicas.clock.advance(5 * SECOND);
    assert.equal(second.engine.observer.completed, 1);
    assert.equal(first.observer.completed, 0);
    assert.deepEqual(replicas.client.sent, []);
  });

  it('runs one conversation on one of them at a time, and in order', async () => {
    const replicas = new Replicas();
    const running = new Set<string>();
    const order = new Map<string, string[]>();
    const runTurn: TestTurn = async (turn, engine) => {
      const { id, conversationId } = turn.event;
      assert.ok(!running.has(conversationId), `${conversationId} ran twice at the same time`);
      running.add(conversationId);
      order.set(conversationId, [...(order.get(conversationId) ?? []), id]);
      await letEventLoopTurn(id.length % 3);
      await engine.reply(turn, 1);
      running.delete(conversationId);
    };
    const engines = [await replicas.start({ runTurn }), await replicas.start({ runTurn })];
    const expected = new Map<string, string[]>();
    for (let index = 0; index < 60; index++) {
      const conversation = `c${index % 4}`;
      const id = `${conversation}-${index}`;
      expected.set(conversation, [...(expected.get(conversation) ?? []), id]);
      await engines[index % 2]?.engine.accept(conversation, id);
    }
    for (const { engine } of engines) await engine.idle();
    assert.deepEqual(Object.fromEntries(order), Object.fromEntries(expected));
    assert.deepEqual(replicas.client.overlaps, []);
    for (const [conversation, ids] of expected) {
      const sent = replicas.client.sent.filter((id) => id.startsWith(`${conversation}-`));
      assert.deepEqual(
        sent,
        ids.map((id) => `${id}.1`),
      );
    }
    for (const { engine } of engines) assert.deepEqual(engine.observer.turnFailures, []);
  });

  it('delivers on one what another has staged and could not finish', async () => {
    const replicas = new Replicas();
    const first = await replicas.start();
    const stopping = first.engine.engine.stop(0);
    await first.engine.engine.stage([newMessage('c', 'm')], undefined);
    await stopping;
    await replicas.start();
    await letEventLoopTurn();
    assert.deepEqual(replicas.client.sent, ['m']);
  });
});
