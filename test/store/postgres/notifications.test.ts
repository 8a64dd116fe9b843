import assert from 'node:assert/strict';
import type { PostgresStore } from '../../../src/postgres';
import type { ClaimTerms } from '../../../src/store/deliveryStore';
import { changeTo, closed, handoffNotice, tied } from '../../support/conversationSamples';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { signal } from '../../support/signal';
import { acceptAt, newEvent, newMessage } from '../../support/storeSamples';

const proactively = { turn: undefined, claim: undefined };

function claimBy(worker: string): ClaimTerms {
  return { worker, now: Date.now(), leaseMs: 60_000 };
}

describe('Replicas that watch', () => {
  let schema: string;
  let a: PostgresStore;
  let b: PostgresStore;

  beforeEach(async () => {
    schema = newSchema();
    a = await makePostgresStore({ schema });
    b = await makePostgresStore({ schema });
    await a.open();
    await b.open();
  });

  afterEach(async () => {
    await a.close();
    await b.close();
  });

  /** Resolves when `store` was told of work. */
  async function told(store: PostgresStore, work: () => Promise<unknown>): Promise<void> {
    const listening = signal();
    let tell = listening.give;
    const stop = store.watch(() => tell());
    await listening.given;
    const heard = signal();
    tell = heard.give;
    await work();
    await heard.given;
    stop();
  }

  it('are told of an event that nobody has claimed', async () => {
    await told(b, () => a.accept(newEvent('c', 'e'), acceptAt(Date.now())));
  });

  it('are told of a message that nobody has claimed', async () => {
    await told(b, () => a.stage([newMessage('c', 'm')], proactively));
  });

  it('are told of what a conversation’s change has to tell the bot', async () => {
    const change = changeTo(closed('c'), handoffNotice('c', 'n'));
    await told(b, () => a.updateConversation('c', change));
    const gate = { kind: 'change', conversationId: 'c', update: change } as const;
    await told(b, () => a.stage([], { ...proactively, gate }));
    const ids = { channelId: 'sms', agentConversationId: 'agent', botConversationId: 'c' };
    const notices = [handoffNotice('c', 'n')];
    const both = { kind: 'tied', agent: tied('agent', 'c'), bot: closed('c'), notices } as const;
    await told(b, () => a.tieConversation(ids, () => both));
  });

  it('are told when a replica gives up what it holds', async () => {
    await a.accept(newEvent('c', 'e'), acceptAt(Date.now(), { claim: claimBy('a') }));
    await told(b, () => a.releaseLeases('a'));
  });

  it('are told when an operator replays', async () => {
    await a.quarantine({ id: 'q', body: '{', reason: 'no JSON', receivedAt: 0 }, 10);
    await told(b, () => a.replayQuarantined('q', newEvent('c', 'e')));
  });

  it('are not told of what they have done themselves, nor of what is claimed', async () => {
    const listening = signal();
    let calls = 0;
    let tell = listening.give;
    const stop = b.watch(() => {
      calls++;
      tell();
    });
    await listening.given;
    await b.accept(newEvent('c1', 'e1'), acceptAt(Date.now()));
    await a.accept(newEvent('c2', 'e2'), acceptAt(Date.now(), { claim: claimBy('a') }));
    // What was sent comes in order: this would be the second or third, if there were others.
    const heard = signal();
    tell = heard.give;
    await a.accept(newEvent('c3', 'e3'), acceptAt(Date.now()));
    await heard.given;
    stop();
    assert.equal(calls, 2, 'once when it began to listen, once for c3');
  });

  it('may watch before they open', async () => {
    const late = await makePostgresStore({ schema });
    const heard = signal();
    late.watch(heard.give);
    await late.open();
    await heard.given;
    await late.close();
  });
});
