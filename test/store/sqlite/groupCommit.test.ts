import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import {
  botRecord,
  changeTo,
  closed,
  know,
  leaveAsIs,
  transcriptEntry,
  withAgent,
} from '../../support/conversationSamples';
import { present } from '../../support/present';
import { acceptAt, claimBy, newEvent, newMessage, settleTerms, T0 } from '../../support/storeSamples';
import { acceptAll, claimSend, claimTurn, dueTurns, stageAll, stageSends } from '../../support/storeSteps';

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
    await Promise.all([store.accept(newEvent('c'), acceptAt()), store.updateConversation('d', leaveAsIs)]);
    assert.deepEqual(boundaries, [
      ['before-commit', ['accept', 'updateConversation']],
      ['after-commit', ['accept', 'updateConversation']],
    ]);
  });

  it('needs three transactions for an echo', async () => {
    const commits = await commitsOf(async () => {
      const outcome = await store.accept(newEvent('c', 'e'), acceptAt(T0, { claim: claimBy('a') }));
      const turn = present(outcome.status === 'stored' ? outcome.turn : undefined);
      const [send] = await stageSends(store, [newMessage('c')], { turn, claim: claimBy('a') });
      await Promise.all([
        store.settleTurn(turn, { kind: 'completed' }, claimBy('a')),
        store.settleSend(present(send), delivered, settleTerms(claimBy('a'))),
      ]);
    });
    assert.equal(commits, 3);
  });

  it('needs three for an echo that is tracked, gated and written into the transcript', async () => {
    await know(store, withAgent('other'));
    const tracked = { when: 'always', update: changeTo(botRecord('c')) } as const;
    const commits = await commitsOf(async () => {
      const outcome = await store.accept(
        newEvent('c', 'e'),
        acceptAt(T0, { claim: claimBy('a'), conversation: tracked, transcript: transcriptEntry('c', 'e') }),
      );
      const turn = present(outcome.status === 'stored' ? outcome.turn : undefined);
      const [send] = await stageSends(store, [newMessage('c')], {
        turn,
        claim: claimBy('a'),
        gate: { kind: 'whileBotHasIt', conversationId: 'c' },
        transcript: [transcriptEntry('c', 'm')],
      });
      const settling = { ...settleTerms(claimBy('a')), conversation: leaveAsIs };
      await Promise.all([
        store.settleTurn(turn, { kind: 'completed' }, claimBy('a')),
        store.settleSend(present(send), delivered, settling),
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

  it('asks an update again when another of its group fails, from what is stored', async () => {
    const seen: unknown[] = [];
    const outcomes = await Promise.allSettled([
      store.updateConversation('c', (record) => {
        seen.push(record);
        return { kind: 'changed', record: closed('c'), notices: [newEvent('c', 'n')] };
      }),
      store.updateConversation('d', () => {
        throw new Error('this step fails');
      }),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.deepEqual(seen, [undefined, undefined]);
    assert.equal((await store.stats()).waitingEvents, 1);
    assert.deepEqual((await claimTurn(store)).conversation, closed('c'));
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
      store.settleTurn(
        { event: newEvent('c'), attempt: 1, fence: 7, conversation: undefined },
        { kind: 'completed' },
        undefined,
      ),
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
