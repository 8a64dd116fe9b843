import assert from 'node:assert/strict';
import { Conversations } from '../../src/engine/conversations';
import { SeededIds } from '../../src/engine/seededIds';
import { broken, handOver, postsFromBot, say, setUp, type TestStage } from './support/stage';

describe('Conversations', () => {
  it('with agents are forgotten when many are over, but their IDs are not taken for nobody’s', () => {
    const conversations = new Conversations(new SeededIds(1));
    const bot = conversations.open(conversations.addCustomer('Ada'));
    const ids: string[] = [];
    for (let n = 0; n < 600; n++) {
      const agents = conversations.queue(bot, n);
      ids.push(agents.id);
      conversations.close(agents);
    }
    const open = conversations.queue(bot, 600);
    assert.equal(conversations.agentConversations.length, 501);
    assert.equal(conversations.agentConversations.at(-1), open);
    assert.equal(conversations.agentConversation(ids[0] ?? ''), undefined);
    assert.equal(conversations.agentConversation(ids[100] ?? '')?.status, 'closed');
    assert.deepEqual(conversations.targetOf(ids[0] ?? ''), { kind: 'agent' });
  });

  it('belong to one customer each, however alike their names are', async () => {
    const { engine, stop } = await setUp();
    const names = ['Ann Lee', 'ann lee', 'Ann-Lee', 'Ann.Lee', '李', '王'];
    for (const name of names) await engine.customer(name, 'EMAIL').says('Hello');
    for (const name of names) {
      await say(engine, engine.customer(name).conversationId, `Hello ${name}`, { key: name });
    }
    for (const name of names) {
      const { chat } = engine.customer(name);
      assert.deepEqual(
        chat.map(({ text }) => text),
        ['Hello', `Hello ${name}`],
      );
    }
    await stop();
  });
});

describe('A bot that closes its conversation', () => {
  let stage: TestStage;
  beforeEach(async () => {
    stage = await setUp({ closeEventId: '1003' });
  });
  afterEach(() => stage.stop());

  const close = (conversationId: string | undefined) =>
    handOver(stage.engine, conversationId, { key: `close ${conversationId}`, params: { eventid: '1003' } });

  it('gets a new conversation ID with the next message, again and again', async () => {
    const { engine, bot } = stage;
    const ada = engine.customer('Ada');
    const ids = new Set<string | undefined>();
    for (const text of ['one', 'two', 'three']) {
      await ada.says(text);
      ids.add(ada.conversationId);
      await say(engine, ada.conversationId, `Echo: ${text}`, { key: text });
      assert.equal((await close(ada.conversationId)).status, 200);
      assert.equal(ada.conversationId, undefined);
    }
    assert.equal(ids.size, 3);
    assert.deepEqual(new Set(bot.events.map(({ fields }) => fields.Conversationid)), ids);
    assert.equal(ada.chat.length, 6);
    assert.deepEqual(broken(engine), []);
  });

  it('may say so twice, but nothing else', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    const { conversationId } = ada;
    engine.faults.add({ direction: 'fromBot', match: { times: 1 }, effect: { kind: 'resetAfterSend' } });
    await close(conversationId);
    assert.equal((await close(conversationId)).status, 200);
    assert.deepEqual(broken(engine), []);
    assert.equal((await say(engine, conversationId, 'One more thing')).status, 404);
    assert.deepEqual(broken(engine), ['wrongConversation']);
  });

  it('ends what the agent had of it', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('A human, please');
    await handOver(engine, ada.conversationId);
    await close(ada.conversationId);
    assert.equal(engine.world().desk[0]?.status, 'closed');
    assert.equal(engine.world().customers[0]?.holder, 'bot');
  });

  it('hears of receipts in the conversation that they belong to', async () => {
    const { engine, bot } = stage;
    const ada = engine.customer('Ada');
    await ada.says('one');
    const { conversationId } = ada;
    await say(engine, conversationId, 'Good day', { key: '1' });
    await close(conversationId);
    await ada.says('two');
    await ada.acknowledges();
    assert.equal(bot.events.at(-1)?.fields.Conversationid, conversationId);
    assert.notEqual(ada.conversationId, conversationId);
  });

  it('is not understood when the emulator is not told how it does that', async () => {
    const plain = await setUp();
    const ada = plain.engine.customer('Ada');
    await ada.says('Hello');
    await handOver(plain.engine, ada.conversationId, { params: { eventid: '1003' } });
    assert.match(postsFromBot(plain.engine)[0]?.problems.join() ?? '', /eventid is "1003"/);
    assert.ok(ada.conversationId !== undefined, 'it was closed');
    await plain.stop();
  });
});
