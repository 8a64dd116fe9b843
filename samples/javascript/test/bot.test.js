'use strict';

const assert = require('node:assert/strict');
const { HandoverMiddleware, WebexConnectAdapter } = require('botbuilder-adapter-webex-connect');
const {
  assertReplies,
  incomingMessage,
  ManualClock,
  mirroredMessage,
  mockWebexConnect,
} = require('botbuilder-adapter-webex-connect/testing');
const { FrontDeskBot } = require('../bot');

describe('The front desk bot', () => {
  let webex;
  let clock;
  let adapter;

  beforeEach(() => {
    clock = new ManualClock();
    webex = mockWebexConnect({ clock });
    adapter = new WebexConnectAdapter({ webhookUrl: webex.webhookUrl, clock });
    adapter.use(new HandoverMiddleware());
  });

  afterEach(async () => {
    await adapter.stop();
    webex.restore();
  });

  /** What the platform says next, a second after what was before. */
  async function happens(event, details) {
    await clock.advance(1000);
    const bot = new FrontDeskBot();
    const body = event({ ...details, timestamp: clock.now() });
    await webex.send(adapter, body, (context) => bot.run(context));
    await adapter.whenIdle();
  }

  it('says what it was told', async () => {
    await happens(incomingMessage, { text: 'hi' });
    assertReplies(webex, ['You said "hi". Say "agent" to talk to a colleague.']);
  });

  it('hands over, is silent, and comes back', async () => {
    await happens(incomingMessage, { text: 'an agent, please' });
    assert.deepEqual(JSON.parse(webex.handovers[0].customparam1), { topic: 'front desk' });

    const agent = { agentConversationId: 'AGENT-1' };
    await happens(mirroredMessage, { ...agent, text: 'Hello, this is Kim.' });
    await happens(mirroredMessage, { ...agent, author: 'customer', text: 'Are you a human?' });
    assertReplies(webex, ['One moment, I am getting a colleague.']);

    await happens(incomingMessage, { text: 'thanks' });
    assertReplies(webex, [
      'One moment, I am getting a colleague.',
      'You are talking to the bot again.',
      'You said "thanks". Say "agent" to talk to a colleague.',
    ]);
  });

  it('says so when Webex Connect refuses the handover', async () => {
    webex.failNext(2, 400);
    await happens(incomingMessage, { text: 'agent' });
    assertReplies(webex, ['Sorry, none of my colleagues is there.']);
  });
});
