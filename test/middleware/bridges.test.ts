import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { MessageFactory } from 'botbuilder';
import { Webhook } from 'standardwebhooks';
import {
  type CcspBridge,
  HandoverMiddleware,
  HttpCcspBridge,
  MemoryStore,
  WebexConnectAdapter,
  WebexConnectBridge,
} from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { eventually, Scene } from '../support/scene';
import { laterAnswer, ScriptedWebhook } from '../support/scriptedWebhook';

const secret = `whsec_${randomBytes(32).toString('base64')}`;

describe('A handover through bridges', () => {
  const temporaryFile = temporaryFiles();
  let scene: Scene | undefined;
  let centre: ScriptedWebhook;

  beforeEach(async () => {
    centre = await ScriptedWebhook.listen();
  });
  afterEach(async () => {
    await scene?.close();
    scene = undefined;
    await centre.close();
  });

  const http = (name = 'contact-centre') => new HttpCcspBridge({ url: centre.url, secret, name });

  it('tells a contact centre’s own endpoint, signed after Standard Webhooks', async () => {
    scene = await Scene.open({ stores: [new MemoryStore()], handover: { bridge: http() } });
    await scene.customer('hello');
    await scene.settled();
    await scene.customer('agent');
    await scene.settled();
    const [post] = centre.posts;
    assert.ok(post !== undefined, 'nothing came');
    const headers = Object.fromEntries(
      Object.entries(post.headers).map(([name, value]) => [name, String(value)]),
    );
    const verified = new Webhook(secret).verify(post.text, headers);
    const { timestamp, data, ...rest } = Object.fromEntries(Object.entries(verified ?? {}));
    assert.deepEqual(rest, { type: 'handover.initiated' });
    assert.ok(Number.isFinite(Date.parse(String(timestamp))), 'no time');
    const { transcript, id, ...about } = data;
    assert.deepEqual(about, {
      conversationId: 'C1',
      channel: 'SMS',
      context: { topic: 'billing' },
      customParams: {},
    });
    assert.equal(headers['webhook-id'], id);
    assert.equal(headers['idempotency-key'], id);
    assert.deepEqual(
      transcript.map(({ author, text }: { author: string; text: string }) => `${author}: ${text}`),
      ['customer: hello', 'bot: Echo: hello', 'customer: agent', 'bot: one moment'],
    );
    assert.deepEqual(scene.shown(), ['Echo: hello', 'one moment'], 'the webhook is told nothing');
    assert.equal(await scene.state(), 'handingOver');
    assert.equal((await scene.adapter.conversations.get('C1'))?.phase.state, 'handingOver');
  });

  it('takes several bridges: all are told, the first decides', async () => {
    scene = await Scene.open({
      stores: [new MemoryStore()],
      handover: { bridge: [new WebexConnectBridge(), http()] },
      adapter: { outbound: { retryDelaysMs: [] } },
    });
    centre.answer = () => 400;
    await scene.customer('agent');
    await eventually('the second bridge is dead', async () => {
      const health = await scene?.adapter.health();
      return health?.store?.deadLetters === 1;
    });
    await scene.settled();
    assert.deepEqual(scene.shown(), ['one moment', '<1002>']);
    assert.equal(await scene.state(), 'handingOver', 'the first bridge took it');
    assert.deepEqual(scene.statuses, []);
  });

  it('fails when the first of several bridges does', async () => {
    scene = await Scene.open({
      stores: [new MemoryStore()],
      handover: { bridge: [http(), new WebexConnectBridge()] },
    });
    centre.answer = () => 400;
    await scene.customer('agent');
    await eventually('the bot is told', () => scene?.statuses.length === 1);
    assert.deepEqual(scene.statuses, ['failed']);
  });

  it('keeps each destination’s health and retries apart, over a restart too', async () => {
    const path = temporaryFile();
    const parts = {
      handover: { bridge: http() },
      adapter: { outbound: { retryDelaysMs: [0, 0, 0, 0, 0, 0], jitter: 0, failuresUntilInactive: 3 } },
    };
    scene = await Scene.open({ ...parts, stores: [new SqliteStore(path)] });
    centre.answer = () => 500;
    await scene.customer('agent');
    await eventually('the bridge is inactive', async () => {
      const health = await scene?.adapter.health();
      return health?.bridges['contact-centre']?.status === 'inactive';
    });
    const health = await scene.adapter.health();
    assert.equal(health.webhook.status, 'active');
    assert.ok(
      health.reasons.some((reason) => reason.startsWith("the bridge 'contact-centre' is inactive")),
      health.reasons.join(),
    );
    await scene.customer('hello', 'C2');
    await eventually('others are answered', () => scene?.shown('C2').length === 1);
    await scene.close();

    const before = centre.posts.length;
    centre.answer = () => 200;
    scene = await Scene.open({ ...parts, stores: [new SqliteStore(path)] });
    assert.equal((await scene.adapter.health()).bridges['contact-centre']?.status, 'inactive');
    assert.equal(centre.posts.length, before, 'nothing is sent to an inactive bridge');
    await scene.adapter.reactivate('contact-centre');
    await eventually('the handover is taken', () => centre.posts.length > before);
    await scene.settled();
    const record = await scene.adapter.conversations.get('C1');
    assert.ok(
      record?.phase.state === 'handingOver' && record.phase.handover.acknowledgedAt !== undefined,
      'the handover was not acknowledged',
    );
  });

  it('takes a bridge of anybody’s own', async () => {
    const told: string[] = [];
    const bridge: CcspBridge = {
      destination: {
        name: 'own',
        createClient: () => ({
          send: async ({ body }) => {
            told.push(body);
            return { kind: 'accepted', platformMessageId: undefined };
          },
          close: () => {},
        }),
      },
      compose: ({ conversationId, context }) => ({ conversationId, context: context ?? null }),
    };
    scene = await Scene.open({ stores: [new MemoryStore()], handover: { bridge } });
    await scene.customer('agent');
    await scene.settled();
    assert.deepEqual(told, ['{"conversationId":"C1","context":{"topic":"billing"}}']);
  });

  it('sends nothing at all when a bridge cannot write the handover', async () => {
    const errors: unknown[] = [];
    scene = await Scene.open({
      stores: [new MemoryStore()],
      handover: { bridge: new WebexConnectBridge({ maxParams: 0 }) },
      logic: async (context) => {
        if (context.activity.type !== 'message') return;
        const batch = [
          MessageFactory.text('one moment'),
          { type: 'event', name: 'handoff.initiate', value: { a: 1 } },
        ];
        await context.sendActivities(batch).catch((error: unknown) => errors.push(error));
      },
    });
    await scene.customer('agent');
    await scene.settled();
    assert.equal(errors.length, 1);
    assert.match(String(errors[0]), /maxParams/);
    assert.deepEqual(scene.shown(), []);
    assert.equal(await scene.state(), 'bot');
  });

  it('can be added to an adapter that has started', async () => {
    scene = await Scene.open({ stores: [new MemoryStore()] });
    const late = new WebexConnectAdapter({ webhookUrl: scene.webhook.url });
    const logic = async () => {};
    await late.start(logic);
    late.use(new HandoverMiddleware({ bridge: http('late') }));
    await late.continueConversation(
      { conversation: { id: 'L', name: '', isGroup: false, conversationType: '' } },
      async (context) => {
        await context.sendActivity({ type: 'event', name: 'handoff.initiate', value: {} });
      },
    );
    await eventually('the bridge is told', () => centre.posts.length === 1);
    await late.whenIdle();
    await late.stop();
    assert.deepEqual(
      centre.posts.map(({ text }) => JSON.parse(text).data.conversationId),
      ['L'],
    );
  });

  it('refuses two bridges to one destination, and a second HandoverMiddleware', () => {
    assert.throws(() => new HandoverMiddleware({ bridge: [http(), http()] }), {
      code: 'WEBEX_CONNECT_CONFIGURATION',
      path: 'bridge',
    });
    const adapter = new WebexConnectAdapter({ webhookUrl: 'http://localhost:1/' });
    adapter.use(new HandoverMiddleware());
    assert.throws(() => adapter.use(new HandoverMiddleware()), { code: 'WEBEX_CONNECT_CONFIGURATION' });
  });

  const wrong: [string, unknown][] = [
    ['bridge', {}],
    ['bridge', []],
    ['whileAgentHasIt', 'shout'],
    ['clockToleranceMs', -1],
    ['isAgentClose', 'yes'],
    ['bridges', new WebexConnectBridge()],
  ];
  for (const [path, value] of wrong) {
    it(`refuses ${JSON.stringify(value)} as ${path}`, () => {
      assert.throws(() => Reflect.construct(HandoverMiddleware, [{ [path]: value }]), { path });
    });
  }
});

describe('An agent that closes', () => {
  let scene: Scene | undefined;
  afterEach(() => scene?.close());

  it('gives the conversation back at once, where an option knows the event', async () => {
    scene = await Scene.open({
      stores: [new MemoryStore()],
      handover: { isAgentClose: ({ eventName }) => eventName === 'Chat Closed' },
    });
    await scene.customer('agent');
    await scene.settled();
    await scene.mirrored('bye', { tiedTo: 'C1' });
    await scene.settled();
    await scene.post({
      Conversationid: 'A1',
      ConversationType: 'AGENT',
      Event: 'Chat Closed',
      BotConversationid: 'C1',
      Messageid: 'closed',
    });
    await scene.settled();
    assert.equal(await scene.state(), 'bot');
    assert.deepEqual(scene.statuses, ['accepted', 'completed']);
    assert.deepEqual(scene.shown(), ['one moment', '<1002>', 'On handoff.status', 'On Chat Closed']);
  });

  it('changes nothing when the option throws', async () => {
    scene = await Scene.open({
      stores: [new MemoryStore()],
      handover: {
        isAgentClose: () => {
          throw new Error('broken');
        },
      },
    });
    await scene.customer('agent');
    await scene.settled();
    await scene.mirrored('hello', { tiedTo: 'C1' });
    await scene.settled();
    assert.equal(await scene.state(), 'agent');
  });

  it('does not end a handover that waits for its answer', async () => {
    const later = laterAnswer();
    scene = await Scene.open({ stores: [new MemoryStore()], handover: { isAgentClose: () => true } });
    scene.webhook.answer = ({ body }) => (body.eventid === '1002' ? later.answer : 200);
    await scene.customer('agent');
    await eventually('the handover is on the wire', () => scene?.webhook.of('1002').length === 1);
    await scene.mirrored('closed', { tiedTo: 'C1' });
    assert.equal(await scene.state(), 'handingOver');
    later.give(200);
    await scene.settled();
  });
});
