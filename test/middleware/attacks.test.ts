import assert from 'node:assert/strict';
import { type CcspBridge, HttpCcspBridge, MemoryStore, WebexConnectBridge } from '../../src';
import { RecordingLogger } from '../support/recordingLogger';
import { eventually, Scene, type SceneParts } from '../support/scene';
import { laterAnswer, type ScriptedPost, ScriptedWebhook } from '../support/scriptedWebhook';

const isHandover = ({ body }: ScriptedPost) => body.eventid === '1002';

describe('What a handover has to withstand', () => {
  let scene: Scene;
  const open = async (parts: Omit<SceneParts, 'stores'> = {}) => {
    scene = await Scene.open({ ...parts, stores: [new MemoryStore()] });
    return scene;
  };
  afterEach(() => scene.close());

  const handOver = async (conversationId = 'C1') => {
    await scene.customer('agent', conversationId);
    await scene.whenHandedOver(conversationId);
  };

  it('a handover whose answer was lost is not sent again when an agent has spoken', async () => {
    await open();
    let answers = 0;
    scene.webhook.answer = (post) => (isHandover(post) && answers++ === 0 ? 503 : 200);
    await scene.customer('agent');
    await eventually('the answer is lost', () => answers === 1);
    await scene.mirrored('hi', { tiedTo: 'C1' });
    await eventually('the bot is told', () => scene.statuses.length === 1);
    await scene.customer('thanks, bot');
    await eventually('the bot answers', () => scene.shown().at(-1) === 'Echo: thanks, bot');
    assert.equal(scene.webhook.of('1002').length, 1, 'it was handed over again');
    assert.equal((await scene.adapter.deadLetters.list()).length, 0);
    await scene.settled();
  });

  it('what another bridge is told of a handover is withdrawn when the handover has failed', async () => {
    const centre = await ScriptedWebhook.listen();
    const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;
    const copy = new HttpCcspBridge({ url: centre.url, secret });
    await open({ handover: { bridge: [new WebexConnectBridge(), copy] } });
    const later = laterAnswer();
    centre.answer = () => 503;
    scene.webhook.answer = (post) => (isHandover(post) ? later.answer : 200);
    await scene.customer('agent');
    await eventually(
      'both are asked',
      () => centre.posts.length === 1 && scene.webhook.posts.some(isHandover),
    );
    later.give(400);
    await eventually('the copy is withdrawn', async () => {
      const reasons = (await scene.adapter.deadLetters.list()).map(({ reason }) => reason);
      return reasons.some((reason) => reason.startsWith('withdrawn'));
    });
    await scene.settled();
    assert.equal(centre.posts.length, 1);
    for (const { id } of await scene.adapter.deadLetters.list())
      await assert.rejects(scene.adapter.deadLetters.replay(id), { code: 'WEBEX_CONNECT_NOT_SUPPORTED' });
    await centre.close();
  });

  it('a dead letter is not replayed to the customer while an agent has the conversation', async () => {
    await open();
    scene.webhook.answer = ({ body }) => (body.message === 'Echo: bad' ? 400 : 200);
    await scene.customer('bad');
    await eventually('it is dead', async () => (await scene.adapter.deadLetters.list()).length === 1);
    await scene.settled();
    await handOver();
    scene.webhook.answer = () => 200;
    const [letter] = await scene.adapter.deadLetters.list();
    await assert.rejects(scene.adapter.deadLetters.replay(letter?.id ?? ''), /an agent has the conversation/);
    await scene.settled();
    assert.ok(!scene.shown().includes('Echo: bad'), 'the customer got it');
  });

  const receipts: [string, object][] = [
    ['a receipt without a type', { Event: 'Message Delivery', DeliveryStatus: 'Delivered' }],
    [
      'a receipt of the agent’s type',
      { ConversationType: 'AGENT', Event: 'Message Delivery', DeliveryStatus: 'Read' },
    ],
    ['an unknown event', { ConversationType: 'AGENT', Event: 'Typing' }],
    ['a message without a type', { Event: 'Incoming message', Message: 'who am I?' }],
  ];
  for (const [title, fields] of receipts) {
    it(`${title} of an agent’s conversation opens no gate, and breaks no tie`, async () => {
      await open();
      await handOver();
      if ('ConversationType' in fields)
        await scene.post({ Conversationid: 'A1', Messageid: 'r1', ...fields });
      await scene.mirrored('hello', { tiedTo: 'C1' });
      await scene.post({ Conversationid: 'A1', Messageid: 'r2', ...fields });
      await scene.mirrored('still here');
      await scene.settled();
      const saidByAgent = (await scene.transcript()).filter((line) => line.startsWith('agent: '));
      assert.deepEqual(saidByAgent, ['agent: hello', 'agent: still here']);
      const known = await scene.adapter.conversations.list();
      const bots = known.map(({ conversationId }) => conversationId);
      assert.deepEqual(bots, ['C1'], 'A1 is taken for the bot’s');
      const toAgents = scene.webhook.posts.filter(({ body }) => body.conversation_id === 'A1');
      assert.deepEqual(toAgents, [], 'the bot spoke in the agent’s conversation');
    });
  }

  it('an agent’s conversation whose first event has no type joins its customer’s when a field names it', async () => {
    await open({
      logic: async (context) => {
        if (context.activity.type === 'message')
          await context.sendActivity({ type: 'event', name: 'handoff.initiate' });
      },
    });
    await handOver();
    await scene.post({
      Conversationid: 'A1',
      Messageid: 'r1',
      Event: 'Message Delivery',
      DeliveryStatus: 'Read',
    });
    await scene.mirrored('hello', { tiedTo: 'C1' });
    await scene.mirrored('still here');
    await scene.settled();
    assert.deepEqual((await scene.transcript()).slice(-2), ['agent: hello', 'agent: still here']);
    assert.equal(await scene.state(), 'agent');
  });

  it('an agent’s conversation that names another agent’s belongs to that one’s customer', async () => {
    await open();
    await handOver();
    await scene.mirrored('first agent', { agentId: 'A1', tiedTo: 'C1' });
    await scene.mirrored('second agent', { agentId: 'A2', tiedTo: 'A1' });
    await scene.mirrored('of nobody', { agentId: 'A3' });
    await scene.mirrored('of nobody either', { agentId: 'A4', tiedTo: 'A3' });
    await scene.settled();
    assert.deepEqual((await scene.transcript()).slice(-2), ['agent: first agent', 'agent: second agent']);
    const untied = await scene.adapter.conversations.listUntied();
    assert.deepEqual(
      untied.map(({ conversationId }) => conversationId),
      ['A3', 'A4'],
    );
  });

  it('two agents’ conversations may count their messages alike', async () => {
    await open();
    await handOver();
    for (const agentId of ['A1', 'A2']) {
      await scene.post({
        Conversationid: agentId,
        ConversationType: 'AGENT',
        Event: 'Agent message',
        Message: `of ${agentId}`,
        Messageid: '1',
        BotConversationid: 'C1',
      });
    }
    await scene.settled();
    assert.deepEqual((await scene.transcript()).slice(-2), ['agent: of A1', 'agent: of A2']);
  });

  it('a turn that throws after it has handed over is run again as itself', async () => {
    let runs = 0;
    await open({
      adapter: { turns: { retryDelayMs: 1 } },
      logic: async (context) => {
        if (context.activity.text !== 'agent') return;
        await context.sendActivity({ type: 'event', name: 'handoff.initiate', value: {} });
        if (runs++ === 0) throw new Error('the state could not be saved');
      },
    });
    await scene.customer('agent');
    await eventually('it is run again', () => runs === 2);
    await scene.settled();
    assert.deepEqual(scene.mirrors, []);
    assert.equal(scene.webhook.of('1002').length, 1);
  });

  it('a bot that fails to hear of a failure still gets the message that waited for it', async () => {
    const later = laterAnswer();
    await open({
      adapter: { turns: { maxAttempts: 2, retryDelayMs: 1 } },
      logic: async (context) => {
        const { type, name, text } = context.activity;
        if (name === 'handoff.status') throw new Error('the handler is broken');
        if (text === 'agent')
          await context.sendActivity({ type: 'event', name: 'handoff.initiate', value: {} });
        else if (type === 'message') await context.sendActivity(`Echo: ${text}`);
      },
    });
    scene.webhook.answer = (post) => (isHandover(post) ? later.answer : 200);
    await scene.customer('agent');
    await eventually('the handover is on the wire', () => scene.webhook.posts.some(isHandover));
    await scene.customer('hurry');
    later.give(400);
    await eventually('the message is answered', () => scene.shown().includes('Echo: hurry'));
    await scene.settled();
    const quarantined = await scene.adapter.quarantine.list();
    assert.deepEqual(
      quarantined.map((item) => item.kind === 'event' && item.event.source),
      ['handoffStatus'],
    );
  });

  it('a bridge’s client that fails is a failed attempt', async () => {
    const bridge: CcspBridge = {
      destination: {
        name: 'own',
        createClient: () => ({ send: () => Promise.reject(new Error('boom')), close: () => {} }),
      },
      compose: () => ({}),
    };
    await open({ handover: { bridge }, adapter: { outbound: { retryDelaysMs: [0], jitter: 0 } } });
    await scene.customer('agent');
    await eventually('the bot is told', () => scene.statuses.length === 1);
    await scene.settled();
    const [letter] = await scene.adapter.deadLetters.list();
    assert.match(letter?.reason ?? '', /the client of 'own' has failed: Error$/);
    assert.equal(await scene.state(), 'bot');
  });

  for (const [title, composed] of [
    ['a promise', Promise.resolve({})],
    ['nothing', undefined],
    ['a text', 'hello'],
    ['a list', []],
  ] as const) {
    it(`a bridge that composes ${title} hands nobody over, and nothing is sent`, async () => {
      const errors: unknown[] = [];
      const bridge: CcspBridge = { destination: 'webhook', compose: () => JSON.parse('{}') };
      Reflect.set(bridge, 'compose', () => composed);
      await open({
        handover: { bridge },
        logic: async (context) => {
          const batch = [
            { type: 'message', text: 'one moment' },
            { type: 'event', name: 'handoff.initiate' },
          ];
          if (context.activity.type === 'message')
            await context.sendActivities(batch).catch((error: unknown) => errors.push(error));
        },
      });
      await scene.customer('agent');
      await scene.settled();
      assert.match(String(errors[0]), /composed no JSON object/);
      assert.deepEqual(scene.shown(), []);
      assert.equal(await scene.state(), 'bot');
    });
  }

  it('a mapper sees the transcript that the contact centre will get', async () => {
    const bridge = new WebexConnectBridge({
      params: ({ transcript }) => [transcript.at(-1)?.text ?? 'none'],
    });
    await open({ handover: { bridge } });
    await handOver();
    assert.equal(scene.webhook.of('1002')[0]?.body.customparam1, 'one moment');
  });

  it('an option’s function that throws costs no event, and no word of the customer is logged', async () => {
    const logger = new RecordingLogger();
    await open({
      adapter: {
        logger,
        turns: { maxAttempts: 1 },
        translation: {
          userId: ({ payload }) => {
            throw new Error(`cannot read ${JSON.stringify(payload)}`);
          },
        },
      },
    });
    await scene.customer('my PIN is 1234');
    await eventually('it is quarantined', async () => (await scene.adapter.quarantine.list()).length === 1);
    const loud = logger.lines.filter(({ level }) => level !== 'debug');
    assert.ok(!JSON.stringify(loud).includes('1234'), 'the customer is quoted');
    assert.ok(loud.length > 0, 'nobody is told');
  });

  it('redact sees what attachments say; what it fails at is not kept at all', async () => {
    await open({
      mirror: {
        redact: ({ text }) => {
          if (text.includes('secret')) throw new Error('no');
          return text.replaceAll('4111', '****');
        },
      },
      logic: async () => {},
    });
    const media = (name: string) => ({ url: 'https://media.test/x.png', contentType: 'image/png', name });
    const send = (id: string, fields: object) =>
      scene.post({
        Conversationid: 'C1',
        ConversationType: 'BOT',
        Event: 'Incoming message',
        Messageid: id,
        ...fields,
      });
    await send('1', { Message: 'card 4111', Media: media('card 4111') });
    await send('2', { Message: 'look', Media: media('secret') });
    await send('3', { Message: 'opaque', Media: { pin: 4711 } });
    await scene.settled();
    assert.deepEqual(await scene.transcript(), [
      'customer: card **** [image: card ****]',
      'customer: [not kept]',
      'customer: opaque [attachment]',
    ]);
    assert.ok(
      !(await scene.adapter.conversations.exportTranscript('C1')).includes('4711'),
      'the PIN is kept',
    );
  });

  it('a redact that returns no text keeps nothing of it', async () => {
    const promised: unknown = async () => 'text';
    const parts = { mirror: { redact: () => '' } };
    Reflect.set(parts.mirror, 'redact', promised);
    await open({ ...parts, logic: async () => {} });
    await scene.customer('hello');
    await scene.settled();
    assert.deepEqual(await scene.transcript(), ['customer: [not kept]']);
    assert.equal(scene.adapter.counters.get('transcripts_failed_total'), 1);
  });

  it('a record stays small, whatever a stranger sends', async () => {
    await open({ logic: async () => {} });
    const long = 'x'.repeat(50_000);
    for (let number = 0; number < 30; number++) {
      await scene.post({
        Conversationid: 'C1',
        ConversationType: 'BOT',
        Event: `${long}${number}`,
        Messageid: `${number}${long}`,
        Channel: long,
        [`customparam${'9'.repeat(10_000)}${number}`]: long,
        [`customparam${number + 1}`]: long,
      });
    }
    await scene.settled();
    const record = await scene.adapter.conversations.get('C1');
    assert.ok(
      JSON.stringify(record).length < 60_000,
      `the record has ${JSON.stringify(record).length} characters`,
    );
  });

  it('an async isAgentClose is no yes', async () => {
    const options = { isAgentClose: () => false };
    Reflect.set(options, 'isAgentClose', async () => false);
    await open({ handover: options });
    await handOver();
    await scene.mirrored('hello', { tiedTo: 'C1' });
    await scene.settled();
    assert.equal(await scene.state(), 'agent');
  });

  it('a tie that comes with a repeat still tells the bot', async () => {
    let knows = false;
    await open({
      adapter: { translation: { botConversationOf: () => (knows ? 'C1' : undefined) } },
      logic: async (context) => {
        if (context.activity.text === 'agent')
          await context.sendActivity({ type: 'event', name: 'handoff.initiate', value: {} });
      },
    });
    await handOver();
    const timestamp = scene.stamp();
    await scene.mirrored('hello', { timestamp });
    await scene.settled();
    knows = true;
    await scene.mirrored('hello', { timestamp });
    await scene.settled();
    assert.deepEqual(scene.statuses, ['accepted']);
  });
});
