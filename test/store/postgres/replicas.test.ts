import assert from 'node:assert/strict';
import { LeaseLostError } from '../../../src/errors';
import type { PostgresStore } from '../../../src/postgres';
import type { ClaimedSend, ClaimedTurn, ClaimTerms } from '../../../src/store/deliveryStore';
import { HEALTHY } from '../../../src/store/deliveryStore';
import { query } from '../../support/postgresServer';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { present } from '../../support/present';
import { acceptAt, newEvent, newMessage, settleTerms, unchanged, WEBHOOK } from '../../support/storeSamples';

const MINUTE = 60_000;

/** A claim as the engine makes it, on the machine's own time. */
function claimBy(worker: string, leaseMs = MINUTE): ClaimTerms {
  return { worker, now: Date.now(), leaseMs };
}

const proactively = { turn: undefined, claim: undefined };
const delivered = { kind: 'delivered', at: Date.now(), platformMessageId: 'p' } as const;

describe('Replicas on one PostgreSQL', () => {
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

  /** Asks until the lease that is in the way has run out. */
  async function claimTurnWhenFree(store: PostgresStore, worker: string): Promise<ClaimedTurn> {
    for (;;) {
      const [turn] = await store.claimTurns(1, claimBy(worker));
      if (turn !== undefined) return turn;
    }
  }

  async function claimSendWhenFree(store: PostgresStore, worker: string): Promise<ClaimedSend> {
    for (;;) {
      const [send] = await store.claimSends(WEBHOOK, 1, claimBy(worker));
      if (send !== undefined) return send;
    }
  }

  async function claimTurn(store: PostgresStore, worker: string, leaseMs?: number): Promise<ClaimedTurn> {
    const [turn] = await store.claimTurns(1, claimBy(worker, leaseMs));
    return present(turn, 'a turn that is due');
  }

  async function claimSend(store: PostgresStore, worker: string, leaseMs?: number): Promise<ClaimedSend> {
    const [send] = await store.claimSends(WEBHOOK, 1, claimBy(worker, leaseMs));
    return present(send, 'a message that is due');
  }

  it('keep the order of acceptance in each conversation, whoever accepts', async () => {
    const conversations = ['c1', 'c2', 'c3'];
    const accepted = new Map<string, string[]>(conversations.map((conversation) => [conversation, []]));
    const acceptMany = async (store: PostgresStore, name: string) => {
      for (let index = 0; index < 15; index++) {
        await Promise.all(
          conversations.map(async (conversation) => {
            const id = `${conversation}-${name}-${index}`;
            await store.accept(newEvent(conversation, id), acceptAt(Date.now()));
            present(accepted.get(conversation)).push(id);
          }),
        );
      }
    };
    await Promise.all([acceptMany(a, 'a'), acceptMany(b, 'b')]);

    const ran = new Map<string, string[]>(conversations.map((conversation) => [conversation, []]));
    const runAll = async (store: PostgresStore, worker: string) => {
      for (;;) {
        const turns = await store.claimTurns(2, claimBy(worker));
        if (turns.length === 0 && (await store.stats()).waitingEvents === 0) return;
        for (const turn of turns) {
          present(ran.get(turn.event.conversationId)).push(turn.event.id);
          await store.settleTurn(turn, { kind: 'completed' }, undefined);
        }
      }
    };
    await Promise.all([runAll(a, 'a'), runAll(b, 'b')]);

    for (const conversation of conversations) {
      const order = present(ran.get(conversation));
      assert.equal(order.length, 30);
      // Each replica's own events, which it accepted one after the other, must be in that order.
      for (const name of ['a', 'b']) {
        const own = (ids: string[]) => ids.filter((id) => id.includes(`-${name}-`));
        assert.deepEqual(own(order), own(present(accepted.get(conversation))));
      }
    }
  });

  it('number the events of a conversation in the order of commits', async () => {
    await Promise.all(
      [a, b].flatMap((store, replica) =>
        Array.from({ length: 20 }, (_, index) =>
          store.accept(newEvent('c', `${replica}-${index}`), acceptAt(Date.now())),
        ),
      ),
    );
    const rows = await query(`SELECT seq::int FROM ${schema}.inbox ORDER BY seq`);
    assert.deepEqual(
      rows.map(({ seq }) => seq),
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
  });

  it('store one of two repeats that reach them at once', async () => {
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.all(
        [a, b].map((store, replica) => {
          const repeat = newEvent('c', `${round}-${replica}`, { dedupeKey: `k${round}` });
          return store.accept(repeat, acceptAt(Date.now(), { claim: claimBy(`${replica}`) }));
        }),
      );
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['duplicate', 'stored']);
    }
  });

  it('never hold the same conversation, however they claim', async () => {
    const conversations = Array.from({ length: 30 }, (_, index) => `c${index}`);
    for (const conversation of conversations) {
      await a.accept(newEvent(conversation, conversation), acceptAt(Date.now()));
      await a.stage([newMessage(conversation, conversation)], proactively);
    }
    const claims = await Promise.all(
      [a, b, a, b].map(async (store, index) => {
        const turns = await store.claimTurns(30, claimBy(`${index}`));
        const sends = await store.claimSends(WEBHOOK, 30, claimBy(`${index}`));
        return [
          ...turns.map(({ event }) => `in ${event.id}`),
          ...sends.map(({ message }) => `out ${message.id}`),
        ];
      }),
    );
    assert.deepEqual(
      claims.flat().sort(),
      conversations.flatMap((conversation) => [`in ${conversation}`, `out ${conversation}`]).sort(),
    );
  });

  it('let a holder whose lease has run out, and who was replaced, change nothing', async () => {
    await a.accept(newEvent('c', 'e'), acceptAt(Date.now()));
    await a.stage([newMessage('c', 'm1'), newMessage('c', 'm2')], proactively);
    const pausedTurn = await claimTurn(a, 'paused', 1);
    const pausedSend = await claimSend(a, 'paused', 1);
    const turn = await claimTurnWhenFree(b, 'b');
    const send = await claimSendWhenFree(b, 'b');
    assert.ok(turn.fence > pausedTurn.fence && send.fence > pausedSend.fence);
    assert.equal(send.message.ambiguousAttempts, 1, 'the paused one may have sent it');

    const before = await a.stats();
    const failed = () => ({ status: 'active', consecutiveFailures: 1 }) as const;
    const notice = newEvent('c', 'notice', { source: 'deliveryFailed' });
    const dead = { kind: 'dead', at: 0, reason: '400', isAmbiguous: false, notice } as const;
    await assert.rejects(a.settleTurn(pausedTurn, { kind: 'completed' }, claimBy('paused')), LeaseLostError);
    await assert.rejects(
      a.stage([newMessage('c', 'm3')], { turn: pausedTurn, claim: undefined }),
      LeaseLostError,
    );
    await assert.rejects(
      a.stage([newMessage('c', 'm3'), newMessage('d', 'm4')], { turn: pausedTurn, claim: undefined }),
      LeaseLostError,
    );
    await assert.rejects(a.settleSend(pausedSend, delivered, settleTerms(undefined, failed)), LeaseLostError);
    await assert.rejects(a.settleSend(pausedSend, dead, settleTerms(undefined, failed)), LeaseLostError);
    await a.renewLeases(claimBy('paused'));
    assert.deepEqual(await a.stats(), before);
    assert.deepEqual(await b.loadHealth(WEBHOOK), HEALTHY);
    assert.equal(await b.findActivityId('c', 'p'), undefined);

    await b.stage([newMessage('c', 'm3')], { turn, claim: undefined });
    await b.settleTurn(turn, { kind: 'completed' }, undefined);
    const { next } = await b.settleSend(send, delivered, settleTerms(claimBy('b')));
    assert.equal(next?.message.id, 'm2');
  });

  it('judge a lease by the clock of the server, not by their own', async () => {
    await a.accept(newEvent('c', 'e'), acceptAt(Date.now()));
    const slow = { worker: 'slow', now: 0, leaseMs: MINUTE };
    const fast = { worker: 'fast', now: Date.now() + 60 * MINUTE, leaseMs: MINUTE };
    assert.equal((await a.claimTurns(1, slow)).length, 1);
    assert.deepEqual(await b.claimTurns(1, fast), []);
  });

  it('know when the lease of another ends', async () => {
    await a.accept(newEvent('c', 'e'), acceptAt(Date.now()));
    await claimTurn(a, 'a', MINUTE);
    const now = Date.now();
    const at = present(await b.nextTurnAt(now));
    assert.ok(at > now + MINUTE - 5000 && at <= now + MINUTE + 100, `in ${at - now} ms`);
  });

  it('let a retry wait as long as it has to, and then any of them may run it', async () => {
    await a.accept(newEvent('c', 'e'), acceptAt(Date.now()));
    const turn = await claimTurn(a, 'a');
    const now = Date.now();
    await a.settleTurn(turn, { kind: 'retry', at: now, notBefore: now + MINUTE, cause: 'Error' }, undefined);
    assert.deepEqual(await b.claimTurns(1, claimBy('b')), []);
    const at = present(await b.nextTurnAt(now));
    assert.ok(Math.abs(at - now - MINUTE) < 2000, `in ${at - now} ms`);
  });

  it('renew only what was handed out: a claim whose answer was lost runs out', async () => {
    await a.accept(newEvent('c', 'e'), acceptAt(Date.now()));
    // As when the connection breaks between commit and answer: the claim stands, and nobody knows of it.
    await query(`SELECT ${schema}.claim_turns(1, 'a', 1, NULL)`);
    await a.renewLeases(claimBy('a'));
    assert.equal((await claimTurnWhenFree(b, 'b')).event.id, 'e');
  });

  it('lose no health update of each other', async () => {
    await Promise.all(
      [a, b, a, b, a, b].map((store) =>
        store.updateHealth(WEBHOOK, ({ consecutiveFailures }) => ({
          status: 'active',
          consecutiveFailures: consecutiveFailures + 1,
        })),
      ),
    );
    assert.equal((await a.loadHealth(WEBHOOK)).consecutiveFailures, 6);
  });

  it('update the health that another has changed since, together with a send', async () => {
    await a.loadHealth(WEBHOOK);
    await b.updateHealth(WEBHOOK, () => ({ status: 'active', consecutiveFailures: 4 }));
    await a.stage([newMessage('c', 'm')], proactively);
    const seen: number[] = [];
    const settled = await a.settleSend(
      await claimSend(a, 'a'),
      delivered,
      settleTerms(undefined, (health) => {
        seen.push(health.consecutiveFailures);
        return unchanged(health);
      }),
    );
    assert.equal(seen.at(-1), 4);
    assert.equal(settled.health.consecutiveFailures, 4);
  });

  it('never wait for each other in a circle', async () => {
    // Every lane is wanted by both, by many transactions at once.
    const conversations = Array.from({ length: 8 }, (_, index) => `c${index}`);
    const work = async (store: PostgresStore, worker: string, round: number) => {
      const claim = claimBy(worker);
      const order = worker === 'a' ? conversations : [...conversations].reverse();
      const messages = order.map((conversation) =>
        newMessage(conversation, `${worker}-${round}-${conversation}`),
      );
      await Promise.all([
        store.stage(messages, { turn: undefined, claim: undefined }),
        ...order.map((conversation) => store.accept(newEvent(conversation), acceptAt(Date.now(), { claim }))),
        store.renewLeases(claim),
        store.expedite(WEBHOOK),
      ]);
      const sends = await store.claimSends(WEBHOOK, 4, claim);
      await Promise.all(sends.map((send) => store.settleSend(send, delivered, settleTerms(claim))));
      await store.releaseLeases(worker);
    };
    const [before] = await query(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    for (let round = 0; round < 5; round++) await Promise.all([work(a, 'a', round), work(b, 'b', round)]);
    const [after] = await query(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    assert.deepEqual(after, before);
  });
});
