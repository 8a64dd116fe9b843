import assert from 'node:assert/strict';
import { close } from '../../../src/delivery/conversationLife';
import { WebexConnectNotFoundError } from '../../../src/errors';
import {
  type AcceptOutcome,
  type AcceptTerms,
  HEALTHY,
  type NewInboxEvent,
  type NewOutboxMessage,
  type StageOutcome,
  type StageTerms,
} from '../../../src/store/deliveryStore';
import { MemoryStore } from '../../../src/store/memoryStore';
import { letEventLoopTurn } from '../../support/eventLoop';
import { interceptStore } from '../../support/interceptStore';
import { ScriptedClient } from '../../support/scriptedClient';
import { failed } from '../../support/sendOutcomes';
import { signal } from '../../support/signal';
import { MINUTE, newEvent, newMessage, WEBHOOK } from '../../support/storeSamples';
import { TestEngine } from '../../support/testEngine';

const BRIDGE = 'bridge';
const forBridge = (conversationId: string, id: string) =>
  newMessage(conversationId, id, { destination: BRIDGE });

/** Says of every transcript that it could not be kept. */
class TranscriptlessStore extends MemoryStore {
  override async accept(event: NewInboxEvent, terms: AcceptTerms): Promise<AcceptOutcome> {
    const outcome = await super.accept(event, terms);
    return outcome.status === 'stored' ? { ...outcome, transcriptError: 'the disk is full' } : outcome;
  }

  override async stage(messages: readonly NewOutboxMessage[], terms: StageTerms): Promise<StageOutcome> {
    const outcome = await super.stage(messages, terms);
    return outcome.status === 'staged' ? { ...outcome, transcriptError: 'the disk is full' } : outcome;
  }
}

describe('DeliveryEngine with several destinations', () => {
  it('has one under each name', async () => {
    const engine = new TestEngine({ otherClients: { [BRIDGE]: new ScriptedClient() } });
    assert.deepEqual(engine.engine.destinations, [WEBHOOK, BRIDGE]);
    assert.throws(
      () => engine.engine.addDestination(BRIDGE, new ScriptedClient()),
      /TypeError: A destination is named 'bridge' already\./,
    );
  });

  it('names them all where somebody asks for another', async () => {
    const engine = await TestEngine.started({ otherClients: { [BRIDGE]: new ScriptedClient() } });
    await assert.rejects(engine.engine.reactivate('brigde'), (error) => {
      assert.ok(error instanceof WebexConnectNotFoundError);
      assert.match(error.message, /named 'brigde'\. There are: webhook, bridge\.$/);
      return true;
    });
  });

  it('sends what waits for one that is added while it runs', async () => {
    const engine = await TestEngine.started();
    await engine.store.stage([forBridge('c', 'm')], { turn: undefined, claim: undefined });
    const bridge = new ScriptedClient();
    engine.engine.addDestination(BRIDGE, bridge);
    await engine.idle();
    assert.deepEqual(bridge.sent, ['m']);
  });

  it('learns of one that is added while it runs that it is inactive, once the store can tell', async () => {
    let failures = 0;
    const store = interceptStore(new MemoryStore(), async (method, run) => {
      if (method === 'loadHealth' && failures-- > 0) throw new Error('the store is down');
      return run();
    });
    const engine = await TestEngine.started({ store });
    const probeAt = engine.clock.now() + MINUTE;
    const inactive = {
      status: 'inactive',
      consecutiveFailures: 5,
      since: 0,
      probeAt,
      reason: 'down',
    } as const;
    await store.updateHealth(BRIDGE, () => inactive);
    await store.stage([forBridge('c', 'm')], { turn: undefined, claim: undefined });
    failures = 2;
    const bridge = new ScriptedClient();
    engine.engine.addDestination(BRIDGE, bridge);
    await engine.clock.advance(MINUTE - 1);
    assert.deepEqual(engine.engine.health(BRIDGE), inactive);
    assert.deepEqual(engine.observer.storeFailures, new Array(2).fill('learning the health of bridge'));
    assert.deepEqual(bridge.sent, []);
    await engine.clock.advance(1);
    assert.deepEqual(bridge.sent, ['m']);
    assert.deepEqual(engine.engine.health(BRIDGE), HEALTHY);
  });

  it('starts one that is added before it runs with the others', async () => {
    const engine = new TestEngine();
    engine.engine.addDestination(BRIDGE, new ScriptedClient());
    await letEventLoopTurn();
    assert.deepEqual(engine.observer.storeFailures, []);
  });

  it('tries what one conversation waits to send again at once, everywhere', async () => {
    const bridge = new ScriptedClient();
    const engine = await TestEngine.started({ otherClients: { [BRIDGE]: bridge } });
    engine.client.next.push(failed, failed);
    bridge.next.push(failed);
    await engine.stage('c', 'm');
    await engine.stage('other', 'o');
    await engine.engine.stage([forBridge('c', 'b')], undefined);
    await engine.idle();
    await engine.engine.hasten('c');
    await engine.idle();
    assert.deepEqual(
      [engine.client.sent, bridge.sent],
      [
        ['m', 'o', 'm'],
        ['b', 'b'],
      ],
    );
  });

  for (const order of [
    [WEBHOOK, BRIDGE],
    [BRIDGE, WEBHOOK],
  ]) {
    it(`keeps to the places of each when messages for ${order.join(' and ')} are staged together`, async () => {
      const bridge = new ScriptedClient();
      let settled = 0;
      const store = interceptStore(new MemoryStore(), (method, run) => {
        if (method === 'settleSend') settled++;
        return run();
      });
      const engine = await TestEngine.started({
        store,
        otherClients: { [BRIDGE]: bridge },
        sender: { maxConcurrent: 1 },
      });
      const release = signal();
      engine.client.script = async (message) => {
        if (message.id === 'slow') await release.given;
        return { kind: 'accepted', platformMessageId: undefined };
      };
      await engine.stage('slow', 'slow');
      const together = order.map((destination) =>
        newMessage(`for ${destination}`, destination, { destination }),
      );
      await engine.engine.stage(together, undefined);
      await letEventLoopTurn();
      assert.deepEqual([engine.client.sent, bridge.sent], [['slow'], [BRIDGE]]);
      release.give();
      await engine.idle();
      assert.deepEqual([engine.client.sent, engine.client.mostAtOnce], [['slow', WEBHOOK], 1]);
      assert.equal(settled, 3, 'nothing had to be given back');
    });
  }
});

describe('DeliveryEngine, of what goes along with events and messages,', () => {
  it('carries a change of the conversation out also where no message goes with it', async () => {
    const engine = await TestEngine.started();
    const update = close('c', engine.clock.now());
    const gate = { kind: 'change', conversationId: 'c', update } as const;
    assert.equal(await engine.engine.stage([], undefined, { gate }), 'staged');
    const record = await engine.store.findConversation('c');
    assert.equal(record?.kind === 'bot' && record.phase.state, 'closed');
  });

  it('asks the store for nothing where there is nothing', async () => {
    const asked: string[] = [];
    const store = interceptStore(new MemoryStore(), (method, run) => {
      asked.push(method);
      return run();
    });
    const engine = await TestEngine.started({ store });
    assert.equal(await engine.engine.stage([], undefined), 'staged');
    assert.equal(asked.includes('stage'), false);
  });

  it('counts no event that belongs elsewhere', async () => {
    const engine = await TestEngine.started();
    const conversation = { when: 'always', update: () => ({ kind: 'refused' as const }) } as const;
    assert.equal(await engine.engine.accept(newEvent('c'), { conversation }), 'refused');
    assert.deepEqual(engine.observer.accepted, []);
  });

  it('tells of a transcript that could not be kept, and of which conversation', async () => {
    const engine = await TestEngine.started({ store: new TranscriptlessStore(), runTurn: async () => {} });
    await engine.accept('c1', 'e');
    const entry = { channelId: 'webexconnect', conversationId: 'c2', activityId: 'a', type: 'message' };
    const transcript = [{ ...entry, happenedAt: undefined, json: '{}' }];
    await engine.engine.stage([newMessage('c2', 'm')], undefined, { transcript });
    await engine.engine.stage([newMessage('c3', 'm3')], undefined);
    await engine.idle();
    const why = 'the disk is full';
    assert.deepEqual(engine.observer.transcriptFailures, [`c1: ${why}`, `c2: ${why}`, `: ${why}`]);
  });

  it('tells of no transcript that was kept', async () => {
    const engine = await TestEngine.started();
    await engine.accept('c', 'e');
    await engine.idle();
    assert.deepEqual(engine.observer.transcriptFailures, []);
  });
});
