import assert from 'node:assert/strict';
import { MemoryStore, WebexConnectAdapter, type WebexConnectAdapterOptions } from '../../src';
import type { OperatorAnswer, OperatorCommand } from '../../src/store/operatorCommands';
import {
  assertReplies,
  incomingMessage,
  ManualClock,
  type MockWebexConnect,
  mockWebexConnect,
} from '../../src/testing';
import { echo } from '../support/botHost';
import { botRecord, know, untied } from '../support/conversationSamples';
import { MINUTE } from '../support/storeSamples';

describe('what an operator asks of a running bot, from another process', () => {
  let webex: MockWebexConnect;
  let clock: ManualClock;
  let store: MemoryStore;
  let adapter: WebexConnectAdapter;

  beforeEach(() => {
    webex = mockWebexConnect();
    clock = new ManualClock();
    store = new MemoryStore();
    adapter = make();
  });
  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  function make(options: Partial<WebexConnectAdapterOptions> = {}): WebexConnectAdapter {
    return new WebexConnectAdapter({
      webhookUrl: webex.webhookUrl,
      store,
      clock,
      outbound: { jitter: 0 },
      ...options,
    });
  }

  async function ask(command: OperatorCommand): Promise<OperatorAnswer> {
    const { operatorCommands } = store;
    await operatorCommands.submit([{ id: 'c', command }], { now: clock.now(), expiresAfterMs: MINUTE });
    for (;;) {
      const [state] = await operatorCommands.states(['c']);
      if (state?.status === 'answered') return state.answer;
      await new Promise(setImmediate);
    }
  }

  async function say(text: string, conversationId = 'C1'): Promise<void> {
    await webex.send(adapter, incomingMessage({ text, conversationId }), echo);
    await adapter.whenIdle();
  }

  it('a dead letter is sent again, and its sender woken', async () => {
    webex.failNext(1, 400);
    await say('hi');
    const [letter] = await adapter.deadLetters.list();
    const answer = await ask({ kind: 'replayDeadLetter', id: letter?.id ?? '' });
    assert.deepEqual(answer, { status: 'done' });
    await webex.waitForReplies(1);
    assertReplies(webex, ['Echo: hi']);
  });

  it('what is not there is refused with the code that the adapter throws', async () => {
    await adapter.start(echo);
    for (const kind of [
      'replayDeadLetter',
      'discardDeadLetter',
      'replayQuarantined',
      'discardQuarantined',
    ] as const) {
      const answer = await ask({ kind, id: 'x' });
      assert.ok(answer.status === 'refused');
      assert.equal(answer.code, 'WEBEX_CONNECT_NOT_FOUND');
    }
    const answer = await ask({ kind: 'reactivate', destination: 'crm' });
    assert.deepEqual(answer, {
      status: 'refused',
      code: 'WEBEX_CONNECT_NOT_FOUND',
      message: "No destination is named 'crm'. There are: webhook.",
    });
  });

  it('a request is read again under the options that the bot has', async () => {
    const isEcho = () => {
      throw new Error('bug in isEcho');
    };
    const broken = make({ translation: { isEcho } });
    await webex.send(broken, incomingMessage('hi'), echo);
    const [item] = await broken.quarantine.list();
    const command = { kind: 'replayQuarantined', id: item?.id ?? '' } as const;
    const refused = await ask(command);
    assert.ok(refused.status === 'refused');
    assert.equal(refused.code, 'WEBEX_CONNECT_NOT_SUPPORTED');
    assert.equal(refused.message, 'The request still cannot be read: decoding failed: Error.');
    await broken.stop();

    await adapter.start(echo);
    assert.deepEqual(await ask(command), { status: 'done' });
    await webex.waitForReplies(1);
    assertReplies(webex, ['Echo: hi']);
  });

  it('an inactive webhook is active at once, and all that waited is sent', async () => {
    webex.failNext(5, 500);
    for (const number of [1, 2, 3, 4, 5]) await say(`${number}`, `C${number}`);
    assert.equal((await adapter.health()).webhook.status, 'inactive');
    assert.deepEqual(await ask({ kind: 'reactivate', destination: 'webhook' }), { status: 'done' });
    await webex.waitForReplies(5);
    await adapter.whenIdle();
    assert.equal((await adapter.health()).webhook.status, 'active');
  });

  it('an agent’s conversation is tied to the bot’s', async () => {
    await adapter.start(echo);
    await know(store, botRecord('B'), untied('A'));
    const command = { kind: 'tie', agentConversationId: 'A', botConversationId: 'B' } as const;
    assert.deepEqual(await ask(command), { status: 'done' });
    assert.equal((await adapter.conversations.get('B'))?.agentConversations[0]?.tiedBy, 'operator');
    const refused = await ask({ ...command, agentConversationId: 'B' });
    assert.ok(refused.status === 'refused');
    assert.equal(refused.code, 'WEBEX_CONNECT_NOT_SUPPORTED');
  });

  it('is left alone by a bot that has stopped', async () => {
    const { operatorCommands } = store;
    await store.open();
    await adapter.start(echo);
    await adapter.stop();
    await operatorCommands.submit([{ id: 'c', command: { kind: 'ping' } }], {
      now: clock.now(),
      expiresAfterMs: MINUTE,
    });
    assert.deepEqual(await operatorCommands.states(['c']), [{ status: 'waiting' }]);
  });
});
