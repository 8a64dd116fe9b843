import assert from 'node:assert/strict';
import { StoreUnavailableError } from '../../../src/errors';
import { SqliteStore } from '../../../src/sqlite';
import type { ConversationStep, ConversationTie } from '../../../src/store/deliveryStore';
import {
  botRecord,
  CHANNEL,
  changeTo,
  closed,
  handoffNotice,
  know,
  tied,
  transcriptEntry,
  transcriptOf,
  withAgent,
} from '../../support/conversationSamples';
import {
  acceptAt,
  claimBy,
  LEASE_MS,
  newEvent,
  newMessage,
  settleTerms,
  T0,
  WEBHOOK,
} from '../../support/storeSamples';
import {
  acceptAll,
  acceptTurn,
  claimSend,
  claimTurn,
  dueSends,
  dueTurns,
  stageAll,
} from '../../support/storeSteps';
import { SpiedDriver } from './support/spiedDriver';
import { temporaryFiles } from './support/temporaryFolder';

const IO_ERROR = 10;
/** SQLITE_TOOBIG: it speaks of the statement. */
const TOO_BIG = 18;
const TIE = { channelId: CHANNEL, agentConversationId: 'agent', botConversationId: 'c' };
const tieThem: ConversationTie = () => ({
  kind: 'tied',
  agent: tied('agent', 'c'),
  bot: closed('c'),
  notices: [],
});
const ALWAYS_WITH_AGENT: ConversationStep = { when: 'always', update: changeTo(withAgent('c')) };
const BIG = JSON.stringify('x'.repeat(100_000));

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreUnavailableError && error.code === 'WEBEX_CONNECT_STORE_UNAVAILABLE';
}

describe('A SqliteStore whose database fails', () => {
  const file = temporaryFiles();
  let spied: SpiedDriver;
  let store: SqliteStore;
  beforeEach(async () => {
    spied = new SpiedDriver();
    store = new SqliteStore(file(), { openDriver: spied.open });
    await store.open();
  });
  afterEach(async () => {
    spied.failNoMore();
    await store.close();
  });

  it('refuses what finds no room on the disk, and goes on when there is room again', async () => {
    await acceptAll(store, 'c', ['e']);
    spied.driver.exec('PRAGMA max_page_count = 1');
    const accepting = ['e2', 'e3'].map((id) =>
      store.accept(newEvent('c', id, { payload: BIG, dedupeKey: id }), acceptAt()),
    );
    for (const outcome of accepting) await assert.rejects(outcome, isUnavailable);
    assert.equal((await store.stats()).waitingEvents, 1);
    await assert.rejects(store.write({ k: { BIG } }), isUnavailable);

    spied.driver.exec('PRAGMA max_page_count = 1000000');
    const again = await store.accept(
      newEvent('c', 'e2', { payload: BIG, dedupeKey: 'e2' }),
      acceptAt(T0, { maxBacklog: 2 }),
    );
    assert.equal(again.status, 'stored', 'neither its key nor a place in the backlog was taken');
    assert.deepEqual(await dueTurns(store, claimBy('a')), ['e']);
  });

  it('refuses to write while the database is read-only, and still reads', async () => {
    await acceptAll(store, 'c', ['e']);
    await stageAll(store, 'c', ['m']);
    const send = await claimSend(store);
    const delivered = { kind: 'delivered', at: T0, platformMessageId: 'p' } as const;
    spied.driver.exec('PRAGMA query_only = 1');
    await assert.rejects(store.accept(newEvent('c'), acceptAt()), isUnavailable);
    await assert.rejects(store.claimTurns(1, claimBy('a')), isUnavailable);
    await assert.rejects(store.settleSend(send, delivered, settleTerms()), isUnavailable);
    assert.equal(await store.findActivityId('c', 'p'), undefined);

    spied.driver.exec('PRAGMA query_only = 0');
    await store.settleSend(send, delivered, settleTerms());
    assert.equal(await store.findActivityId('c', 'p'), 'm');
    assert.equal((await claimTurn(store)).event.id, 'e');
  });

  for (const step of ['BEGIN', 'COMMIT']) {
    it(`takes everything back when ${step} fails, in memory too`, async () => {
      await acceptAll(store, 'c', ['e1', 'e2']);
      await stageAll(store, 'c', ['m1', 'm2']);
      const turn = await claimTurn(store);
      const before = await store.stats();
      spied.failOn(step, IO_ERROR);
      const failing = [
        store.accept(newEvent('d', 'lost', { dedupeKey: 'k' }), acceptAt(T0, { claim: claimBy('a') })),
        store.stage([newMessage('c', 'm3'), newMessage('d', 'm4')], { turn, claim: claimBy('a') }),
        store.settleTurn(turn, { kind: 'completed' }, claimBy('a')),
        store.claimSends(WEBHOOK, 10, claimBy('a')),
        store.updateHealth(WEBHOOK, () => ({ status: 'active', consecutiveFailures: 4 })),
        store.updateConversation('c', changeTo(closed('c'), handoffNotice('c', 'n'))),
        store.tieConversation(TIE, tieThem),
        store.quarantine({ id: 'q', body: '', reason: 'x', receivedAt: T0 }, 1),
        store.write({ k: { n: 1 } }),
      ];
      for (const outcome of failing) await assert.rejects(outcome, isUnavailable);
      spied.failNoMore();

      assert.deepEqual(await store.stats(), before);
      assert.equal(await store.findConversation('c'), undefined);
      assert.equal((await store.loadHealth(WEBHOOK)).consecutiveFailures, 0);
      assert.deepEqual(await dueSends(store, claimBy('b')), ['m1'], 'the claim was taken back');
      assert.deepEqual(await dueTurns(store, claimBy('b')), []);
      const next = await store.settleTurn(turn, { kind: 'completed' }, claimBy('a'));
      assert.equal(next?.event.id, 'e2', 'the lease was given back');
      assert.equal(next.conversation, undefined);
    });
  }

  it('forgets the lease of a claim that was not committed', async () => {
    await acceptAll(store, 'c', ['e']);
    spied.failOn('COMMIT', IO_ERROR);
    await assert.rejects(store.claimTurns(1, claimBy('a')), isUnavailable);
    spied.failNoMore();
    await store.claimTurns(1, claimBy('b', T0 + 1));
    assert.equal(await store.nextTurnAt(T0), T0 + 1 + LEASE_MS);
    assert.deepEqual(await dueTurns(store, claimBy('c', T0 + LEASE_MS)), [], 'b still holds it');
  });

  it('says so when it cannot read', async () => {
    await acceptAll(store, 'c', ['e']);
    spied.failOn('SELECT', IO_ERROR);
    await assert.rejects(store.listDeadLetters({ limit: 1 }), isUnavailable);
    await assert.rejects(store.claimTurns(1, claimBy('a')), isUnavailable);
    await assert.rejects(store.read(['k']), isUnavailable);
    spied.failNoMore();
    assert.equal((await claimTurn(store)).event.id, 'e');
  });

  it('knows which conversations are eventful, whatever was not committed', async () => {
    await know(store, withAgent('c'));
    spied.failOn('COMMIT', IO_ERROR);
    const back = botRecord('c');
    await assert.rejects(store.updateConversation('c', changeTo(back)), isUnavailable);
    await assert.rejects(store.updateConversation('d', changeTo(closed('d'))), isUnavailable);
    spied.failNoMore();
    assert.deepEqual((await acceptTurn(store, 'c', 'e')).conversation, withAgent('c'));
    await know(store, back);
    spied.failOn('SELECT record', IO_ERROR);
    assert.equal(
      (await acceptTurn(store, 'd', 'f')).conversation,
      undefined,
      'there is none to be asked for',
    );
  });

  for (const statement of ['INSERT INTO transcript_activities', 'INSERT INTO transcripts']) {
    it(`leaves out what a transcript cannot hold, and stores all else ('${statement}')`, async () => {
      const transcript = transcriptEntry('c', 'a');
      spied.failOn(statement, TOO_BIG);
      const accepted = await store.accept(
        newEvent('c', 'e', { dedupeKey: 'k' }),
        acceptAt(T0, { claim: claimBy('a'), transcript, conversation: ALWAYS_WITH_AGENT }),
      );
      assert.ok(accepted.status === 'stored', 'the event was not stored');
      assert.equal(accepted.transcriptError, 'made up');
      const staged = await store.stage([newMessage('c', 'm')], {
        turn: accepted.turn,
        claim: undefined,
        transcript: [transcript, transcriptEntry('c', 'b')],
      });
      assert.deepEqual(staged, { status: 'staged', sends: [], transcriptError: 'made up' });
      spied.failNoMore();

      assert.deepEqual(await store.findConversation('c'), withAgent('c'));
      assert.equal((await store.stats()).waitingMessages, 1);
      assert.deepEqual(await transcriptOf(store, 'c'), []);
      assert.deepEqual((await store.transcripts.listTranscripts(CHANNEL)).items, []);
      await store.accept(newEvent('c'), acceptAt(T0, { transcript }));
      assert.deepEqual(await transcriptOf(store, 'c'), ['a']);
    });

    it(`stores nothing when the database fails at a transcript ('${statement}')`, async () => {
      spied.failOn(statement, IO_ERROR);
      const event = newEvent('c', 'e', { dedupeKey: 'k' });
      const terms = acceptAt(T0, { transcript: transcriptEntry('c', 'a') });
      await assert.rejects(store.accept(event, terms), isUnavailable);
      spied.failNoMore();
      assert.equal((await store.stats()).waitingEvents, 0);
      assert.deepEqual(await store.accept(event, terms), { status: 'stored', turn: undefined });
      assert.deepEqual(await transcriptOf(store, 'c'), ['a']);
    });
  }

  it('writes the other entries when one cannot be written', async () => {
    const halfTime = transcriptEntry('c', 'a', { happenedAt: 0.5 });
    const outcome = await store.stage([], {
      turn: undefined,
      claim: undefined,
      transcript: [halfTime, transcriptEntry('c', 'b')],
    });
    assert.ok(outcome.status === 'staged' && outcome.transcriptError !== undefined, 'no error was told');
    assert.ok(!outcome.transcriptError.includes('text of a'), 'the error tells the text');
    assert.deepEqual(await transcriptOf(store, 'c'), ['b']);
  });

  it('goes on when the housekeeping fails', async () => {
    spied.failOn('SELECT seq, keep_until', 1);
    const ids = Array.from({ length: 100 }, (_, index) => `e${index}`);
    await acceptAll(store, 'c', ids);
    assert.equal((await store.stats()).waitingEvents, 100);
  });
});
