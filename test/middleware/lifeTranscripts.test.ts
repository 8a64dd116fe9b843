import assert from 'node:assert/strict';
import { eventually } from '../support/scene';
import { describeLife } from './support/lives';

describeLife((open) => {
  it('collates many messages that come at once, in the order of their stamps, page by page', async () => {
    const scene = await open({ logic: async () => {} });
    const start = scene.stamp();
    const numbers = Array.from({ length: 150 }, (_, number) => number);
    const shuffled = numbers.map((number) => (number * 37) % numbers.length);
    const send = async () => {
      for (let number = shuffled.shift(); number !== undefined; number = shuffled.shift())
        await scene.mirrored(`${number}`, { tiedTo: 'C1', timestamp: start + number * 10 });
    };
    await Promise.all(Array.from({ length: 10 }, send));
    assert.deepEqual(
      await scene.transcript(),
      numbers.map((number) => `agent: ${number}`),
    );
    const first = await scene.adapter.conversations.transcriptPage('C1');
    const second = await scene.adapter.conversations.transcriptPage('C1', first.continuationToken);
    assert.deepEqual([first.lines.length, second.lines[0]?.text], [20, '20']);
    await scene.settled();
  });

  it('puts an answer behind what it answers, with or without a stamp of the platform', async () => {
    const scene = await open();
    for (let number = 1; number <= 12; number++) {
      await scene.post({
        Conversationid: 'C1',
        ConversationType: 'BOT',
        Event: 'Incoming message',
        Message: `${number}`,
        Messageid: `${number}`,
      });
      await scene.settled();
    }
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
    assert.deepEqual(
      await scene.transcript(),
      numbers.flatMap((number) => [`customer: ${number}`, `bot: Echo: ${number}`]),
    );
  });

  it('exports its transcript for people and for Bot Framework Emulator', async () => {
    const scene = await open();
    await scene.customer('hello');
    await scene.settled();
    await scene.mirrored('hi', { tiedTo: 'C1' });
    await scene.settled();
    const { conversations } = scene.adapter;
    assert.match(
      await conversations.transcriptText('C1'),
      /^\S+Z customer: hello\n\S+Z bot: Echo: hello\n\S+Z agent: hi\n/,
    );
    const activities: unknown = JSON.parse(await conversations.exportTranscript('C1'));
    assert.ok(Array.isArray(activities), 'no list');
    const shown = activities
      .slice(0, 3)
      .map(({ type, from, conversation, text }) => [type, from.role, conversation.id, text]);
    assert.deepEqual(shown, [
      ['message', 'user', 'C1', 'hello'],
      ['message', 'bot', 'C1', 'Echo: hello'],
      ['message', 'bot', 'C1', 'hi'],
    ]);
  });

  it('loses nothing of the transcript when the bot throws', async () => {
    const scene = await open({
      adapter: { turns: { maxAttempts: 2, retryDelayMs: 1 } },
      logic: async () => {
        throw new Error('the bot is broken');
      },
    });
    await scene.customer('hello');
    await eventually(
      'the event is quarantined',
      async () => (await scene.adapter.quarantine.list()).length > 0,
    );
    await scene.mirrored('an agent', { tiedTo: 'C1' });
    assert.deepEqual(await scene.transcript(), ['customer: hello', 'agent: an agent']);
  });

  it('takes the event all the same when the transcript fails', async () => {
    const scene = await open({
      mirror: {
        redact: ({ text }) => {
          if (text.includes('4111')) throw new Error('cannot redact');
          return text.toUpperCase();
        },
      },
    });
    await scene.customer('my card is 4111');
    await scene.settled();
    await scene.customer('bye');
    await scene.settled();
    assert.deepEqual(scene.shown(), ['Echo: my card is 4111', 'Echo: bye']);
    assert.deepEqual(await scene.transcript(), [
      'customer: [not kept]',
      'bot: [not kept]',
      'customer: BYE',
      'bot: ECHO: BYE',
    ]);
  });
});
