import assert from 'node:assert/strict';
import { ConversationState } from 'botbuilder';
import { type TurnLogic, WebexConnectAdapter, type WebexConnectAdapterOptions } from '../../src';
import { SqliteStore } from '../../src/sqlite';
import {
  assertReplies,
  incomingMessage,
  ManualClock,
  type MockWebexConnect,
  mockWebexConnect,
} from '../../src/testing';
import { SpiedDriver } from '../store/sqlite/support/spiedDriver';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { echo } from '../support/botHost';

const DAY = 24 * 60 * 60 * 1000;

describe('the adapter on SQLite', () => {
  const temporaryFile = temporaryFiles();
  let webex: MockWebexConnect;
  let clock: ManualClock;
  let path: string;

  beforeEach(() => {
    path = temporaryFile();
    webex = mockWebexConnect();
    clock = new ManualClock();
  });
  afterEach(() => webex.restore());

  const make = (options: Partial<WebexConnectAdapterOptions> = {}) =>
    new WebexConnectAdapter({
      webhookUrl: webex.webhookUrl,
      clock,
      store: new SqliteStore(path),
      outbound: { jitter: 0 },
      ...options,
    });

  const say = (adapter: WebexConnectAdapter, text: string, logic: TurnLogic = echo) =>
    webex.send(adapter, incomingMessage(text), logic);

  it('needs at most three transactions for an echo', async () => {
    const store = new SqliteStore(path);
    const adapter = make({ store });
    await adapter.start(echo);
    const before = store.commits;
    const echoes = 20;
    for (let number = 1; number <= echoes; number++) {
      await say(adapter, `${number}`);
      await adapter.whenIdle();
    }
    assert.equal(webex.replies.length, echoes);
    // The end of a turn goes along with the delivery; the first connection may take too long for that.
    const perEcho = (store.commits - before) / echoes;
    assert.ok(perEcho <= 3.25, `${perEcho} transactions per echo`);
    await adapter.stop();
  });

  it('delivers what was waiting, in order, when it comes back after a day', async () => {
    const adapter = make();
    webex.failNext(1, 503);
    for (const number of [1, 2, 3, 4, 5]) await say(adapter, `${number}`);
    await adapter.whenIdle();
    assertReplies(webex, []);
    await adapter.stop();

    clock.jumpTo(clock.now() + DAY);
    const heir = make();
    await heir.start(echo);
    await webex.waitForReplies(5);
    assertReplies(webex, ['Echo: 1', 'Echo: 2', 'Echo: 3', 'Echo: 4', 'Echo: 5']);
    await heir.stop();
  });

  it('runs the turns that were waiting when it comes back, and none twice', async () => {
    const adapter = make({ shutdownMs: 0 });
    await say(adapter, 'one', () => new Promise(() => {}));
    await say(adapter, 'two');
    const stopping = adapter.stop();
    await clock.advance(0);
    await stopping;

    const heir = make();
    await heir.start(echo);
    await webex.waitForReplies(2);
    assertReplies(webex, ['Echo: one', 'Echo: two']);
    await heir.whenIdle();
    await heir.stop();
  });

  it('remembers over a restart that the webhook is inactive, and who waits', async () => {
    const adapter = make();
    webex.failNext(5, 500);
    for (const number of [1, 2, 3, 4, 5]) {
      await webex.send(adapter, incomingMessage({ text: `${number}`, conversationId: `C${number}` }), echo);
    }
    await adapter.whenIdle();
    assert.equal((await adapter.health()).webhook.status, 'inactive');
    await adapter.stop();

    const heir = make();
    await heir.start(echo);
    await heir.whenIdle();
    assert.equal((await heir.health()).webhook.status, 'inactive');
    assert.equal(webex.requests.length, 5);
    await heir.reactivate();
    await webex.waitForReplies(5);
    await heir.stop();
  });

  it('recognises a repeat over a restart', async () => {
    const event = incomingMessage('once');
    const adapter = make();
    await webex.send(adapter, event, echo);
    await webex.waitForReplies(1);
    await adapter.whenIdle();
    await adapter.stop();
    const heir = make();
    assert.equal((await webex.send(heir, event, echo)).status, 200);
    await heir.whenIdle();
    assertReplies(webex, ['Echo: once']);
    await heir.stop();
  });

  it('keeps the bot’s state in the same store', async () => {
    const store = new SqliteStore(path);
    const state = new ConversationState(store);
    const count = state.createProperty<number>('count');
    const adapter = make({ store });
    const logic: TurnLogic = async (context) => {
      const turn = ((await count.get(context, 0)) ?? 0) + 1;
      await count.set(context, turn);
      await state.saveChanges(context);
      await context.sendActivity(`turn ${turn}`);
    };
    for (const text of ['a', 'b']) {
      await say(adapter, text, logic);
      await adapter.whenIdle();
    }
    assertReplies(webex, ['turn 1', 'turn 2']);
    await adapter.stop();
  });

  for (const [trouble, begin, end] of [
    ['the disk is full', 'PRAGMA max_page_count = 1', 'PRAGMA max_page_count = 1000000'],
    ['the database is read-only', 'PRAGMA query_only = 1', 'PRAGMA query_only = 0'],
  ] as const) {
    it(`answers 503 while ${trouble}, and goes on when it is over: nothing lost, nothing twice`, async () => {
      const spied = new SpiedDriver();
      const adapter = make({ store: new SqliteStore(path, { openDriver: spied.open }) });
      await say(adapter, 'before');
      await adapter.whenIdle();
      spied.driver.exec(begin);
      const event = incomingMessage('x'.repeat(100_000));
      const answer = await webex.send(adapter, event, echo);
      assert.equal(answer.status, 503);
      assert.equal(answer.headers['retry-after'], '30');
      spied.driver.exec(end);
      assert.equal(
        (
          await webex.send(adapter, event, async (context) => {
            await context.sendActivity('big');
          })
        ).status,
        200,
      );
      await adapter.whenIdle();
      assertReplies(webex, ['Echo: before', 'big']);
      await adapter.stop();
    });
  }

  it('says which path it cannot open, and answers 503 until it can', async () => {
    const adapter = make({ store: new SqliteStore('/dev/null/bot.db') });
    await assert.rejects(adapter.start(echo), { code: /^WEBEX_CONNECT_STORE/ });
    assert.equal((await say(adapter, 'hi')).status, 503);
    await adapter.stop();
  });
});
