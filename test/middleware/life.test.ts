import assert from 'node:assert/strict';
import { type ConversationReference, MessageFactory, ShowTypingMiddleware, TurnContext } from 'botbuilder';
import { type DeliveryStore, MemoryStore, WebexConnectHandedOverError } from '../../src';
import { SqliteStore } from '../../src/sqlite';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { makePostgresStore, newSchema } from '../support/postgresStores';
import { eventually, Scene, type SceneParts, serviceDesk } from '../support/scene';
import { laterAnswer, type ScriptedPost } from '../support/scriptedWebhook';

const isHandover = ({ body }: ScriptedPost) => body.eventid === '1002';

function lifeOn(title: string, makeStores: () => Promise<DeliveryStore[]>): void {
  describe(`A conversation's life on ${title}`, () => {
    let scene: Scene | undefined;
    const open = async (parts: Omit<SceneParts, 'stores'> = {}) => {
      scene = await Scene.open({ ...parts, stores: await makeStores() });
      return scene;
    };
    afterEach(async () => {
      await scene?.close();
      scene = undefined;
    });

    /** Hands C1 over and waits until the platform has taken it. */
    const handOver = async (scene: Scene, conversationId = 'C1', handovers = 1) => {
      await scene.customer('agent', conversationId, scene.stamp());
      await eventually('the handover is taken', async () => {
        const record = await scene.adapter.conversations.get(conversationId);
        return record?.phase.state === 'handingOver' && record.phase.handover.acknowledgedAt !== undefined;
      });
      assert.equal(scene.webhook.posts.filter(isHandover).length, handovers);
    };

    it('goes to the agent and back to the bot, twice', async () => {
      const scene = await open();
      await scene.customer('hello');
      await scene.settled();
      for (const round of [1, 2]) {
        const agentId = `A${round}`;
        // The platform would not send the same Messageid again.
        await scene.post({ ...agentRequest(scene, round) });
        await eventually('the handover is taken', async () => {
          const record = await scene.adapter.conversations.get('C1');
          return record?.phase.state === 'handingOver' && record.phase.handover.acknowledgedAt !== undefined;
        });
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
      assert.deepEqual((await scene.transcript()).slice(-3), [
        'agent: first',
        'agent: second',
        'agent: third',
      ]);
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
      assert.deepEqual(scene.shown(), [
        'one moment',
        '<1002>',
        'On handoff.status',
        'Echo: is anybody there?',
      ]);
    });

    it('keeps two customers apart whose agents’ conversations carry no link', async () => {
      const scene = await open();
      await handOver(scene, 'C1');
      await handOver(scene, 'C2', 2);
      await scene.mirrored('secret of one', { agentId: 'A1' });
      await scene.mirrored('secret of two', { agentId: 'A2' });
      await scene.mirrored('answer of one', { agentId: 'A1', author: 'customer' });
      await scene.settled();
      for (const id of ['C1', 'C2']) {
        const said = (await scene.transcript(id)).join();
        assert.ok(!said.includes('secret'), `${id} shows what nobody tied to it`);
        assert.equal(await scene.state(id), 'handingOver');
      }
      assert.deepEqual(await scene.transcript('A1'), ['agent: secret of one', 'customer: answer of one']);
      const untied = await scene.adapter.conversations.listUntied();
      assert.deepEqual(
        untied.map(({ conversationId }) => conversationId),
        ['A1', 'A2'],
      );

      await scene.adapter.conversations.tie('A1', 'C1');
      await eventually('the bot is told', () => scene.statuses.length > 0);
      await scene.mirrored('more of one', { agentId: 'A1' });
      await scene.settled();
      assert.deepEqual((await scene.transcript('C1')).slice(-3), [
        'agent: secret of one',
        'customer: answer of one',
        'agent: more of one',
      ]);
      assert.deepEqual(await scene.transcript('A1'), []);
      assert.deepEqual([await scene.state('C1'), await scene.state('C2')], ['agent', 'handingOver']);
      assert.ok(!(await scene.transcript('C2')).join().includes('one of'), 'C2 shows what is of C1');
      await assert.rejects(scene.adapter.conversations.tie('A1', 'C2'), {
        code: 'WEBEX_CONNECT_NOT_SUPPORTED',
      });
      await assert.rejects(scene.adapter.conversations.tie('A2', 'C9'), { code: 'WEBEX_CONNECT_NOT_FOUND' });
      await assert.rejects(scene.adapter.conversations.tie('A9', 'C2'), { code: 'WEBEX_CONNECT_NOT_FOUND' });
    });

    it('ties what came before the field that names the bot’s conversation', async () => {
      const scene = await open();
      await handOver(scene);
      await scene.mirrored('early', { agentId: 'A1' });
      await scene.mirrored('linked', { agentId: 'A1', tiedTo: 'C1' });
      await scene.mirrored('later', { agentId: 'A1' });
      await scene.settled();
      assert.deepEqual((await scene.transcript()).slice(-3), [
        'agent: early',
        'agent: linked',
        'agent: later',
      ]);
      assert.deepEqual(await scene.adapter.conversations.listUntied(), []);
      assert.deepEqual(scene.statuses, ['accepted']);
    });

    it('ties an agent’s conversation that has the same ID', async () => {
      const scene = await open();
      await handOver(scene);
      await scene.mirrored('same', { agentId: 'C1' });
      await scene.settled();
      assert.equal(await scene.state(), 'agent');
      assert.deepEqual(scene.statuses, ['accepted']);
      assert.equal((await scene.transcript()).at(-1), 'agent: same');
      const [mirror] = scene.seen.filter(({ name }) => name === 'webexConnect.mirroredMessage');
      assert.equal(mirror?.value?.isTied, true);
    });

    it('ties with the option’s function where nothing else does', async () => {
      const botConversationOf = ({ payload }: { payload: Readonly<Record<string, unknown>> }) =>
        payload.Conversationid === 'A1' ? 'C1' : undefined;
      const scene = await open({ adapter: { translation: { botConversationOf } } });
      await handOver(scene);
      await scene.mirrored('by function', { agentId: 'A1' });
      await scene.mirrored('apart', { agentId: 'A2' });
      await scene.settled();
      assert.equal((await scene.transcript()).at(-1), 'agent: by function');
      assert.deepEqual(
        (await scene.adapter.conversations.listUntied()).map(({ conversationId }) => conversationId),
        ['A2'],
      );
    });

    it('shows the customer nothing of ShowTypingMiddleware, a proactive message or a slow turn', async () => {
      let goOn: () => void = () => {};
      let reference: Partial<ConversationReference> = {};
      const scene = await open({
        middleware: [new ShowTypingMiddleware(0, 5)],
        logic: async (context) => {
          reference = TurnContext.getConversationReference(context.activity);
          if (context.activity.text === 'slow') {
            await new Promise<void>((resolve) => {
              goOn = resolve;
            });
            await context.sendActivity('late');
          } else await serviceDesk(context);
        },
      });
      await scene.customer('hello');
      await scene.settled();
      await scene.customer('slow');
      await eventually('the slow turn runs', () => scene.seen.at(-1)?.text === 'slow');
      for (const { adapter } of scene.replicas.slice(-1)) {
        await adapter.continueConversation(reference, async (context) => {
          await context.sendActivity({ type: 'event', name: 'handoff.initiate', value: {} });
        });
      }
      await eventually('the handover is taken', () => scene.shown().includes('<1002>'));
      goOn();
      await scene.mirrored('an agent', { tiedTo: 'C1' });
      for (const { adapter } of scene.replicas) {
        await adapter.continueConversation(reference, async (context) => {
          const [response] = await context.sendActivities([MessageFactory.text('proactive')]);
          assert.deepEqual(response, { id: '' });
        });
      }
      await scene.settled();
      assert.deepEqual(scene.shown(), ['Echo: hello', '<1002>']);
      const suppressed = scene.replicas.map(({ adapter }) =>
        adapter.counters.get('messages_suppressed_total'),
      );
      const sum = suppressed.reduce((left, right) => left + right, 0);
      // The slow turn's message, what the bot says to two events, and one proactive message per replica.
      assert.equal(sum, 3 + scene.replicas.length);
      assert.ok(!(await scene.transcript()).join().includes('proactive'), 'what was held back was not said');
    });

    it('throws at what the bot says meanwhile, when it is told to', async () => {
      const scene = await open({
        handover: { whileAgentHasIt: 'throw' },
        logic: async (context) => {
          if (context.activity.type === 'message') await serviceDesk(context).catch(note);
        },
      });
      const thrown: unknown[] = [];
      function note(error: unknown) {
        thrown.push(error);
      }
      await handOver(scene);
      assert.equal(thrown.length, 1);
      assert.ok(thrown[0] instanceof WebexConnectHandedOverError, 'another error was thrown');
      assert.deepEqual(scene.shown(), ['one moment', '<1002>']);
    });

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
}

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

lifeOn('memory', async () => [new MemoryStore()]);

const temporaryFile = temporaryFiles();
lifeOn('SQLite', async () => [new SqliteStore(temporaryFile())]);

lifeOn('PostgreSQL with two replicas', async () => {
  const schema = newSchema();
  return Promise.all([1, 2].map(() => makePostgresStore({ schema, maxConnections: 4 })));
});
