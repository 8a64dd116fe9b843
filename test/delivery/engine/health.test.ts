import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import {
  type ClaimedSend,
  HEALTHY,
  type SendSettlement,
  type SettledSend,
  type SettleSendTerms,
} from '../../../src/store/deliveryStore';
import { MemoryStore } from '../../../src/store/memoryStore';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { ScriptedClient } from '../../support/scriptedClient';
import { accepted, failed, refusedByWebhook, refusedMessage, timedOut } from '../../support/sendOutcomes';
import { signal } from '../../support/signal';
import { HOUR, MINUTE, newMessage, SECOND, T0, WEBHOOK } from '../../support/storeSamples';
import { TestEngine, type TestEngineParts } from '../../support/testEngine';

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

/** An engine whose webhook has just failed five times, once in each of five conversations. */
async function inactiveEngine(parts: TestEngineParts = {}): Promise<TestEngine> {
  const engine = await TestEngine.started(parts);
  engine.client.script = () => failed;
  for (const conversation of names('c', 5)) await engine.stage(conversation, `${conversation}-1`);
  await engine.idle();
  assert.equal(engine.engine.health(WEBHOOK).status, 'inactive');
  engine.client.sent.length = 0;
  return engine;
}

/** Takes nothing back for as long as there are refusals left. */
class ReluctantStore extends MemoryStore {
  readonly refusals: Error[] = [];

  override async settleSend(
    send: ClaimedSend,
    settlement: SendSettlement,
    terms: SettleSendTerms,
  ): Promise<SettledSend> {
    const refusal = settlement.kind === 'released' ? this.refusals.shift() : undefined;
    if (refusal !== undefined) throw refusal;
    return super.settleSend(send, settlement, terms);
  }
}

describe('DeliveryEngine and a webhook that fails', () => {
  it('takes it for active after four failures in a row', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push(failed, timedOut, failed, failed);
    for (const conversation of names('c', 4)) await engine.stage(conversation, conversation);
    await engine.idle();
    assert.deepEqual(engine.engine.health(WEBHOOK), { status: 'active', consecutiveFailures: 4 });
    await engine.stage('c5', 'c5');
    await engine.idle();
    assert.deepEqual(engine.engine.health(WEBHOOK), HEALTHY);
    assert.deepEqual(engine.observer.webhook, []);
  });

  it('reports each change of its health, and no success after a success', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push(accepted, failed, failed, accepted, accepted);
    for (const conversation of names('c', 5)) await engine.stage(conversation, conversation);
    await engine.idle();
    assert.deepEqual(engine.observer.healthChanges, [
      'webhook active 1',
      'webhook active 2',
      'webhook active 0',
    ]);
  });

  it('takes it for inactive after five, and tells so once', async () => {
    const engine = await inactiveEngine();
    const now = engine.clock.now();
    assert.deepEqual(engine.engine.health(WEBHOOK), {
      status: 'inactive',
      consecutiveFailures: 5,
      since: now,
      probeAt: now + MINUTE,
      reason: 'the webhook answered 500',
    });
    await engine.clock.advance(10 * MINUTE);
    assert.deepEqual(engine.observer.webhook, ['webhook inactive: the webhook answered 500']);
  });

  it('sends nothing while it is inactive, new messages or retries', async () => {
    const engine = await inactiveEngine();
    await engine.stage('c1', 'c1-2');
    await engine.stage('new', 'new-1');
    await engine.clock.advance(MINUTE - 1);
    assert.deepEqual(engine.client.sent, []);
    assert.equal((await engine.store.stats()).waitingMessages, 7);
  });

  it('sends nothing more of a conversation in the middle of which it turned inactive', async () => {
    const engine = await TestEngine.started();
    engine.client.script = () => refusedByWebhook;
    const messages = names('m', 8).map((id) => newMessage('c', id, { reportsFailure: false }));
    await engine.engine.stage(messages, undefined);
    await engine.idle();
    assert.deepEqual(engine.client.sent, names('m', 5));
    assert.equal((await engine.store.stats()).waitingMessages, 3);
  });

  it('probes it with one message after a pause, and again after each failed probe', async () => {
    const engine = await inactiveEngine();
    await engine.clock.advance(MINUTE);
    assert.equal(engine.client.sent.length, 1);
    await engine.clock.advance(MINUTE - 1);
    assert.equal(engine.client.sent.length, 1);
    await engine.clock.advance(1);
    assert.equal(engine.client.sent.length, 2);
  });

  it('probes it with one message at a time', async () => {
    const engine = await inactiveEngine();
    const probeEnds = signal();
    engine.client.script = async () => {
      await probeEnds.given;
      return accepted;
    };
    await engine.clock.advance(MINUTE);
    await engine.stage('new', 'new-1');
    engine.engine.wake();
    await letEventLoopTurn();
    assert.equal(engine.client.sent.length, 1);
    probeEnds.give();
    await engine.idle();
    assert.equal(engine.observer.delivered, 6);
  });

  it('uses no attempt up while it is inactive, for however long', async () => {
    const engine = await inactiveEngine();
    await engine.clock.advance(5 * HOUR);
    assert.equal(engine.client.sent.length, 300);
    assert.deepEqual(await engine.store.stats(), {
      waitingEvents: 0,
      waitingMessages: 5,
      oldestWaitingEventAt: undefined,
      oldestWaitingMessageAt: T0,
      deadLetters: 0,
      quarantined: 0,
    });
    const attempts = engine.observer.sendFailures.map(({ attempt }) => attempt);
    assert.ok(Math.max(...attempts) <= 2);
  });

  it('lets a probe not wait for the retry of its message', async () => {
    const engine = await TestEngine.started({ sender: { retryDelaysMs: [HOUR] } });
    engine.client.next.push(failed, failed, failed, failed, failed);
    for (const conversation of names('c', 5)) await engine.stage(conversation, conversation);
    await engine.clock.advance(MINUTE);
    assert.equal(engine.observer.delivered, 5);
  });

  it('drains everything in order, and in parallel, when a probe gets through', async () => {
    const engine = await inactiveEngine();
    for (const conversation of names('c', 5)) {
      await engine.stage(conversation, `${conversation}-2`, `${conversation}-3`);
    }
    engine.client.mostAtOnce = 0;
    engine.client.script = () => accepted;
    await engine.clock.advance(MINUTE);
    assert.equal(engine.observer.delivered, 15);
    for (const conversation of names('c', 5)) {
      const sent = engine.client.sent.filter((id) => id.startsWith(conversation));
      assert.deepEqual(sent, [`${conversation}-1`, `${conversation}-2`, `${conversation}-3`]);
    }
    assert.ok(engine.client.mostAtOnce > 1);
    assert.equal(engine.observer.webhook.at(-1), 'webhook active');
    assert.deepEqual(await engine.store.loadHealth(WEBHOOK), HEALTHY);
  });

  it('does not make others wait until the conversation of the probe is empty', async () => {
    const engine = await inactiveEngine();
    await engine.stage('c1', ...names('c1-more', 20));
    const probeLane: string[] = [];
    engine.client.script = ({ conversationId }) => {
      if (conversationId === 'c1') probeLane.push(conversationId);
      return accepted;
    };
    await engine.clock.advance(MINUTE);
    await engine.idle();
    const firstOfOthers = engine.client.sent.findIndex((id) => !id.startsWith('c1'));
    assert.ok(firstOfOthers < 10, `the others waited for ${firstOfOthers} messages`);
    assert.equal(probeLane.length, 21);
  });

  it('takes a probe whose message is refused as a sign of life', async () => {
    const engine = await inactiveEngine();
    engine.client.next.push(refusedMessage);
    engine.client.script = () => accepted;
    await engine.clock.advance(MINUTE);
    assert.equal(engine.observer.delivered, 4);
    assert.equal((await engine.store.stats()).deadLetters, 1);
    assert.equal(engine.engine.health(WEBHOOK).status, 'active');
  });

  it('keeps the messages of a webhook that refuses everybody, once it is inactive', async () => {
    const engine = await inactiveEngine();
    engine.client.script = () => refusedByWebhook;
    await engine.clock.advance(HOUR);
    assert.equal((await engine.store.stats()).deadLetters, 0);
    assert.equal((await engine.store.stats()).waitingMessages, 5);
  });

  it('sends at once a message that comes when a probe is overdue for want of one', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push(...Array.from({ length: 5 }, () => refusedByWebhook));
    const unreported = names('m', 5).map((id) => newMessage(id, id, { reportsFailure: false }));
    await engine.engine.stage(unreported, undefined);
    await engine.idle();
    assert.equal(engine.engine.health(WEBHOOK).status, 'inactive');
    assert.equal((await engine.store.stats()).waitingMessages, 0);
    await engine.clock.advance(HOUR);
    await engine.stage('c', 'late');
    await engine.idle();
    assert.deepEqual(engine.client.sent.at(-1), 'late');
    assert.equal(engine.engine.health(WEBHOOK).status, 'active');
  });

  /** An engine whose webhook turned inactive while a sixth message, `late`, was being stored. */
  async function inactiveMeanwhile(refusal: Error): Promise<{ engine: TestEngine; store: MemoryStore }> {
    const isStored = signal();
    const memory = new ReluctantStore();
    const client = new ScriptedClient();
    const store = interceptStore(memory, async (method, run) => {
      const result = await run();
      if (method === 'stage' && (await memory.stats()).waitingMessages > 5) await isStored.given;
      return result;
    });
    const engine = await TestEngine.started({ store, client });
    memory.refusals.push(refusal);
    const sendEnds = signal();
    client.script = async () => {
      await sendEnds.given;
      return failed;
    };
    for (const conversation of names('c', 5)) await engine.stage(conversation, conversation);
    const staging = engine.stage('late', 'late');
    sendEnds.give();
    await letEventLoopTurn();
    assert.equal(engine.engine.health(WEBHOOK).status, 'inactive');
    isStored.give();
    await staging;
    await engine.clock.advance(SECOND);
    await engine.idle();
    assert.ok(!client.sent.includes('late'));
    client.script = () => accepted;
    return { engine, store: memory };
  }

  it('does not send what was being stored when it turned inactive, and gives it back', async () => {
    const { engine, store } = await inactiveMeanwhile(new Error('the store is down'));
    assert.deepEqual(engine.observer.storeFailures, ['giving a message back']);
    assert.deepEqual(await store.loadHealth(WEBHOOK), engine.engine.health(WEBHOOK));
    await engine.clock.advance(MINUTE);
    assert.equal(engine.observer.delivered, 6);
  });

  it('tells of what it could not give back, for somebody else has it by now', async () => {
    const { engine } = await inactiveMeanwhile(new LeaseLostError('late'));
    assert.deepEqual(engine.observer.leasesLost, ['message late']);
  });

  it('is told so by a send that began before, and makes what waits due at once', async () => {
    const engine = await TestEngine.started({ sender: { retryDelaysMs: [HOUR], probeAfterMs: 2 * HOUR } });
    const slowEnds = signal();
    engine.client.script = async ({ id }) => {
      if (id !== 'slow') return failed;
      await slowEnds.given;
      return accepted;
    };
    await engine.stage('slow', 'slow');
    for (const conversation of names('c', 5)) await engine.stage(conversation, conversation);
    await letEventLoopTurn();
    assert.equal(engine.engine.health(WEBHOOK).status, 'inactive');
    engine.client.script = () => accepted;
    slowEnds.give();
    await engine.idle();
    assert.equal(engine.engine.health(WEBHOOK).status, 'active');
    assert.equal(engine.observer.delivered, 6);
  });

  it('remembers it through a restart', async () => {
    const before = await inactiveEngine();
    const { store, clock } = before;
    await before.engine.stop(0);
    await clock.advance(10 * SECOND);
    const engine = await TestEngine.started({ store, clock });
    assert.equal(engine.engine.health(WEBHOOK).status, 'inactive');
    await clock.advance(50 * SECOND - 1);
    assert.deepEqual(engine.client.sent, []);
    await clock.advance(1);
    assert.equal(engine.observer.delivered, 5);
  });

  it('holds up no other destination', async () => {
    const bridge = new ScriptedClient();
    const engine = await inactiveEngine({ otherClients: { bridge } });
    await engine.engine.stage([newMessage('c1', 'm', { destination: 'bridge' })], undefined);
    await engine.idle();
    assert.deepEqual(bridge.sent, ['m']);
    assert.deepEqual(engine.engine.health('bridge'), HEALTHY);
  });

  describe('after reactivate()', () => {
    it('drains everything in order at once', async () => {
      const engine = await inactiveEngine();
      for (const conversation of names('c', 5)) await engine.stage(conversation, `${conversation}-2`);
      engine.client.script = () => accepted;
      await engine.engine.reactivate(WEBHOOK);
      await engine.idle();
      assert.equal(engine.observer.delivered, 10);
      for (const conversation of names('c', 5)) {
        const sent = engine.client.sent.filter((id) => id.startsWith(conversation));
        assert.deepEqual(sent, [`${conversation}-1`, `${conversation}-2`]);
      }
      assert.deepEqual(engine.engine.health(WEBHOOK), HEALTHY);
      assert.equal(engine.observer.webhook.at(-1), 'webhook active');
    });

    it('counts attempts again, and turns inactive again after five failures', async () => {
      const engine = await inactiveEngine();
      await engine.engine.reactivate(WEBHOOK);
      await engine.idle();
      assert.equal(engine.engine.health(WEBHOOK).status, 'inactive');
      const last = engine.observer.sendFailures.slice(-5);
      assert.deepEqual(
        last.map(({ attempt, next }) => `${attempt} ${next}`),
        new Array(5).fill('2 retry'),
      );
    });

    it('does not wait for the retries of a webhook that was still active', async () => {
      const engine = await TestEngine.started({ sender: { retryDelaysMs: [HOUR] } });
      engine.client.next.push(failed);
      await engine.stage('c', 'm');
      await engine.idle();
      await engine.engine.reactivate(WEBHOOK);
      await engine.idle();
      assert.equal(engine.observer.delivered, 1);
    });
  });
});
