import assert from 'node:assert/strict';
import type {
  ClaimedSend,
  ClaimTerms,
  NewOutboxMessage,
  SendSettlement,
  SettledSend,
  SettleSendTerms,
  StageOutcome,
  StageTerms,
} from '../../../src/store/deliveryStore';
import { MemoryStore } from '../../../src/store/memoryStore';
import { letEventLoopTurn } from '../../support/eventLoop';
import { signal } from '../../support/signal';
import { LEASE_MS, newMessage } from '../../support/storeSamples';
import { stageAll } from '../../support/storeSteps';
import { TestEngine } from '../../support/testEngine';

/** Tells what became of each send, and can hold up what is staged. */
class WatchedStore extends MemoryStore {
  readonly settled: SendSettlement['kind'][] = [];
  holdUp: (messages: readonly NewOutboxMessage[]) => Promise<void> = async () => {};
  holdUpClaims: () => Promise<void> = async () => {};
  holdUpRenewals: () => Promise<void> = async () => {};

  override async stage(messages: readonly NewOutboxMessage[], terms: StageTerms): Promise<StageOutcome> {
    await this.holdUp(messages);
    return super.stage(messages, terms);
  }

  override async claimSends(
    destination: string,
    limit: number,
    terms: ClaimTerms,
  ): Promise<readonly ClaimedSend[]> {
    const sends = await super.claimSends(destination, limit, terms);
    await this.holdUpClaims();
    return sends;
  }

  override async renewLeases(terms: ClaimTerms): Promise<void> {
    await this.holdUpRenewals();
    return super.renewLeases(terms);
  }

  override settleSend(
    send: ClaimedSend,
    settlement: SendSettlement,
    terms: SettleSendTerms,
  ): Promise<SettledSend> {
    this.settled.push(settlement.kind);
    return super.settleSend(send, settlement, terms);
  }
}

/** Holds up who passes until it is opened. */
function barrier() {
  const [reached, opened] = [signal(), signal()];
  const pass = () => {
    reached.give();
    return opened.given;
  };
  return { pass, reached: reached.given, open: () => opened.give() };
}

describe('The places for messages on the wire', () => {
  it('are kept for what is claimed as it is staged, so that nothing has to be given back', async () => {
    const store = new WatchedStore();
    const engine = await TestEngine.started({ store, sender: { maxConcurrent: 2 } });
    const conversations = Array.from({ length: 30 }, (_, n) => `c${n}`);
    await Promise.all(conversations.map((conversation) => engine.stage(conversation, conversation)));
    await engine.idle();
    assert.equal(engine.client.mostAtOnce, 2);
    assert.deepEqual(
      store.settled,
      conversations.map(() => 'delivered'),
    );
  });

  it('are kept for what waits while it is being claimed, so that nothing has to be given back', async () => {
    const store = new WatchedStore();
    await store.open();
    await stageAll(store, 'waiting', ['w']);
    const release = signal();
    store.holdUpClaims = () => release.given;
    const engine = new TestEngine({ store, sender: { maxConcurrent: 1 } });
    await engine.engine.start();
    await letEventLoopTurn();
    await engine.stage('new', 'n');
    await letEventLoopTurn();
    assert.deepEqual(engine.client.sent, [], 'the one place is kept');
    release.give();
    await engine.idle();
    assert.deepEqual(
      [engine.client.sent, store.settled],
      [
        ['w', 'n'],
        ['delivered', 'delivered'],
      ],
    );
  });

  it('are kept half for what is staged while others are claimed', async () => {
    const store = new WatchedStore();
    await store.open();
    await stageAll(store, 'waiting', ['w']);
    const release = signal();
    store.holdUpClaims = () => release.given;
    const engine = new TestEngine({ store, sender: { maxConcurrent: 3 } });
    await engine.engine.start();
    await letEventLoopTurn();
    await engine.stage('new', 'n');
    await letEventLoopTurn();
    assert.deepEqual(engine.client.sent, ['n']);
    release.give();
    await engine.idle();
    assert.deepEqual(store.settled, ['delivered', 'delivered']);
  });

  it('are counted when leases have been renewed: what is staged meanwhile has its place', async () => {
    const store = new WatchedStore();
    const turnEnds = signal();
    const engine = await TestEngine.started({
      store,
      sender: { maxConcurrent: 1 },
      runTurn: () => turnEnds.given,
    });
    await engine.accept('busy', 'e');
    const [renewal, staging, claim] = [barrier(), barrier(), barrier()];
    store.holdUpRenewals = renewal.pass;
    store.holdUp = staging.pass;
    store.holdUpClaims = claim.pass;

    engine.clock.jumpTo(engine.clock.now() + LEASE_MS);
    engine.engine.wake();
    await renewal.reached;
    const staged = engine.stage('c', 'm');
    await staging.reached;
    renewal.open();
    await Promise.race([claim.reached, letEventLoopTurn()]);
    staging.open();
    await staged;
    claim.open();
    turnEnds.give();
    await engine.idle();
    assert.deepEqual(store.settled, ['delivered']);
  });

  it('are given up when nothing could be claimed', async () => {
    const store = new WatchedStore();
    await store.open();
    await stageAll(store, 'waiting', ['w']);
    store.holdUpClaims = () => Promise.reject(new Error('made up'));
    const engine = new TestEngine({ store, sender: { maxConcurrent: 1 } });
    await engine.engine.start();
    await letEventLoopTurn();
    store.holdUpClaims = async () => {};
    await engine.stage('new', 'n');
    await letEventLoopTurn();
    assert.deepEqual(engine.client.sent, ['n']);
  });

  it('are given up by what was not stored, and taken by what waits', async () => {
    const store = new WatchedStore();
    const engine = await TestEngine.started({ store, sender: { maxConcurrent: 1 } });
    const reached = signal();
    const release = signal();
    store.holdUp = async ([message]) => {
      if (message?.conversationId !== 'slow') return;
      reached.give();
      await release.given;
    };
    const refuse = () => ({ kind: 'refused' }) as const;
    const slow = engine.engine.stage([newMessage('slow', 's')], undefined, {
      gate: { kind: 'change', conversationId: 'slow', update: refuse },
    });
    await reached.given;
    await engine.stage('c', 'm');
    await letEventLoopTurn();
    assert.deepEqual(engine.client.sent, [], 'the one place is kept');
    release.give();
    assert.equal(await slow, 'refused');
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['m']);
  });

  it('are given up when the store fails', async () => {
    const store = new WatchedStore();
    const engine = await TestEngine.started({ store, sender: { maxConcurrent: 1 } });
    store.holdUp = () => Promise.reject(new Error('made up'));
    for (let time = 0; time < 3; time++) await assert.rejects(engine.stage('c', `lost ${time}`));
    store.holdUp = async () => {};
    await engine.stage('c', 'm');
    await engine.idle();
    assert.deepEqual(engine.client.sent, ['m']);
  });
});
