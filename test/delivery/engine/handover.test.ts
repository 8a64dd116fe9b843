import assert from 'node:assert/strict';
import { handoverDied, observe, requestHandover } from '../../../src/delivery/conversationLife';
import { MemoryStore } from '../../../src/store/memoryStore';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { ScriptedClient } from '../../support/scriptedClient';
import { failed, timedOut } from '../../support/sendOutcomes';
import { MINUTE, newEvent, newMessage, SECOND } from '../../support/storeSamples';
import { TestEngine, type TestEngineParts } from '../../support/testEngine';

describe('DeliveryEngine and who has a conversation', () => {
  it('gives a turn back that has to wait, and does not count the attempt', async () => {
    let waits = 5;
    const engine = await TestEngine.started({
      turns: { maxAttempts: 2 },
      runTurn: async () => {},
      endTurn: (_turn, { clock }) =>
        waits-- > 0 ? { kind: 'held', notBefore: clock.now() + SECOND } : { kind: 'completed' },
    });
    await engine.accept('c', 'e1', 'e2');
    for (let second = 0; second < 5; second++) {
      await engine.idle();
      assert.deepEqual(
        engine.ran,
        Array.from({ length: second + 1 }, () => 'e1'),
      );
      await engine.clock.advance(SECOND);
    }
    await engine.idle();
    assert.deepEqual(engine.ran.slice(-2), ['e1', 'e2']);
    assert.equal(engine.observer.completed, 2);
    assert.deepEqual(engine.observer.quarantined, []);
  });

  const handOver = (engine: TestEngine, id: string) => {
    const update = requestHandover('c', id, engine.clock.now());
    return engine.engine.stage([newMessage('c', id, { role: 'handover' })], undefined, {
      gate: { kind: 'change', conversationId: 'c', update },
    });
  };
  const stateOf = async (engine: TestEngine) => {
    const record = await engine.store.findConversation('c');
    return record?.kind === 'bot' ? record.phase : undefined;
  };

  it('notes that a handover was taken, when it was', async () => {
    const engine = await TestEngine.started();
    assert.equal(await handOver(engine, 'h'), 'staged');
    await engine.idle();
    const phase = await stateOf(engine);
    assert.equal(phase?.state, 'handingOver');
    assert.equal(phase?.state === 'handingOver' && phase.handover.acknowledgedAt, engine.clock.now());
  });

  it('gives the conversation back and tells the bot, in a turn, when a handover dies', async () => {
    const told: string[] = [];
    const engine = await TestEngine.started({
      runTurn: async ({ event }) => {
        told.push(`${event.source} ${event.payload}`);
      },
    });
    engine.client.next.push({ kind: 'refused', reason: 'the webhook answered 400', blames: 'message' });
    await handOver(engine, 'h');
    await engine.idle();
    await letEventLoopTurn();
    assert.deepEqual(await stateOf(engine), { state: 'bot' });
    assert.equal(told.length, 2);
    assert.match(told[0] ?? '', /^handoffStatus .*"state":"failed","message":"the webhook answered 400"/);
    assert.match(told[1] ?? '', /^deliveryFailed /);
    for (const id of engine.ran) assert.match(id, /^[\da-f-]{36}$/);
    const record = await engine.store.findConversation('c');
    assert.equal(record?.kind === 'bot' && record.pastHandovers[0]?.noticeId, engine.ran[0]);
  });

  it('goes on with a handover that is tried again', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push(failed);
    await handOver(engine, 'h');
    await engine.idle();
    assert.equal((await stateOf(engine))?.state, 'handingOver');
    await engine.clock.advance(5 * SECOND);
    assert.deepEqual(engine.client.sent, ['h', 'h']);
  });

  const agentSays = (engine: TestEngine) => {
    const at = engine.clock.now();
    const sighting = { event: 'Agent message', messageId: undefined, channel: undefined, customParams: {} };
    const update = observe({
      conversationId: 'c',
      fact: { kind: 'agentSaid', agentConversationId: 'a', tiedBy: 'field' },
      sighting: { ...sighting, at, receivedAt: at },
      clockToleranceMs: 0,
      slip: { id: 'accepted', at },
    });
    return engine.engine.accept(newEvent('c', 'agent'), { conversation: { when: 'always', update } });
  };

  it('does not send a handover again when an agent has spoken, and goes on behind it', async () => {
    const engine = await TestEngine.started({ runTurn: async () => {} });
    engine.client.next.push(timedOut);
    await handOver(engine, 'h');
    await engine.idle();
    await agentSays(engine);
    await engine.stage('c', 'behind');
    await engine.clock.advance(MINUTE);
    assert.deepEqual(engine.client.sent, ['h', 'behind']);
    assert.equal((await engine.store.stats()).deadLetters, 0);
    const history = await engine.store.history('c', { limit: 10 });
    const outcomes = history.flatMap((entry) => (entry.kind === 'sendAttempt' ? [entry.outcome] : []));
    assert.deepEqual(outcomes, ['failed', 'delivered', 'delivered']);
  });

  describe('and another contact centre that is told of a handover', () => {
    const CENTRE = 'centre';

    /** An engine whose handover waits to be tried again, and so does what the other is told of it. */
    async function withCopyWaiting(parts: TestEngineParts = {}) {
      const centre = new ScriptedClient();
      const engine = await TestEngine.started({ ...parts, otherClients: { [CENTRE]: centre } });
      centre.next.push(failed);
      const update = requestHandover('c', 'h', engine.clock.now());
      const messages = [
        newMessage('c', 'h', { role: 'handover' }),
        newMessage('c', 'copy', { activityId: 'h', role: 'handoverCopy', destination: CENTRE }),
        newMessage('c', 'behind', { destination: CENTRE }),
      ];
      const gate = { kind: 'change', conversationId: 'c', update } as const;
      await engine.engine.stage(messages, undefined, { gate });
      await engine.idle();
      return { engine, centre };
    }

    it('does not take what the other has got for the answer to the handover', async () => {
      const engine = await TestEngine.started({ otherClients: { [CENTRE]: new ScriptedClient() } });
      engine.client.script = () => failed;
      const update = requestHandover('c', 'h', engine.clock.now());
      const gate = { kind: 'change', conversationId: 'c', update } as const;
      const copy = newMessage('c', 'copy', { activityId: 'h', role: 'handoverCopy', destination: CENTRE });
      await engine.engine.stage([newMessage('c', 'h', { role: 'handover' }), copy], undefined, { gate });
      await engine.idle();
      const phase = await stateOf(engine);
      assert.equal(phase?.state === 'handingOver' && phase.handover.acknowledgedAt, undefined);
    });

    it('withdraws what is over, tells why, and goes on behind it', async () => {
      const { engine, centre } = await withCopyWaiting();
      const at = engine.clock.now();
      const update = handoverDied('h', at, 'gone', { id: 'died', at });
      const gate = { kind: 'change', conversationId: 'c', update } as const;
      await engine.engine.stage([], undefined, { gate });
      await engine.clock.advance(MINUTE);
      assert.deepEqual(centre.sent, ['copy', 'behind']);
      const [letter] = await engine.store.listDeadLetters({ limit: 10 });
      assert.deepEqual(
        [letter?.id, letter?.reason, letter?.ambiguousAttempts],
        ['copy', 'withdrawn: the handover was over before it was sent', 0],
      );
      assert.deepEqual(
        engine.ran.filter((id) => id !== 'died'),
        [],
        'the bot is told of no failure',
      );
    });

    it('says nothing of the other’s health by it', async () => {
      const { engine, centre } = await withCopyWaiting();
      const at = engine.clock.now();
      const update = handoverDied('h', at, 'gone', { id: 'died', at });
      const gate = { kind: 'change', conversationId: 'c', update } as const;
      await engine.engine.stage([], undefined, { gate });
      centre.script = () => failed;
      await engine.clock.advance(5 * SECOND);
      await engine.idle();
      assert.deepEqual(engine.engine.health(CENTRE), { status: 'active', consecutiveFailures: 2 });
    });

    it('waits for a store that fails for a while', async () => {
      const failures = new Map<string, number>();
      const store = interceptStore(new MemoryStore(), async (method, run) => {
        const left = failures.get(method) ?? 0;
        failures.set(method, left - 1);
        if (left > 0) throw new Error('the store is down');
        return run();
      });
      const { engine, centre } = await withCopyWaiting({ store });
      const at = engine.clock.now();
      const update = handoverDied('h', at, 'gone', { id: 'died', at });
      const gate = { kind: 'change', conversationId: 'c', update } as const;
      await engine.engine.stage([], undefined, { gate });
      await engine.idle();
      failures.set('findConversation', 1).set('settleSend', 1);
      await engine.clock.advance(MINUTE);
      assert.deepEqual(centre.sent, ['copy', 'behind']);
      assert.deepEqual(engine.observer.storeFailures, ['looking at a handover', 'recording a send']);
    });
  });

  it('lets no message of any other role change who has the conversation', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push({ kind: 'refused', reason: 'no', blames: 'message' });
    await engine.stage('c', 'm1');
    await engine.idle();
    assert.equal(await stateOf(engine), undefined);
  });

  it('refuses what the gate does not let pass, and stores nothing of it', async () => {
    const engine = await TestEngine.started();
    await handOver(engine, 'h');
    const gate = { kind: 'whileBotHasIt', conversationId: 'c' } as const;
    assert.equal(await engine.engine.stage([newMessage('c', 'm')], undefined, { gate }), 'refused');
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['h']);
  });
});
