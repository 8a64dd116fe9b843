import assert from 'node:assert/strict';
import { requestHandover } from '../../../src/delivery/conversationLife';
import { letEventLoopTurn } from '../../support/eventLoop';
import { newMessage, SECOND } from '../../support/storeSamples';
import { TestEngine } from '../../support/testEngine';

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
