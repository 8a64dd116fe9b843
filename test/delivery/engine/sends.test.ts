import assert from 'node:assert/strict';
import { sleep } from '../../../src/clock';
import { MemoryStore } from '../../../src/store/memoryStore';
import { ManualClock } from '../../../src/testing/manualClock';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { ScriptedClient } from '../../support/scriptedClient';
import { accepted, failed, refusedMessage, timedOut } from '../../support/sendOutcomes';
import { signal } from '../../support/signal';
import { HOUR, MINUTE, newMessage, SECOND, TRACE } from '../../support/storeSamples';
import { stageAll } from '../../support/storeSteps';
import { TestEngine, type TestTurn } from '../../support/testEngine';

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

const neverInactive = { failuresUntilInactive: 1000 };

describe('DeliveryEngine sends messages', () => {
  it('at once, before their turn has ended', async () => {
    const runTurn: TestTurn = async (turn, engine) => {
      await engine.reply(turn, 1);
      await letEventLoopTurn();
      assert.deepEqual(engine.client.sent, ['e.1']);
      await engine.reply(turn, 2);
    };
    const engine = await TestEngine.started({ runTurn });
    await engine.accept('c', 'e');
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['e.1', 'e.2']);
    assert.equal(engine.observer.completed, 1);
    assert.equal(engine.observer.delivered, 2);
  });

  it('of one conversation one at a time, in order (I5)', async () => {
    const engine = await TestEngine.started();
    const ids = names('m', 12);
    await engine.stage('c', ...ids.slice(0, 5));
    for (const id of ids.slice(5)) await engine.stage('c', id);
    await engine.idle();
    assert.deepEqual(engine.client.sent, ids);
    assert.deepEqual(engine.client.overlaps, []);
  });

  it('of other conversations in parallel (I5)', async () => {
    const engine = await TestEngine.started();
    await Promise.all(names('c', 10).map((conversation) => engine.stage(conversation, conversation)));
    await engine.idle();
    assert.equal(engine.client.mostAtOnce, 10);
  });

  it('that were left from an earlier run, when it starts', async () => {
    const store = new MemoryStore();
    await store.open();
    await stageAll(store, 'c', ['1', '2']);
    const engine = await TestEngine.started({ store });
    assert.deepEqual(engine.client.sent, ['1', '2']);
  });

  it('at most so many at a time, however many come at once', async () => {
    const engine = await TestEngine.started({ sender: { maxConcurrent: 3 } });
    const conversations = names('c', 20);
    await Promise.all(conversations.map((conversation) => engine.stage(conversation, conversation)));
    await engine.idle();
    assert.equal(engine.client.mostAtOnce, 3);
    assert.deepEqual([...engine.client.sent].sort(), conversations.sort());
    assert.equal((await engine.store.stats()).waitingMessages, 0);
  });

  it('at most so many at a time, though one commit brings more', async () => {
    const engine = await TestEngine.started({ sender: { maxConcurrent: 2 } });
    const messages = names('c', 7).map((conversation) => newMessage(conversation, conversation));
    await engine.engine.stage(messages, undefined);
    await engine.idle();
    assert.equal(engine.client.mostAtOnce, 2);
    assert.equal(engine.client.sent.length, 7);
    // What went back unsent was no attempt.
    assert.ok(engine.client.messages.every(({ lastError }) => lastError === undefined));
    const history = await engine.store.history('c7', { limit: 10 });
    assert.deepEqual(
      history.map((entry) => (entry.kind === 'sendAttempt' ? entry.outcome : entry.kind)),
      ['messageStaged', 'delivered'],
    );
  });

  it('also one that was being stored when the last connection became free', async () => {
    const isStored = signal();
    const sendEnds = signal();
    const client = new ScriptedClient();
    client.script = async ({ id }) => {
      if (id === 'busy') await sendEnds.given;
      return accepted;
    };
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      if (method === 'stage' && client.sent.includes('busy')) await isStored.given;
      return run();
    });
    const engine = await TestEngine.started({ store, client, sender: { maxConcurrent: 1 } });
    await engine.stage('c1', 'busy');
    const staging = engine.stage('c2', 'late');
    sendEnds.give();
    await letEventLoopTurn();
    isStored.give();
    await staging;
    await engine.idle();
    assert.deepEqual(client.sent, ['busy', 'late']);
  });

  it('again after 5 s, 60 s, 10 min and 45 min, then gives them up', async () => {
    const engine = await TestEngine.started({ sender: neverInactive });
    const start = engine.clock.now();
    const times: number[] = [];
    engine.client.script = () => {
      times.push(engine.clock.now() - start);
      return failed;
    };
    await engine.stage('c', 'm');
    await engine.clock.advance(2 * HOUR);
    const waits = [0, 5 * SECOND, MINUTE, 10 * MINUTE, 45 * MINUTE];
    assert.deepEqual(
      times,
      waits.map((_, index) => waits.slice(0, index + 1).reduce((sum, wait) => sum + wait)),
    );
    const [letter] = await engine.store.listDeadLetters({ limit: 10 });
    assert.equal(letter?.id, 'm');
    assert.equal(letter.attempts, 5);
    assert.equal(letter.reason, 'gave up after 5 attempts: the webhook answered 500');
    assert.deepEqual(
      engine.observer.sendFailures.map(({ attempt, next }) => `${attempt} ${next}`),
      ['1 retry', '2 retry', '3 retry', '4 retry', '5 dead'],
    );
    const why = 'the webhook answered 500';
    assert.deepEqual(
      engine.observer.sendFailures.map(({ reason }) => reason),
      [why, why, why, why, `gave up after 5 attempts: ${why}`],
    );
  });

  it('again when the client itself fails: nobody knows what it has sent, or may know what it says (I9)', async () => {
    const engine = await TestEngine.started();
    let failures = 1;
    engine.client.script = () => {
      if (failures-- > 0) throw new TypeError('cannot send: Where is my order?');
      return accepted;
    };
    await engine.stage('c', 'm');
    await engine.clock.advance(5 * SECOND);
    assert.deepEqual(engine.client.sent, ['m', 'm']);
    assert.deepEqual(engine.observer.sendFailures, [
      {
        messageId: 'm',
        conversationId: 'c',
        attempt: 1,
        reason: "the client of 'webhook' has failed: TypeError",
        isAmbiguous: true,
        next: 'retry',
      },
    ]);
  });

  it('again 30 ms later, though the store takes longer to look for them', async () => {
    const clock = new ManualClock();
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      const result = await run();
      if (method === 'claimSends') await sleep(clock, 50);
      return result;
    });
    const engine = new TestEngine({ store, clock, sender: { retryDelaysMs: [30] } });
    engine.client.next.push(failed);
    await engine.engine.start();
    await clock.advance(SECOND);
    await engine.stage('c', 'm');
    await clock.advance(SECOND);
    assert.deepEqual(engine.client.sent, ['m', 'm']);
  });

  it('also one that was held back for want of a connection, when the store was slow to take it', async () => {
    const isHeldBack = signal();
    const client = new ScriptedClient();
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      if (method === 'settleSend' && isFirst()) await isHeldBack.given;
      return run();
    });
    let settled = 0;
    const isFirst = () => settled++ === 0;
    const engine = await TestEngine.started({ store, client, sender: { maxConcurrent: 1 } });
    await engine.engine.stage([newMessage('c1', 'm1'), newMessage('c2', 'm2')], undefined);
    await letEventLoopTurn();
    assert.equal(engine.observer.delivered, 1);
    isHeldBack.give();
    await engine.idle();
    assert.deepEqual(client.sent, ['m1', 'm2']);
  });

  it('never twice at the same time, though the clock leaps', async () => {
    const sendEnds = signal();
    const engine = await TestEngine.started();
    engine.client.script = async ({ id }) => {
      if (id === 'slow') await sendEnds.given;
      return accepted;
    };
    await engine.stage('c', 'slow');
    await letEventLoopTurn();
    engine.clock.jumpTo(engine.clock.now() + HOUR);
    await engine.stage('other', 'o');
    await letEventLoopTurn();
    sendEnds.give();
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['slow', 'o']);
    assert.equal(engine.observer.delivered, 2);
  });

  it('under the same id with every attempt (I7)', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push(timedOut, failed);
    await engine.stage('c', 'm');
    await engine.clock.advance(HOUR);
    assert.deepEqual(engine.client.sent, ['m', 'm', 'm']);
  });

  it('and records attempts whose outcome is unknown (I7)', async () => {
    const engine = await TestEngine.started({ sender: neverInactive });
    engine.client.next.push(timedOut, failed, timedOut, failed, failed);
    await engine.stage('c', 'm');
    await engine.clock.advance(2 * HOUR);
    const [letter] = await engine.store.listDeadLetters({ limit: 10 });
    assert.equal(letter?.ambiguousAttempts, 2);
    assert.deepEqual(
      engine.observer.sendFailures.map(({ isAmbiguous }) => isAmbiguous),
      [true, false, true, false, false],
    );
  });

  it('when Retry-After says, if that is later', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push({ ...failed, retryAfterMs: 20 * SECOND });
    await engine.stage('c', 'm');
    await engine.clock.advance(20 * SECOND - 1);
    assert.equal(engine.client.sent.length, 1);
    await engine.clock.advance(1);
    assert.equal(engine.client.sent.length, 2);
  });

  it('strictly in order through retries, and a failing conversation holds up no other (I5)', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push(failed);
    await engine.stage('c', 'm1', 'm2');
    await engine.idle();
    await engine.stage('c', 'm3');
    await engine.stage('other', 'o1', 'o2');
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['m1', 'o1', 'o2']);
    await engine.clock.advance(5 * SECOND);
    assert.deepEqual(engine.client.sent, ['m1', 'o1', 'o2', 'm1', 'm2', 'm3']);
  });

  it('and goes on behind one that is refused', async () => {
    const engine = await TestEngine.started();
    engine.client.next.push(refusedMessage);
    await engine.stage('c', 'bad', 'good');
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['bad', 'good']);
    assert.equal((await engine.store.stats()).deadLetters, 1);
  });

  it('and tells the bot of one that was given up', async () => {
    const told: unknown[] = [];
    const runTurn: TestTurn = async ({ event }) => {
      told.push({ ...event, id: 'any', payload: JSON.parse(event.payload) });
    };
    const engine = await TestEngine.started({ runTurn });
    engine.client.next.push(refusedMessage);
    const message = newMessage('c', 'm-1', { activityId: 'm', traceContext: TRACE });
    await engine.engine.stage([message], undefined);
    await engine.idle();
    assert.deepEqual(told, [
      {
        id: 'any',
        conversationId: 'c',
        source: 'deliveryFailed',
        payload: { deadLetterId: 'm-1', activityId: 'm', reason: 'the webhook answered 400', attempts: 1 },
        dedupeKey: undefined,
        receivedAt: engine.clock.now(),
        traceContext: TRACE,
      },
    ]);
  });

  it('and does not let what the bot says of a failure breed another', async () => {
    const runTurn: TestTurn = (turn, self) => self.reply(turn, 1);
    const engine = await TestEngine.started({ runTurn });
    engine.client.script = () => refusedMessage;
    await engine.accept('c', 'e');
    await engine.clock.advance(HOUR);
    assert.equal(engine.ran.length, 2, 'the event and one notice');
    const letters = await engine.store.listDeadLetters({ limit: 10 });
    assert.deepEqual(
      letters.map(({ reportsFailure }) => reportsFailure),
      [true, false],
    );
  });

  it('that an operator has given back, with all their attempts', async () => {
    const engine = await TestEngine.started({ sender: { ...neverInactive, retryDelaysMs: [SECOND] } });
    engine.client.next.push(failed, failed, failed);
    await engine.stage('c', 'm');
    await engine.clock.advance(SECOND);
    assert.equal((await engine.store.stats()).deadLetters, 1);
    await engine.store.replayDeadLetter('m');
    engine.engine.wake();
    await engine.clock.advance(SECOND);
    assert.deepEqual(engine.client.sent, ['m', 'm', 'm', 'm']);
    assert.equal(engine.observer.delivered, 1);
  });

  it('each to its own destination, though one commit stored them', async () => {
    const bridge = new ScriptedClient();
    const engine = await TestEngine.started({ otherClients: { bridge } });
    const messages = ['webhook', 'bridge', 'webhook'].map((destination, index) =>
      newMessage('c', `${destination}-${index}`, { destination }),
    );
    await engine.engine.stage(messages, undefined);
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['webhook-0', 'webhook-2']);
    assert.deepEqual(bridge.sent, ['bridge-1']);
  });

  it('to no destination that it does not know, and stores none of them', async () => {
    const engine = await TestEngine.started();
    const messages = [newMessage('c', 'm1'), newMessage('c', 'm2', { destination: 'nowhere' })];
    await assert.rejects(engine.engine.stage(messages, undefined), /No destination is named 'nowhere'/);
    assert.equal((await engine.store.stats()).waitingMessages, 0);
    assert.throws(() => engine.engine.health('nowhere'), TypeError);
  });

  it('and counts none when there is none', async () => {
    const engine = await TestEngine.started();
    await engine.engine.stage([], undefined);
    assert.deepEqual(engine.observer.staged, []);
  });
});
