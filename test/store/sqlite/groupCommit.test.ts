import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import { present } from '../../support/present';
import { acceptAt, claimBy, newEvent, newMessage, settleTerms, T0 } from '../../support/storeSamples';
import { acceptAll, claimSend, claimTurn, dueTurns, stageAll } from '../../support/storeSteps';

const delivered = { kind: 'delivered', at: T0, platformMessageId: undefined } as const;

describe('Group commit', () => {
  let store: SqliteStore;
  let boundaries: [string, readonly string[]][];
  beforeEach(async () => {
    boundaries = [];
    store = new SqliteStore(':memory:', {
      onCommitBoundary: (boundary, operations) => boundaries.push([boundary, operations]),
    });
    await store.open();
  });
  afterEach(async () => {
    await store.close();
  });

  async function commitsOf(work: () => Promise<unknown>): Promise<number> {
    const before = store.commits;
    await work();
    return store.commits - before;
  }

  it('puts everything that waits into one transaction', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `e${index}`);
    const commits = await commitsOf(() =>
      Promise.all(ids.map((id) => store.accept(newEvent(`c-${id}`, id), acceptAt()))),
    );
    assert.equal(commits, 1);
    assert.equal((await store.stats()).waitingEvents, 50);
  });

  it('tells what is in it, before and after the commit', async () => {
    await Promise.all([store.accept(newEvent('c'), acceptAt()), store.closeConversation('d', T0)]);
    assert.deepEqual(boundaries, [
      ['before-commit', ['accept', 'closeConversation']],
      ['after-commit', ['accept', 'closeConversation']],
    ]);
  });

  it('needs three transactions for an echo', async () => {
    const commits = await commitsOf(async () => {
      const outcome = await store.accept(newEvent('c', 'e'), acceptAt(T0, { claim: claimBy('a') }));
      const turn = present(outcome.status === 'stored' ? outcome.turn : undefined);
      const [send] = await store.stage([newMessage('c')], { turn, claim: claimBy('a') });
      await Promise.all([
        store.settleTurn(turn, { kind: 'completed' }, claimBy('a')),
        store.settleSend(present(send), delivered, settleTerms(claimBy('a'))),
      ]);
    });
    assert.equal(commits, 3);
  });

  it('needs none to find that there is nothing to do', async () => {
    await acceptAll(store, 'c', ['e']);
    await claimTurn(store);
    const commits = await commitsOf(async () => {
      await store.claimTurns(10, claimBy('a'));
      await store.claimSends('webhook', 10, claimBy('a'));
      await store.expedite('webhook');
      await store.nextTurnAt(T0);
      await store.nextSendAt('webhook', T0);
      await store.renewLeases(claimBy('a'));
    });
    assert.equal(commits, 0);
  });

  it('takes back what failed, and nothing else', async () => {
    await stageAll(store, 'c', ['m']);
    const send = await claimSend(store);
    const broken = () => {
      throw new Error('this step fails');
    };
    const outcomes = await Promise.allSettled([
      store.accept(newEvent('c', 'before'), acceptAt()),
      store.settleSend(send, delivered, settleTerms(undefined, broken)),
      store.settleTurn({ event: newEvent('c'), attempt: 1, fence: 7 }, { kind: 'completed' }, undefined),
      store.accept(newEvent('d', 'after'), acceptAt(T0, { claim: claimBy('a') })),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    );
    assert.ok(outcomes[1]?.status === 'rejected' && /this step fails/.test(outcomes[1].reason.message));
    assert.ok(outcomes[2]?.status === 'rejected' && outcomes[2].reason instanceof LeaseLostError);
    assert.equal((await store.stats()).waitingMessages, 1);
    assert.deepEqual(await dueTurns(store, claimBy('b')), ['before'], "'after' was claimed once");
    await store.settleSend(send, delivered, settleTerms());
    assert.equal((await store.stats()).waitingMessages, 0);
  });
});
