import assert from 'node:assert/strict';
import {
  AutoSaveStateMiddleware,
  type BotTelemetryClient,
  type ConversationReference,
  ConversationState,
  MemoryStorage,
  MemoryTranscriptStore,
  ShowTypingMiddleware,
  TelemetryLoggerMiddleware,
  TranscriptLoggerMiddleware,
  TurnContext,
} from 'botbuilder';
import { ChoicePrompt, DialogSet, TextPrompt, WaterfallDialog } from 'botbuilder-dialogs';
import { type TurnLogic, WebexConnectAdapter } from '../../src';
import {
  incomingMessage,
  type MockWebexConnect,
  mockWebexConnect,
  TEST_CONVERSATION_ID,
} from '../../src/testing';
import { echo } from '../support/botHost';

describe('parts of Bot Framework run unchanged', () => {
  let webex: MockWebexConnect;
  let adapter: WebexConnectAdapter;

  beforeEach(() => {
    webex = mockWebexConnect();
    adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl });
  });
  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  const say = async (text: string, logic: TurnLogic) => {
    await webex.send(adapter, incomingMessage(text), logic);
    await adapter.whenIdle();
  };

  it('a waterfall dialog with text and choice prompts over ConversationState', async () => {
    const state = new ConversationState(new MemoryStorage());
    const dialogs = new DialogSet(state.createProperty('dialogs'));
    dialogs.add(new TextPrompt('name'));
    dialogs.add(new ChoicePrompt('colour'));
    dialogs.add(
      new WaterfallDialog<{ name?: string }>('order', [
        (step) => step.prompt('name', 'What is your name?'),
        (step) => {
          step.options.name = step.result;
          return step.prompt('colour', 'Which colour?', ['red', 'green']);
        },
        async (step) => {
          await step.context.sendActivity(`${step.options.name} likes ${step.result.value}.`);
          return step.endDialog();
        },
      ]),
    );
    adapter.use(new AutoSaveStateMiddleware(state));
    const logic: TurnLogic = async (context) => {
      const dialog = await dialogs.createContext(context);
      const { status } = await dialog.continueDialog();
      if (status === 'empty') await dialog.beginDialog('order', {});
    };

    await say('hello', logic);
    await say('Ada', logic);
    await say('2', logic);
    await say('hello again', logic);
    assert.equal(webex.texts[0], 'What is your name?');
    assert.match(webex.texts[1] ?? '', /Which colour\?.*1.*red.*2.*green/s);
    assert.equal(webex.texts[2], 'Ada likes green.');
    assert.equal(webex.texts[3], 'What is your name?');
  });

  it('ShowTypingMiddleware, which puts nothing on the wire and shifts no message’s name', async () => {
    adapter.use(new ShowTypingMiddleware(0, 1));
    let typed = () => {};
    const typing = new Promise<void>((resolve) => {
      typed = resolve;
    });
    adapter.use({
      onTurn: async (_context, next) => {
        const send = adapter.sendActivities.bind(adapter);
        adapter.sendActivities = (context, activities) => {
          if (activities[0]?.type === 'typing') typed();
          return send(context, activities);
        };
        await next();
      },
    });
    await say('hi', async (context) => {
      await typing;
      await context.sendActivity('done');
    });
    assert.deepEqual(webex.texts, ['done']);
    assert.ok(adapter.counters.get('activities_silent_total') >= 1);
    assert.match(webex.requests[0]?.idempotencyKey ?? '', /\.1$/);
  });

  it('TranscriptLoggerMiddleware, with the ids that sendActivities gives', async () => {
    const transcripts = new MemoryTranscriptStore();
    adapter.use(new TranscriptLoggerMiddleware(transcripts));
    await say('hi', echo);
    const { items } = await transcripts.getTranscriptActivities('webexconnect', TEST_CONVERSATION_ID);
    assert.deepEqual(
      items.map(({ from, text }) => [from.role, text]),
      [
        ['user', 'hi'],
        ['bot', 'Echo: hi'],
      ],
    );
    assert.equal(items[1]?.id, webex.requests[0]?.idempotencyKey);
  });

  it('AutoSaveStateMiddleware keeps state from turn to turn', async () => {
    const state = new ConversationState(new MemoryStorage());
    const count = state.createProperty<number>('count');
    adapter.use(new AutoSaveStateMiddleware(state));
    const logic: TurnLogic = async (context) => {
      const turn = ((await count.get(context, 0)) ?? 0) + 1;
      await count.set(context, turn);
      await context.sendActivity(`turn ${turn}`);
    };
    for (const text of ['a', 'b', 'c']) await say(text, logic);
    assert.deepEqual(webex.texts, ['turn 1', 'turn 2', 'turn 3']);
  });

  it('TelemetryLoggerMiddleware', async () => {
    const events: string[] = [];
    const telemetry: BotTelemetryClient = {
      trackDependency: () => {},
      trackEvent: ({ name }) => void events.push(name),
      trackException: () => {},
      trackTrace: () => {},
      flush: () => {},
    };
    adapter.use(new TelemetryLoggerMiddleware(telemetry));
    await say('hi', echo);
    assert.deepEqual(events, ['BotMessageReceived', 'BotMessageSend']);
  });

  describe('a proactive message from a stored conversation reference', () => {
    let reference: Partial<ConversationReference>;

    beforeEach(async () => {
      await say('hi', async (context) => {
        reference = JSON.parse(JSON.stringify(TurnContext.getConversationReference(context.activity)));
      });
    });

    const logic: TurnLogic = async (context) => {
      assert.equal(context.activity.name, 'ContinueConversation');
      assert.equal(context.activity.channelId, 'webexconnect');
      await context.sendActivity('Your order has left.');
    };

    const expectArrival = async () => {
      await adapter.whenIdle();
      assert.equal(webex.replies[0]?.conversation_id, TEST_CONVERSATION_ID);
      assert.deepEqual(webex.texts, ['Your order has left.']);
    };

    it('by app id', async () => {
      await adapter.continueConversationAsync('app-id', reference, logic);
      await expectArrival();
    });

    it('by claims', async () => {
      const claims = { claims: [], isAuthenticated: true } as unknown as Parameters<
        typeof adapter.continueConversationAsync
      >[0];
      if (typeof claims === 'string') return;
      await adapter.continueConversationAsync(claims, reference, async (context) => {
        assert.equal(context.turnState.get(adapter.BotIdentityKey), claims);
        await logic(context);
      });
      await expectArrival();
    });

    it('by claims and audience', async () => {
      const claims = { claims: [], isAuthenticated: true } as unknown as Parameters<
        typeof adapter.continueConversationAsync
      >[0];
      if (typeof claims === 'string') return;
      await adapter.continueConversationAsync(claims, reference, 'audience', async (context) => {
        assert.equal(context.turnState.get(adapter.OAuthScopeKey), 'audience');
        await logic(context);
      });
      await expectArrival();
    });

    it('by the older name', async () => {
      await adapter.continueConversation(reference, logic);
      await expectArrival();
    });

    it('runs the middleware, and onTurnError when it fails', async () => {
      const errors: string[] = [];
      adapter.onTurnError = async (context, error) => {
        errors.push(error.message);
        await context.sendActivity('Your order has left.');
      };
      await adapter.continueConversationAsync('app-id', reference, () => Promise.reject(new Error('oops')));
      assert.deepEqual(errors, ['oops']);
      await expectArrival();
    });

    it('rejects when it fails and nobody handles it', async () => {
      const failing = adapter.continueConversation(reference, () => Promise.reject(new Error('oops')));
      await assert.rejects(failing, /oops/);
    });

    it('rejects a missing reference or logic with a TypeError that names it', async () => {
      await assert.rejects(
        adapter.continueConversation(undefined as unknown as Partial<ConversationReference>, logic),
        new TypeError('`reference` must be an object'),
      );
      await assert.rejects(
        adapter.continueConversationAsync('id', reference, undefined as unknown as TurnLogic),
        new TypeError('`logic` must be a function'),
      );
    });
  });
});
