import assert from 'node:assert/strict';
import { eventually, type Scene, type SceneParts } from '../support/scene';
import { laterAnswer, type ScriptedPost } from '../support/scriptedWebhook';
import { describeLife, handOver, isHandover } from './support/lives';

describeLife((open) => {
  it('goes to the agent and back to the bot, twice', async () => {
    const scene = await open();
    await scene.customer('hello');
    await scene.settled();
    for (const round of [1, 2]) {
      const agentId = `A${round}`;
      // The platform would not send the same Messageid again.
      await scene.post({ ...agentRequest(scene, round) });
      await scene.whenHandedOver();
      await scene.mirrored(`hello from agent ${round}`, { agentId, tiedTo: 'C1' });
      await scene.mirrored(`question ${round}`, { author: 'customer', agentId, tiedTo: 'C1' });
      await scene.settled();
      assert.equal(await scene.state(), 'agent');
      await scene.customer(`back ${round}`);
      await scene.settled();
      assert.equal(await scene.state(), 'bot');
    }
    assert.deepEqual(scene.shown(), [
      'Echo: hello',
      'one moment',
      '<1002>',
      'On handoff.status',
      'Echo: back 1',
      'one moment',
      '<1002>',
      'On handoff.status',
      'Echo: back 2',
    ]);
    assert.deepEqual(scene.statuses, ['accepted', 'completed', 'accepted', 'completed']);
    assert.deepEqual(scene.mirrors, [
      'agent: hello from agent 1',
      'customer: question 1',
      'agent: hello from agent 2',
      'customer: question 2',
    ]);
    assert.deepEqual(await scene.transcript(), [
      'customer: hello',
      'bot: Echo: hello',
      'customer: agent',
      'bot: one moment',
      'agent: hello from agent 1',
      'customer: question 1',
      'customer: back 1',
      'bot: On handoff.status',
      'bot: Echo: back 1',
      'customer: agent',
      'bot: one moment',
      'agent: hello from agent 2',
      'customer: question 2',
      'customer: back 2',
      'bot: On handoff.status',
      'bot: Echo: back 2',
    ]);
    const record = await scene.adapter.conversations.get('C1');
    assert.deepEqual(
      record?.agentConversations.map(({ id, tiedBy }) => [id, tiedBy]),
      [
        ['A1', 'field'],
        ['A2', 'field'],
      ],
    );
    assert.equal(record?.channel, 'SMS');
    assert.deepEqual(
      record?.pastHandovers.map(({ outcome }) => outcome),
      ['completed', 'completed'],
    );
  });

  it('gives the platform context and transcript with the handover', async () => {
    const scene = await open();
    await scene.customer('hello');
    await scene.settled();
    await handOver(scene);
    const [handover] = scene.webhook.of('1002');
    assert.deepEqual(JSON.parse(String(handover?.body.customparam1)), { topic: 'billing' });
    assert.equal(
      handover?.body.customparam2,
      'customer: hello\nbot: Echo: hello\ncustomer: agent\nbot: one moment',
    );
  });

  it('keeps a message that crosses the handover: seen, collated, never answered by the bot', async () => {
    const scene = await open();
    const later = laterAnswer();
    scene.webhook.answer = (post) => (isHandover(post) ? later.answer : 200);
    await scene.customer('agent');
    await eventually('the handover is on the wire', () => scene.webhook.posts.some(isHandover));
    await scene.customer('hurry!');
    assert.deepEqual(scene.mirrors, [], 'it waits until the handover is taken');
    later.give(200);
    await eventually('the bot sees it', () => scene.mirrors.length > 0);
    await scene.mirrored('here I am', { tiedTo: 'C1' });
    await scene.settled();
    await scene.customer('thanks');
    await scene.settled();
    assert.deepEqual(scene.mirrors, ['customer: hurry! (crossed)', 'agent: here I am']);
    assert.deepEqual(scene.shown(), ['one moment', '<1002>', 'On handoff.status', 'Echo: thanks']);
    const transcript = await scene.transcript();
    assert.equal(transcript.filter((line) => line === 'customer: hurry!').length, 1);
  });

  it('gives the bot a message that crosses a handover that fails, once', async () => {
    const scene = await open();
    const later = laterAnswer();
    scene.webhook.answer = (post) => (isHandover(post) ? later.answer : 200);
    await scene.customer('agent');
    await eventually('the handover is on the wire', () => scene.webhook.posts.some(isHandover));
    await scene.customer('hurry!');
    later.give(400);
    await eventually('the bot is told', () => scene.statuses.length > 0);
    await scene.settled();
    assert.deepEqual(scene.statuses, ['failed']);
    assert.deepEqual(scene.mirrors, []);
    assert.deepEqual(
      scene.shown().filter((text) => text !== 'On webexConnect.deliveryFailed'),
      ['one moment', 'On handoff.status', 'Echo: hurry!'],
    );
    assert.equal(await scene.state(), 'bot');
  });

  it('is the agent’s when the agent writes before the handover was answered, out of order and twice', async () => {
    const scene = await open();
    const later = laterAnswer();
    scene.webhook.answer = (post) => (isHandover(post) ? later.answer : 200);
    await scene.customer('agent');
    await eventually('the handover is on the wire', () => scene.webhook.posts.some(isHandover));
    const first = scene.stamp();
    const [second, third] = [first + 10, first + 20];
    for (const [text, timestamp] of [
      ['third', third],
      ['first', first],
      ['second', second],
      ['first', first],
      ['third', third],
    ] as const) {
      await scene.mirrored(text, { tiedTo: 'C1', timestamp });
    }
    assert.equal(await scene.state(), 'agent');
    await eventually('the bot saw all', () => scene.mirrors.length >= 3);
    later.give(200);
    await scene.settled();
    assert.equal(await scene.state(), 'agent');
    assert.deepEqual(scene.mirrors, ['agent: third', 'agent: first', 'agent: second']);
    assert.deepEqual(scene.statuses, ['accepted']);
    assert.deepEqual((await scene.transcript()).slice(-3), ['agent: first', 'agent: second', 'agent: third']);
    assert.deepEqual(scene.shown(), ['one moment', '<1002>']);
  });

  const endings: [string, SceneParts['adapter'], (post: ScriptedPost) => number | Promise<number>][] = [
    ['is refused', {}, () => 400],
    ['times out', { outbound: { timeoutMs: 1500, retryDelaysMs: [] } }, () => new Promise(() => {})],
    ['fails every time', { outbound: { retryDelaysMs: [0, 0], jitter: 0 } }, () => 503],
    ['meets a dead connection', { outbound: { retryDelaysMs: [] } }, () => 0],
  ];
  for (const [title, adapter, answer] of endings) {
    it(`is the bot’s again when the handover ${title}, and the bot is told`, async () => {
      const scene = await open({ adapter: { ...adapter } });
      scene.webhook.answer = (post) => (isHandover(post) ? answer(post) : 200);
      await scene.customer('agent');
      await eventually('the bot is told', () => scene.statuses.length > 0);
      await scene.settled();
      assert.deepEqual(scene.statuses, ['failed']);
      assert.equal(await scene.state(), 'bot');
      await scene.customer('hello again');
      await scene.settled();
      const shown = scene.shown();
      assert.equal(shown[0], 'one moment');
      assert.ok(!shown.includes('never shown'), 'what followed the handover was shown');
      assert.ok(shown.includes('On handoff.status'), 'the bot could not speak');
      assert.equal(shown.at(-1), 'Echo: hello again');
      assert.equal((await scene.adapter.deadLetters.list()).length, 1);
    });
  }

  it('is the bot’s again, and failed, when no agent answers and the customer writes to the bot', async () => {
    const scene = await open();
    await handOver(scene);
    await scene.customer('is anybody there?');
    await scene.settled();
    assert.deepEqual(scene.statuses, ['failed']);
    assert.deepEqual(scene.shown(), ['one moment', '<1002>', 'On handoff.status', 'Echo: is anybody there?']);
  });
});

/** "agent" again, under a Messageid of its own. */
function agentRequest(scene: Scene, round: number) {
  return {
    Conversationid: 'C1',
    ConversationType: 'BOT',
    Message: 'agent',
    MessageType: 'TEXT',
    Messageid: `request ${round}`,
    Channel: 'SMS',
    Event: 'Incoming message',
    Timestamp: new Date(scene.stamp()).toISOString(),
  };
}
