import assert from 'node:assert/strict';
import { ConversationState, MemoryStorage, TestAdapter, type TurnContext, UserState } from 'botbuilder';
import {
  AgentMirrorMiddleware,
  type CcspBridge,
  ConversationTracker,
  HandoverMiddleware,
  type HandoverRequest,
  type JsonObject,
  type SendOutcome,
  WebexConnectAdapter,
} from 'botbuilder-adapter-webex-connect';
import {
  assertReplies,
  incomingMessage,
  ManualClock,
  type MockWebexConnect,
  mirroredMessage,
  mockWebexConnect,
  TEST_CONVERSATION_ID,
} from 'botbuilder-adapter-webex-connect/testing';
import { ContactCentreBot } from '../contactCentreBot';

const COLLEAGUE = 'One moment, I am getting a colleague.';
const BACK = "You are talking to the service desk's bot again.";
const MENU = '1. Order status\n2. Opening hours\n3. Talk to an agent';
const HELLO = `Hello, this is the service desk. What can I do for you?\n\n${MENU}`;
const SORRY = `Sorry, I did not understand that. What can I do for you?\n\n${MENU}`;
const NOBODY = `I am sorry, none of my colleagues can take over right now. What can I do for you?\n\n${MENU}`;
const ELSE = `Is there anything else I can do for you?\n\n${MENU}`;
const WHICH_ORDER = 'What is the number of your order? It has six digits.';
const REFUSED = { kind: 'refused', reason: 'nobody is there', blames: 'message' } as const;
const ACCEPTED = { kind: 'accepted', platformMessageId: undefined } as const;
const HOURS = 'We are open from Monday to Friday, 8:00 to 18:00, and on Saturday, 9:00 to 13:00.';

/** A contact centre that answers when the test says so. */
class FakeCcsp implements CcspBridge {
  readonly isAsked: Promise<void>;
  readonly destination: CcspBridge['destination'];
  answer: (outcome: SendOutcome) => void = () => {};

  constructor() {
    const answered = new Promise<SendOutcome>((resolve) => {
      this.answer = resolve;
    });
    let ask = () => {};
    this.isAsked = new Promise((resolve) => {
      ask = resolve;
    });
    const send = () => {
      ask();
      return answered;
    };
    this.destination = { name: 'ccsp', createClient: () => ({ send, close() {} }) };
  }

  compose({ conversationId }: HandoverRequest): JsonObject {
    return { conversationId };
  }
}

describe('The contact-centre bot', () => {
  let webex: MockWebexConnect;
  let clock: ManualClock;
  let adapter: WebexConnectAdapter;
  let logic: (context: TurnContext) => Promise<void>;

  beforeEach(() => {
    clock = new ManualClock();
    webex = mockWebexConnect({ clock });
    adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, clock });
    adapter.use(new ConversationTracker(), new AgentMirrorMiddleware());
    const storage = new MemoryStorage();
    const bot = new ContactCentreBot(new ConversationState(storage), new UserState(storage));
    logic = (context) => bot.run(context);
  });

  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  /** POSTs what the customer writes, and does not wait for the bot. */
  async function customerSends(text: string): Promise<void> {
    await clock.advance(1000);
    await webex.send(adapter, incomingMessage({ text, timestamp: clock.now() }), logic);
  }

  /** What the platform says next, a second after what was before. */
  async function happens(event: (timestamp: number) => JsonObject): Promise<void> {
    await clock.advance(1000);
    await webex.send(adapter, event(clock.now()), logic);
    await adapter.whenIdle();
  }

  async function customerSays(...texts: string[]): Promise<void> {
    for (const text of texts) await happens((timestamp) => incomingMessage({ text, timestamp }));
  }

  function agentSays(text: string, agentConversationId = 'AGENT-1'): Promise<void> {
    return happens((timestamp) => mirroredMessage({ text, timestamp, agentConversationId }));
  }

  const state = () => adapter.conversations.state(TEST_CONVERSATION_ID);
  const contexts = () => webex.handovers.map(({ customparam1 = '' }) => JSON.parse(customparam1));

  it('shows its menu with numbers', async () => {
    await customerSays('hi');
    assertReplies(webex, [HELLO]);
  });

  it('hands over with what it knows of the customer', async () => {
    await customerSays('Where is order 123456?', 'I want to talk to a HUMAN');
    assert.equal(webex.texts.at(-1), COLLEAGUE);
    assert.equal(webex.events.at(-1)?.eventid, '1002');
    assert.deepEqual(contexts(), [{ reason: 'asked', orderNumber: '123456' }]);
    assert.match(webex.handovers[0]?.customparam2 ?? '', /customer: I want to talk to a HUMAN/);
    assert.equal(await state(), 'handingOver');
  });

  it('hands over after two misunderstandings in a row', async () => {
    await customerSays('fnord', 'fnord');
    assertReplies(webex, [SORRY, COLLEAGUE]);
    assert.deepEqual(contexts(), [{ reason: 'notUnderstood' }]);
  });

  it('is silent while the agent talks', async () => {
    await customerSays('agent');
    await agentSays('Hello, this is Kim.');
    await happens((timestamp) =>
      mirroredMessage({ author: 'customer', text: 'help', timestamp, agentConversationId: 'AGENT-1' }),
    );
    assertReplies(webex, [COLLEAGUE]);
    assert.equal(await state(), 'agent');
    assert.equal(adapter.counters.get('messages_suppressed_total'), 0);
  });

  it('takes the conversation back politely, and answers what the customer came back with', async () => {
    await customerSays('agent');
    await agentSays('Hello, this is Kim.');
    await customerSays('When are you open?');
    assertReplies(webex, [COLLEAGUE, BACK, HOURS, ELSE]);
    assert.equal(await state(), 'bot');
  });

  it('has forgotten the dialog and the misunderstandings of before', async () => {
    await customerSays('order', 'fnord', 'agent');
    await agentSays('Hello, this is Kim.');
    await customerSays('123456');
    assert.deepEqual(webex.texts.slice(-2), [BACK, SORRY]);
  });

  it('hands over a second time', async () => {
    await customerSays('fnord', 'fnord');
    await agentSays('Hello, this is Kim.');
    await customerSays('fnord');
    await customerSays('fnord');
    await agentSays('Kim again.', 'AGENT-2');
    await customerSays('1');
    assertReplies(webex, [SORRY, COLLEAGUE, BACK, SORRY, COLLEAGUE, BACK, WHICH_ORDER]);
    assert.equal(webex.handovers.length, 2);
  });

  describe('with a contact centre that takes its time', () => {
    let ccsp: FakeCcsp;

    beforeEach(async () => {
      ccsp = new FakeCcsp();
      adapter.use(new HandoverMiddleware({ bridge: ccsp }));
      await customerSends('agent');
      await ccsp.isAsked;
    });

    async function ccspAnswers(outcome: SendOutcome): Promise<void> {
      ccsp.answer(outcome);
      await clock.advance(10_000);
      await adapter.whenIdle();
    }

    it('apologises when the handover fails, and its menu is alive', async () => {
      await ccspAnswers(REFUSED);
      assertReplies(webex, [COLLEAGUE, NOBODY]);
      await customerSays('2');
      assertReplies(webex, [COLLEAGUE, NOBODY, HOURS, ELSE]);
    });

    it('answers what the customer wrote meanwhile, when the handover fails', async () => {
      await customerSends('When are you open?');
      await ccspAnswers(REFUSED);
      assertReplies(webex, [COLLEAGUE, NOBODY, HOURS, ELSE]);
    });

    it('leaves what the customer wrote meanwhile to the agent, when the handover is taken', async () => {
      await customerSends('When are you open?');
      await ccspAnswers(ACCEPTED);
      assertReplies(webex, [COLLEAGUE]);
    });
  });

  it('leaves the dialog it is in, should it hear of a failure only then', async () => {
    const desk = new TestAdapter(logic);
    await desk.send('order').startTest();
    await desk.send({ type: 'event', name: 'handoff.status', value: { state: 'failed' } }).startTest();
    await desk.send('bye').startTest();
    desk.activeQueue.splice(0);
    await desk.send('123456').startTest();
    assert.match(desk.activeQueue[0]?.text ?? '', /^Sorry, I did not understand/);
  });

  it('collates what all three said', async () => {
    await customerSays('agent');
    await agentSays('Hello, this is Kim.');
    await customerSays('2');
    const transcript = await adapter.conversations.transcript(TEST_CONVERSATION_ID);
    assert.deepEqual(
      transcript.map(({ author, text }) => `${author}: ${text}`),
      [
        'customer: agent',
        `bot: ${COLLEAGUE}`,
        'agent: Hello, this is Kim.',
        'customer: 2',
        `bot: ${BACK}`,
        `bot: ${HOURS}`,
        `bot: ${ELSE}`,
      ],
    );
  });
});
