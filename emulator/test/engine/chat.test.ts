import assert from 'node:assert/strict';
import { broken, eventsToBot, handOver, say, setUp, type TestStage } from './support/stage';

describe('The chat engine', () => {
  let stage: TestStage;
  beforeEach(async () => {
    stage = await setUp();
  });
  afterEach(() => stage.stop());

  it('tells the bot what a customer writes, taps and sends', async () => {
    const { engine, bot } = stage;
    const ada = engine.customer('Ada');
    assert.equal(ada.conversationId, undefined);
    await ada.says('Hello');
    await ada.taps('TRACK_ORDER');
    await ada.sends('https://example.com/a.jpg', 'look');
    assert.deepEqual(bot.heard, ['Hello', 'TRACK_ORDER', 'look']);
    for (const { fields } of bot.events) {
      assert.equal(fields.Conversationid, ada.conversationId);
      assert.equal(fields.ConversationType, 'BOT');
    }
    assert.deepEqual(
      bot.events.map(({ fields }) => fields.Messageid),
      [ada.chat[0]?.id, undefined, ada.chat[2]?.id],
    );
    assert.equal(bot.events[2]?.fields.Media, 'https://example.com/a.jpg');
    assert.equal(bot.events[0]?.headers['content-type'], 'application/json');
    assert.equal(ada.chat[1]?.postback, 'TRACK_ORDER');
  });

  it('shows the customer what the bot says', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    const reading = ada.reads('Good day');
    const answer = await say(engine, ada.conversationId, 'Good day');
    const message = await reading;
    assert.equal(answer.status, 200);
    assert.equal(answer.body, JSON.stringify({ Messageid: message.id }));
    assert.equal(message.author, 'bot');
    assert.equal((await ada.reads(/good/gi)).id, message.id);
  });

  it('has a customer read only what came after their last message', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('one');
    await say(engine, ada.conversationId, 'first', { key: '1' });
    await ada.says('two');
    await assert.rejects(ada.reads('first', 1), /Ada did not read first within 1 ms, but nothing/);
  });

  it('gives each combination of channel and user one ID, the same for the same seed', async () => {
    const other = await setUp();
    const third = await setUp({ seed: 2 });
    try {
      const ids = new Set<string | undefined>();
      for (const { engine } of [stage, other, third]) {
        await engine.customer('Ada').says('1');
        await engine.customer('Bob', 'SMS').says('1');
        await engine.customer('Ada').says('2');
        for (const { conversationId } of engine.world().customers) ids.add(conversationId);
      }
      assert.equal(ids.size, 4);
      assert.equal(stage.bot.events.length, 3);
      const messageIds = stage.bot.events.map(({ fields }) => fields.Messageid);
      assert.equal(new Set(messageIds).size, 3);
      const others = other.bot.events.map(({ fields }) => fields.Messageid);
      assert.deepEqual(others, messageIds);
      assert.throws(() => stage.engine.customer('Ada', 'SMS'), /already, on FB/);
    } finally {
      await other.stop();
      await third.stop();
    }
  });

  it('queues the conversation on 1002, and mirrors what is said from then on', async () => {
    const { engine, bot } = stage;
    const ada = engine.customer('Ada');
    await ada.says('A human, please');
    const params = { customparam1: '{"skill":"billing"}', customparam2: 'x' };
    assert.equal((await handOver(engine, ada.conversationId, { params })).status, 200);
    const [queued] = engine.world().desk;
    assert.equal(queued?.status, 'queued');
    assert.equal(queued?.botConversationId, ada.conversationId);
    assert.deepEqual(queued?.customParams, params);
    assert.equal(engine.world().customers[0]?.holder, 'contactCentre');
    await assert.rejects(engine.desk.says('Ada', 'too early'), /pick it up first/);

    engine.desk.pickUp('Ada', 'Grace');
    await ada.says('Hello?');
    await ada.taps('BUTTON');
    await engine.desk.says(queued?.id ?? '', 'Grace here');
    engine.desk.transfer('Ada', 'Linus');
    const [open] = engine.world().desk;
    assert.equal(open?.agent, 'Linus');
    assert.equal(open?.id, queued?.id);
    assert.deepEqual(
      open?.chat.map(({ text, postback }) => postback ?? text),
      ['Hello?', 'BUTTON', 'Grace here'],
    );
    const read = await ada.reads('Grace here');
    assert.deepEqual([read.author, read.agent], ['agent', 'Grace'], 'the transfer came later');
    assert.deepEqual(
      bot.events.slice(1).map(({ fields }) => [fields.Event, fields.Message ?? fields.PostbackPayload]),
      [
        ['Incoming message', 'Hello?'],
        ['FB POSTBACK', 'BUTTON'],
        ['Agent message', 'Grace here'],
      ],
    );
    for (const { fields } of bot.events.slice(1)) {
      assert.equal(fields.ConversationType, 'AGENT');
      assert.equal(fields.Conversationid, queued?.id);
      assert.equal(fields.BotConversationid, ada.conversationId);
    }
    assert.deepEqual(broken(engine), []);
  });

  it('gives the conversation back when the agent closes, and a new ID to the next agent', async () => {
    const { engine, bot } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Human!');
    await handOver(engine, ada.conversationId, { key: '1' });
    await engine.desk.close('Ada');
    await ada.says('Back to the bot');
    assert.equal(bot.events[1]?.fields.ConversationType, 'BOT');
    assert.equal(bot.events[1]?.fields.Conversationid, bot.events[0]?.fields.Conversationid);
    await handOver(engine, ada.conversationId, { key: '2' });
    const { desk } = engine.world();
    assert.deepEqual(
      desk.map(({ status }) => status),
      ['closed', 'queued'],
    );
    assert.equal(new Set(desk.map(({ id }) => id)).size, 2);
    await assert.rejects(engine.desk.close(desk[0]?.id ?? ''), /is closed/);
    assert.throws(() => engine.desk.pickUp('nobody'), /no conversation of this ID or name/);
    assert.deepEqual(broken(engine), []);
  });

  it('lets the desk wait for a handover', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Human!');
    await assert.rejects(engine.desk.receives('Ada', 1), /Ada was not handed over within 1 ms/);
    const received = engine.desk.receives('Ada');
    const params = { customparam1: 'context' };
    await handOver(engine, ada.conversationId, { params });
    assert.deepEqual(await received, engine.world().desk[0]);
    assert.equal((await engine.desk.receives('Ada')).customParams.customparam1, 'context');
    engine.desk.pickUp('Ada');
    await assert.rejects(engine.desk.receives('Ada', 1), /not handed over/);
  });

  it('queues one conversation for a 1002 that comes twice', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Human!');
    const params = { customparam1: 'first' };
    await handOver(engine, ada.conversationId, { key: '1', params });
    await handOver(engine, ada.conversationId, { key: '1', params: { customparam1: 'second' } });
    const { desk } = engine.world();
    assert.equal(desk.length, 1);
    assert.deepEqual(desk[0]?.customParams, params);
  });

  it('leaves the link to the BOT conversation out on request', async () => {
    const plain = await setUp({ linkAgentConversations: false });
    try {
      const ada = plain.engine.customer('Ada');
      await ada.says('Human!');
      await handOver(plain.engine, ada.conversationId);
      await ada.says('Hello?');
      assert.equal(plain.bot.events[1]?.fields.ConversationType, 'AGENT');
      assert.equal(plain.bot.events[1]?.fields.BotConversationid, undefined);
    } finally {
      await plain.stop();
    }
  });

  it('sends the first message to the bot by the rule CCSP too, and mirrors the others', async () => {
    const { engine, bot } = stage;
    engine.setRule('CCSP');
    const ada = engine.customer('Ada');
    await ada.says('one');
    await ada.says('two');
    assert.deepEqual(
      bot.events.map(({ fields }) => fields.ConversationType),
      ['BOT', 'AGENT'],
    );
    assert.deepEqual(
      engine.world().desk[0]?.chat.map(({ text }) => text),
      ['one', 'two'],
    );
  });

  it('gives the desk what came with a handover by the rule CCSP', async () => {
    const { engine } = stage;
    engine.setRule('CCSP');
    const ada = engine.customer('Ada');
    await ada.says('one');
    await handOver(engine, ada.conversationId, { params: { customparam1: 'x' } });
    assert.deepEqual(engine.world().desk[0]?.customParams, { customparam1: 'x' });
  });

  it('sends everything to both by the rule BOT+CCSP, until the bot hands over', async () => {
    const { engine, bot } = stage;
    engine.setRule('BOT+CCSP');
    const ada = engine.customer('Ada');
    await ada.says('one');
    await ada.says('two');
    await handOver(engine, ada.conversationId, { params: { customparam1: 'x' } });
    await ada.says('three');
    assert.deepEqual(
      bot.events.map(({ fields }) => fields.ConversationType),
      ['BOT', 'BOT', 'AGENT'],
    );
    const { desk } = engine.world();
    assert.equal(desk.length, 1);
    assert.deepEqual(desk[0]?.customParams, { customparam1: 'x' });
    assert.deepEqual(
      desk[0]?.chat.map(({ text }) => text),
      ['one', 'two', 'three'],
    );
  });

  it('sends a receipt once for each message of the bot', async () => {
    const { engine, bot } = stage;
    const ada = engine.customer('Ada');
    await ada.acknowledges();
    await ada.says('Hello');
    await say(engine, ada.conversationId, 'a', { key: '1' });
    await say(engine, ada.conversationId, 'b', { key: '2' });
    await ada.acknowledges('Delivered');
    await ada.acknowledges('Read');
    await ada.acknowledges('Read');
    await ada.acknowledges('Failed');
    const receipts = bot.events
      .slice(1)
      .map(({ fields }) => [fields.Event, fields.Messageid, fields.DeliveryStatus]);
    const [, first, second] = ada.chat;
    assert.deepEqual(receipts, [
      ['Message Delivery', first?.id, 'Delivered'],
      ['Message Delivery', second?.id, 'Delivered'],
      ['Message Delivery', first?.id, 'Read'],
      ['Message Delivery', second?.id, 'Read'],
    ]);
    assert.equal(first?.receipt, 'Read');
  });

  it("offers the numbered choices of the bot's latest message", async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    await say(engine, ada.conversationId, 'Which?\n  1. Orders\n  2) Opening hours', { key: '1' });
    assert.deepEqual(engine.world().customers[0]?.suggestions, ['Orders', 'Opening hours']);
    await say(engine, ada.conversationId, 'In 2026\n3. is no list', { key: '2' });
    assert.deepEqual(engine.world().customers[0]?.suggestions, []);
  });

  it('writes in the dialect it is told', async () => {
    const { engine, bot } = stage;
    engine.setDialect('withoutMessageid');
    await engine.customer('Ada').says('Hello');
    assert.equal(bot.events[0]?.fields.Messageid, undefined);
    assert.equal(engine.world().dialect, 'withoutMessageid');
  });

  it('calls its listeners after each change, until they had enough', async () => {
    const { engine } = stage;
    let calls = 0;
    const end = engine.subscribe(() => void calls++);
    await engine.customer('Ada').says('Hello');
    assert.ok(calls > 1, `called ${calls} times`);
    end();
    const before = calls;
    await engine.customer('Ada').says('Hello again');
    assert.equal(calls, before);
  });

  it('gives messages the same IDs, whichever of two that cross comes first', async () => {
    const other = await setUp();
    try {
      const ids: (string | undefined)[][] = [];
      for (const [{ engine }, isBotFirst] of [
        [stage, true],
        [other, false],
      ] as const) {
        const ada = engine.customer('Ada');
        await ada.says('1');
        if (isBotFirst) await say(engine, ada.conversationId, 'bot', { key: 'k' });
        await ada.says('2');
        if (!isBotFirst) await say(engine, ada.conversationId, 'bot', { key: 'k' });
        ids.push(['1', '2', 'bot'].map((said) => ada.chat.find(({ text }) => text === said)?.id));
      }
      assert.deepEqual(ids[0], ids[1]);
      assert.equal(new Set(ids[0]).size, 3);
    } finally {
      await other.stop();
    }
  });

  it('gives the same parts of a world again, as long as nothing of them changes', async () => {
    const { engine } = stage;
    await engine.customer('Ada').says('A human, please');
    await handOver(engine, engine.customer('Ada').conversationId);
    await engine.customer('Bob').says('Hello');
    const before = engine.world();
    engine.desk.pickUp('Ada', 'Grace');
    await engine.customer('Bob').says('again');
    const after = engine.world();
    assert.equal(after.customers[0], before.customers[0]);
    assert.notEqual(after.customers[1], before.customers[1]);
    assert.equal(after.desk[0]?.chat, before.desk[0]?.chat);
    assert.deepEqual([before.desk[0]?.agent, after.desk[0]?.agent], [undefined, 'Grace']);
    for (const [index, entry] of before.wire.entries()) assert.equal(after.wire[index], entry);
  });

  it('gives a world that does not change', async () => {
    const { engine } = stage;
    const ada = engine.customer('Ada');
    await ada.says('Hello');
    const world = engine.world();
    const before = JSON.stringify(world);
    await ada.says('again');
    await handOver(engine, ada.conversationId);
    engine.faults.add({ direction: 'toBot', effect: { kind: 'refuse' } });
    assert.equal(JSON.stringify(world), before);
    assert.equal(eventsToBot(engine).length, 2);
  });
});
