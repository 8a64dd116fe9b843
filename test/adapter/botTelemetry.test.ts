import assert from 'node:assert/strict';
import Module from 'node:module';
import {
  type BotTelemetryClient,
  ConversationState,
  EventFactory,
  MemoryStorage,
  type TelemetryEvent,
  TelemetryLoggerMiddleware,
  TurnContext,
} from 'botbuilder';
import { DialogSet, WaterfallDialog } from 'botbuilder-dialogs';
import { HandoverMiddleware, type TurnLogic, WebexConnectAdapter } from '../../src';
import {
  incomingMessage,
  type MockWebexConnect,
  messageDelivery,
  mirroredMessage,
  mockWebexConnect,
  TEST_CONVERSATION_ID,
} from '../../src/testing';
import { echo } from '../support/botHost';
import { present } from '../support/present';

type Properties = Readonly<Record<string, unknown>>;

/** Notes what is tracked. */
class RecordingTelemetryClient implements BotTelemetryClient {
  readonly events: TelemetryEvent[] = [];

  trackEvent(event: TelemetryEvent): void {
    this.events.push(event);
  }
  trackDependency(): void {}
  trackException(): void {}
  trackTrace(): void {}
  flush(): void {}

  get names(): string[] {
    return this.events.map(({ name }) => name);
  }

  propertiesOf(name: string): Properties[] {
    return this.events.filter((event) => event.name === name).map(({ properties = {} }) => properties);
  }
}

describe('A BotTelemetryClient', () => {
  let webex: MockWebexConnect;
  let adapter: WebexConnectAdapter;
  let client: RecordingTelemetryClient;

  beforeEach(() => {
    webex = mockWebexConnect();
    adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, outbound: { retryDelaysMs: [] } });
    client = new RecordingTelemetryClient();
  });
  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  const send = async (event: ReturnType<typeof incomingMessage>, logic: TurnLogic) => {
    const { status } = await webex.send(adapter, event, logic);
    assert.equal(status, 200);
    await adapter.whenIdle();
  };
  const received = () => client.propertiesOf(TelemetryLoggerMiddleware.botMsgReceiveEvent);
  const sent = () => client.propertiesOf(TelemetryLoggerMiddleware.botMsgSendEvent);

  describe('of TelemetryLoggerMiddleware', () => {
    beforeEach(() => {
      adapter.use(new TelemetryLoggerMiddleware(client), new HandoverMiddleware());
    });

    it('is told of what came and what was sent, under the IDs that they have', async () => {
      await send(incomingMessage({ text: 'my card number is 4111', messageId: 'MSG-1' }), echo);
      assert.deepEqual(received(), [
        {
          fromId: TEST_CONVERSATION_ID,
          conversationId: TEST_CONVERSATION_ID,
          conversationName: '',
          locale: '',
          recipientId: 'bot',
          recipientName: '',
          type: 'message',
          activityId: 'MSG-1',
        },
      ]);
      const [reply] = sent();
      assert.equal(present(reply).activityId, webex.requests[0]?.idempotencyKey);
      assert.equal(present(reply).replyActivityId, 'MSG-1');
      assert.equal(present(reply).conversationId, TEST_CONVERSATION_ID);
      assert.equal(present(reply).recipientId, TEST_CONVERSATION_ID);
    });

    it('is told of each activity of several', async () => {
      await send(incomingMessage(), async (context) => {
        await context.sendActivities([
          { type: 'message', text: 'one' },
          { type: 'typing' },
          { type: 'message', text: 'two' },
        ]);
      });
      assert.deepEqual(
        sent().map(({ type }) => type),
        ['message', 'typing', 'message'],
      );
      const ids = sent().flatMap(({ type, activityId }) => (type === 'message' ? [activityId] : []));
      assert.deepEqual(
        ids,
        webex.requests.map(({ idempotencyKey }) => idempotencyKey),
      );
    });

    it('is told of a handover, and of what became of it', async () => {
      const logic: TurnLogic = async (context) => {
        if (context.activity.text !== 'agent') return;
        await context.sendActivity(EventFactory.createHandoffInitiation(context, { topic: 'billing' }));
      };
      await send(incomingMessage('agent'), logic);
      await send(mirroredMessage({ text: 'hello' }), logic);
      assert.equal(webex.handovers.length, 1);
      const [handover] = sent();
      assert.equal(present(handover).type, 'event');
      assert.equal(present(handover).activityId, webex.requests[0]?.idempotencyKey);
      assert.equal(received().length, 3, 'the message, the status, the mirrored message');
      for (const { conversationId, fromId, activityId, type } of received()) {
        assert.equal(conversationId, TEST_CONVERSATION_ID);
        assert.ok(fromId, `${type} is from nobody`);
        assert.ok(activityId, `${type} has no ID`);
      }
    });

    it('is told of receipts, and of a message that was given up', async () => {
      webex.failNext(1, 400);
      await send(incomingMessage(), echo);
      await send(messageDelivery({ messageId: 'MSG-2' }), echo);
      assert.deepEqual(
        received().map(({ type }) => type),
        ['message', 'event', 'event'],
      );
      for (const { conversationId } of received()) assert.equal(conversationId, TEST_CONVERSATION_ID);
    });

    it('is told of a proactive message', async () => {
      let reference = {};
      await send(incomingMessage(), async (context) => {
        reference = JSON.parse(JSON.stringify(TurnContext.getConversationReference(context.activity)));
      });
      client.events.length = 0;
      await adapter.continueConversationAsync('app', reference, async (context) => {
        await context.sendActivity('Your order has left.');
      });
      await adapter.whenIdle();
      assert.deepEqual(client.names, ['BotMessageReceived', 'BotMessageSend']);
      assert.equal(received()[0]?.conversationId, TEST_CONVERSATION_ID);
      assert.equal(sent()[0]?.activityId, webex.requests[0]?.idempotencyKey);
    });

    it('is told of a turn by hand that lacks everything', async () => {
      const reference = { conversation: { id: 'C', isGroup: false, conversationType: '', name: '' } };
      await adapter.start(echo);
      await adapter.continueConversation(reference, async (context) => {
        await context.sendActivity(
          EventFactory.createHandoffStatus(context.activity.conversation, 'accepted'),
        );
        await context.sendActivity('hi');
      });
      await adapter.whenIdle();
      assert.deepEqual(client.names, ['BotMessageReceived', 'BotMessageSend', 'BotMessageSend']);
      assert.equal(received()[0]?.fromId, '');
      assert.deepEqual(webex.texts, ['hi']);
    });

    it('holds what people say only when it is told to', async () => {
      await send(incomingMessage('my card number is 4111'), echo);
      assert.ok(!JSON.stringify(client.events).includes('4111'));
      const open = new RecordingTelemetryClient();
      adapter.use(new TelemetryLoggerMiddleware(open, true));
      await send(incomingMessage('my card number is 4111'), echo);
      assert.deepEqual(
        open.events.map(({ properties }) => properties?.text),
        ['my card number is 4111', 'Echo: my card number is 4111'],
      );
    });

    it('of dialogs is told of their steps', async () => {
      const state = new ConversationState(new MemoryStorage());
      const dialogs = new DialogSet(state.createProperty('dialogs'));
      const dialog = new WaterfallDialog('order', [(step) => step.endDialog()]);
      dialog.telemetryClient = client;
      dialogs.add(dialog);
      await send(incomingMessage(), async (context) => {
        await (await dialogs.createContext(context)).beginDialog('order');
      });
      assert.ok(client.names.includes('WaterfallStart'));
      assert.ok(client.names.includes('WaterfallStep'));
    });
  });

  describe('of TelemetryInitializerMiddleware', () => {
    let insights: typeof import('botbuilder-applicationinsights');
    const { require: requireBefore } = Module.prototype;

    before(async () => {
      insights = await import('botbuilder-applicationinsights');
    });
    // Application Insights changes `require` for the whole process.
    after(() => {
      Module.prototype.require = requireBefore;
    });

    it('is told of each activity once, and the correlation knows the activity', async () => {
      const correlation = {
        operation: { id: 'op', name: 'POST', parentId: '' },
        customProperties: { getProperty: () => '', setProperty: () => {} },
      };
      class Correlated extends insights.TelemetryInitializerMiddleware {
        constructor() {
          super(new TelemetryLoggerMiddleware(client), true);
          this.appInsightsCorrelationContext = correlation;
        }
      }
      adapter.use(new Correlated());
      await send(incomingMessage({ messageId: 'MSG-1' }), echo);
      assert.deepEqual(client.names, ['BotMessageReceived', 'BotMessageSend']);
      const activity: unknown = Reflect.get(correlation, 'activity');
      assert.equal(Reflect.get(Object(activity), 'id'), 'MSG-1');
    });
  });
});
