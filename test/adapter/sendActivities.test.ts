import assert from 'node:assert/strict';
import {
  type Activity,
  ActivityTypes,
  EventFactory,
  INVOKE_RESPONSE_KEY,
  MessageFactory,
  type ResourceResponse,
  TurnContext,
} from 'botbuilder';
import fc from 'fast-check';
import { type TurnLogic, WebexConnectAdapter, type WebexConnectAdapterOptions } from '../../src';
import {
  assertReplies,
  incomingMessage,
  ManualClock,
  type MockWebexConnect,
  mockWebexConnect,
  TEST_CONVERSATION_ID,
} from '../../src/testing';
import { RecordingLogger } from '../support/recordingLogger';

describe('sendActivities', () => {
  let webex: MockWebexConnect;
  let adapter: WebexConnectAdapter;
  let logger: RecordingLogger;

  const make = (options: Partial<WebexConnectAdapterOptions> = {}) => {
    logger = new RecordingLogger();
    adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, logger, ...options });
  };

  /** Runs one turn and resolves with what `logic` returned. */
  const inTurn = async <Result>(logic: (context: TurnContext) => Promise<Result>): Promise<Result> => {
    let outcome: Promise<Result> | undefined;
    await webex.send(adapter, incomingMessage(), async (context) => {
      outcome = logic(context);
      await outcome.catch(() => {});
    });
    await adapter.whenIdle();
    assert.ok(outcome !== undefined, 'no turn was run');
    return outcome;
  };

  const sendInTurn = (activities: Partial<Activity>[]) =>
    inTurn((context) => context.sendActivities(activities));

  beforeEach(() => {
    webex = mockWebexConnect();
    make();
  });
  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  it('answers one response per activity, in order', async () => {
    const responses = await sendInTurn([
      MessageFactory.text('one'),
      { type: ActivityTypes.Typing },
      MessageFactory.text('two'),
      { type: ActivityTypes.Trace, name: 'trace' },
      { type: ActivityTypes.Event, name: 'unheard-of' },
    ]);
    const ids = responses.map(({ id }) => id);
    assert.equal(ids.length, 5);
    assert.deepEqual(
      webex.requests.map(({ idempotencyKey }) => idempotencyKey),
      [ids[0], ids[2]],
    );
    assert.notEqual(ids[0], ids[2]);
  });

  it('k activities in, k responses out, whatever they are', async () => {
    const activity = fc.record<Partial<Activity>>(
      {
        type: fc.constantFrom(
          'message',
          'typing',
          'trace',
          'event',
          'endOfConversation',
          'invokeResponse',
          'odd',
        ),
        text: fc.string(),
        name: fc.string(),
        value: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(activity, { minLength: 1, maxLength: 8 }), async (activities) => {
        const responses = await sendInTurn(activities);
        assert.equal(responses.length, activities.length);
        assert.ok(responses.every((response) => typeof response.id === 'string'));
      }),
      { numRuns: 60 },
    );
  });

  it('sends what stands before a handoff event, in order, and holds back what stands after it', async () => {
    await inTurn((context) =>
      context.sendActivities([
        MessageFactory.text('I will get somebody.'),
        EventFactory.createHandoffInitiation(context, { skill: 'billing' }),
        MessageFactory.text('They are on their way.'),
      ]),
    );
    assert.deepEqual(
      webex.events.map(({ eventid, message }) => message ?? eventid),
      ['I will get somebody.', '1002'],
    );
    assert.equal(webex.handovers[0]?.customparam1, '{"skill":"billing"}');
  });

  it('sends nothing when one of the activities is wrong, and says which field', async () => {
    const sending = inTurn((context) =>
      context.sendActivities([
        MessageFactory.text('fine'),
        { type: 'message', text: 'bad', channelData: { webexConnect: { customParams: 7 } } },
      ]),
    );
    await assert.rejects(sending, {
      code: 'WEBEX_CONNECT_INVALID_ACTIVITY',
      message: /channelData\.webexConnect\.customParams/,
    });
    assert.deepEqual(webex.requests, []);
  });

  it('overrides message type and custom parameters from channelData', async () => {
    await sendInTurn([
      {
        type: 'message',
        text: '{"template":"order"}',
        channelData: { webexConnect: { messageType: 'TEMPLATE', customParams: ['a', { b: 1 }] } },
      },
    ]);
    const [reply] = webex.replies;
    assert.equal(reply?.Messagetype, 'TEMPLATE');
    assert.equal(reply?.customparam1, 'a');
    assert.equal(reply?.customparam2, '{"b":1}');
  });

  it('splits a long text into parts that leave in order, each with its own Idempotency-Key', async () => {
    make({ translation: { maxMessageLength: 10 } });
    const [response] = await sendInTurn([MessageFactory.text('alpha beta gamma delta')]);
    assertReplies(webex, ['alpha beta', 'gamma', 'delta']);
    assert.deepEqual(
      webex.requests.map(({ idempotencyKey }) => idempotencyKey),
      [1, 2, 3].map((part) => `${response?.id}-${part}`),
    );
  });

  it('keeps the order of sends that the bot does not wait for', async () => {
    await inTurn(async (context) => {
      await Promise.all([
        context.sendActivities(['a1', 'a2', 'a3'].map((text) => ({ type: 'message', text }))),
        context.sendActivity('b'),
        context.sendActivity('c'),
      ]);
    });
    assertReplies(webex, ['a1', 'a2', 'a3', 'b', 'c']);
  });

  it('counts a send that the bot did not wait for to the turn: once, also when the turn fails and is run again', async () => {
    const clock = new ManualClock();
    make({ clock });
    let runs = 0;
    await webex.send(adapter, incomingMessage(), async (context) => {
      void adapter.sendActivities(
        context,
        ['x', 'y', 'z'].map((text) => ({ type: 'message', text })),
      );
      if (++runs === 1) throw new Error('not yet');
    });
    await adapter.whenIdle();
    await clock.advance(1000);
    await adapter.whenIdle();
    assert.equal(runs, 2);
    assertReplies(webex, ['x', 'y', 'z']);
  });

  it('stamps what stands behind a delay with the time at which it leaves', async () => {
    const clock = new ManualClock();
    make({ clock });
    const turn = sendInTurn([
      MessageFactory.text('now'),
      { type: 'delay', value: 5000 },
      MessageFactory.text('later'),
    ]);
    await webex.waitForReplies(1);
    await clock.advance(5000);
    await turn;
    const [now, later] = webex.replies.map(({ Timestamp }) => Date.parse(`${Timestamp.replace(' ', 'T')}Z`));
    assert.equal(Number(later) - Number(now), 5000);
  });

  it('waits for a delay activity, and sends what stands before it at once', async () => {
    const clock = new ManualClock();
    make({ clock });
    const turn = sendInTurn([
      MessageFactory.text('now'),
      { type: 'delay', value: 4000 },
      MessageFactory.text('later'),
    ]);
    await webex.waitForReplies(1);
    await clock.advance(3999);
    assertReplies(webex, ['now']);
    await clock.advance(1);
    await turn;
    assertReplies(webex, ['now', 'later']);
  });

  it('puts an invokeResponse into the turn’s state', async () => {
    const found = await inTurn(async (context) => {
      await context.sendActivity({ type: 'invokeResponse', value: { status: 200 } });
      return context.turnState.get(INVOKE_RESPONSE_KEY);
    });
    assert.deepEqual(found?.value, { status: 200 });
    assert.deepEqual(webex.requests, []);
  });

  it('counts typing and trace, and warns of what the platform cannot show', async () => {
    await sendInTurn([
      { type: 'typing' },
      { type: 'trace' },
      { type: 'event', name: 'hello' },
      { type: 'message' },
    ]);
    assert.equal(adapter.counters.get('activities_silent_total'), 2);
    assert.equal(adapter.counters.get('activities_unsupported_total'), 2);
    assert.match(logger.texts('warn').join('\n'), /'hello' names no eventid/);
    assert.deepEqual(webex.requests, []);
  });

  it('sends an event that names an eventid', async () => {
    await sendInTurn([
      {
        type: 'event',
        name: 'milestone',
        channelData: { webexConnect: { eventId: '2001', customParams: ['x'] } },
      },
    ]);
    assert.equal(webex.events[0]?.eventid, '2001');
    assert.equal(webex.events[0]?.customparam1, 'x');
  });

  it('closes the conversation here at endOfConversation; the next event opens it again', async () => {
    await sendInTurn([{ type: 'endOfConversation' }]);
    assert.deepEqual(webex.requests, []);
    assert.equal(await adapter.conversations.state(TEST_CONVERSATION_ID), 'closed');
    await inTurn(async () => {});
    assert.equal(await adapter.conversations.state(TEST_CONVERSATION_ID), 'bot');
  });

  it('closes the conversation on the wire too, after what was said, when a close event is configured', async () => {
    make({ translation: { closeEventId: '1999' } });
    await sendInTurn([MessageFactory.text('Bye.'), { type: 'endOfConversation' }]);
    assert.deepEqual(
      webex.events.map(({ eventid }) => eventid),
      ['1001', '1999'],
    );
  });

  it('keeps a message of a turn that failed and was run again once, under the same id (I4)', async () => {
    const clock = new ManualClock();
    make({ clock });
    const responses: (ResourceResponse | undefined)[] = [];
    let runs = 0;
    const logic: TurnLogic = async (context) => {
      responses.push(await context.sendActivity('first'));
      if (++runs < 3) throw new Error('not yet');
      responses.push(await context.sendActivity('second'));
    };
    await webex.send(adapter, incomingMessage(), logic);
    await adapter.whenIdle();
    await clock.advance(1000);
    await clock.advance(1000);
    await adapter.whenIdle();
    assert.equal(runs, 3);
    assertReplies(webex, ['first', 'second']);
    assert.equal(new Set(responses.slice(0, 3).map((response) => response?.id)).size, 1);
    assert.deepEqual(await adapter.quarantine.list(), []);
  });

  it('delivers what is sent with a hand-made context, as some middleware does', async () => {
    let activity: Partial<Activity> = {};
    await inTurn(async (context) => {
      activity = JSON.parse(JSON.stringify(context.activity));
    });
    await new TurnContext(adapter, activity).sendActivity('late');
    await adapter.whenIdle();
    assertReplies(webex, ['late']);
  });

  it('refuses an activity without a conversation, and arguments that are none', async () => {
    await adapter.start(async () => {});
    const homeless = new TurnContext(adapter, { type: 'message' });
    await assert.rejects(adapter.sendActivities(homeless, [{ type: 'message', text: 'hi' }]), {
      code: 'WEBEX_CONNECT_INVALID_ACTIVITY',
    });
    await assert.rejects(
      adapter.sendActivities(undefined as unknown as TurnContext, []),
      new TypeError('`context` must be an object'),
    );
    await assert.rejects(
      adapter.sendActivities(homeless, undefined as unknown as Partial<Activity>[]),
      new TypeError('`activities` must be an array'),
    );
    await assert.rejects(
      adapter.sendActivities(homeless, [null as unknown as Partial<Activity>]),
      new TypeError('`activities[0]` must be an object'),
    );
  });

  it('cannot update or delete, and says what to do instead', async () => {
    await inTurn(async (context) => {
      await assert.rejects(context.updateActivity({ id: '1', type: 'message' }), {
        code: 'WEBEX_CONNECT_NOT_SUPPORTED',
        message: /Send a new one/,
      });
      await assert.rejects(context.deleteActivity('1'), { code: 'WEBEX_CONNECT_NOT_SUPPORTED' });
    });
  });
});
