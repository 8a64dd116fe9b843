import assert from 'node:assert/strict';
import { ActivityTypes, CardFactory, EventFactory, INVOKE_RESPONSE_KEY, MessageFactory } from 'botbuilder';
import {
  incomingMessage,
  ManualClock,
  messageDelivery,
  mirroredMessage,
  postback,
  TEST_CONVERSATION_ID,
} from '../../src/testing';
import { LiveBot } from './support/liveBot';
import { readPage } from './support/pages';
import { fieldsIn, rowOf, testRows } from './support/tableRows';

const page = readPage('docs/translation.md');
const IN = 'Webex Connect to the bot';
const OUT = 'The bot to Webex Connect';
const SECOND = 1000;

describe('docs/translation.md, by the whole adapter', () => {
  const bots: LiveBot[] = [];
  const start = (...options: ConstructorParameters<typeof LiveBot>): LiveBot => {
    const bot = new LiveBot(...options);
    bots.push(bot);
    return bot;
  };

  afterEach(async () => {
    for (const bot of bots.splice(0)) await bot.end();
  });

  /** A bot that has handed over, and whose agent has spoken. */
  async function withAgent(): Promise<LiveBot> {
    const bot = start();
    await handOver(bot);
    await bot.hears(mirroredMessage({ timestamp: Date.now() + SECOND }));
    assert.equal(await bot.state(), 'agent');
    return bot;
  }

  async function handOver(bot: LiveBot): Promise<void> {
    await bot.runs((context) =>
      context.sendActivity(EventFactory.createHandoffInitiation(context, { topic: 'billing' })),
    );
  }

  /** That `value` has the fields that the row names, and no others; some only where they are known. */
  function hasFields(value: object, row: string, ...unknown: string[]): void {
    const named = fieldsIn(rowOf(page, IN, row));
    assert.deepEqual([...Object.keys(value), ...unknown].sort(), named);
  }

  testRows(page, IN, {
    '*Incoming message*, type BOT': async () => {
      const media = ['https://media.example/a.png'];
      const heard = await start().hears(incomingMessage({ messageId: 'MSG-1', text: 'hi', media }));
      assert.deepEqual([heard.type, heard.id, heard.text], ['message', 'MSG-1', 'hi']);
      assert.ok(heard.timestamp instanceof Date);
      assert.deepEqual(
        heard.attachments?.map(({ contentUrl }) => contentUrl),
        media,
      );
      assert.equal(heard.from.id, heard.conversation.id);
    },
    '*FB POSTBACK* (any event with "postback" in its name)': async () => {
      for (const name of ['FB POSTBACK', 'WhatsApp Postback']) {
        const heard = await start().hears({ ...postback('TRACK'), Event: name });
        assert.deepEqual([heard.type, heard.text, heard.value], ['message', 'TRACK', 'TRACK']);
        assert.equal(heard.channelData.webexConnect.isPostback, true);
      }
    },
    '*Message Delivery*': async () => {
      const bot = start({ outbound: { platformMessageId: () => 'MSG-77' } });
      const [response] = await bot.responses('Hello');
      const heard = await bot.hears(
        messageDelivery({ messageId: 'MSG-77', status: 'Failed', description: 'gone' }),
      );
      assert.deepEqual([heard.type, heard.name], ['event', 'webexConnect.messageDelivery']);
      hasFields(heard.value, '*Message Delivery*');
      assert.equal(heard.replyToId, response?.id);
    },
    'any message whose type is not BOT': async () => {
      const heard = await start().hears(mirroredMessage('Hello, Kim here'));
      assert.deepEqual([heard.type, heard.name], ['event', 'webexConnect.mirroredMessage']);
      hasFields(heard.value, 'any message whose type is not BOT', 'postbackPayload');
      assert.equal(heard.value.author, 'agent');
    },
    'anything else': async () => {
      const event = { Conversationid: 'CONV-1', ConversationType: 'BOT' };
      const heard = await start().hears({ ...event, Event: 'Milestone Reached' });
      assert.deepEqual([heard.type, heard.name], ['event', 'Milestone Reached']);
      const ofBotFramework = [
        'handoff.status',
        'tokens/response',
        'continueConversation',
        'createConversation',
      ];
      for (const name of ['webexConnect.deliveryFailed', ...ofBotFramework]) {
        assert.equal((await start().hears({ ...event, Event: name })).name, 'webexConnect.unknown');
      }
    },
    "the customer's message that crosses a [handover](handover.md)": async () => {
      const bot = start();
      await handOver(bot);
      const heard = await bot.hears(
        incomingMessage({ text: 'One more thing', timestamp: Date.now() - 10 * SECOND }),
      );
      assert.equal(heard.name, 'webexConnect.mirroredMessage');
      assert.equal(heard.value.crossedHandover, true);
      assert.equal('agentConversationId' in heard.value, false);
    },
    'what became of a handover (from the adapter itself)': async () => {
      const row = 'what became of a handover (from the adapter itself)';
      const bot = await withAgent();
      const notice = bot.heard.find(({ name }) => name === 'handoff.status');
      hasFields(notice?.value, row);
      assert.equal(notice?.value.state, 'accepted');
      await bot.hears(incomingMessage({ timestamp: Date.now() + 5 * SECOND }));
      assert.equal(bot.heard.at(-2)?.value.state, 'completed');

      const refused = start();
      refused.webex.failNext(1, 400);
      await handOver(refused);
      assert.deepEqual(
        refused.heard.map(({ name, value }) => [name, value.state]),
        [
          ['handoff.status', 'failed'],
          // Given up like any other message of the bot.
          ['webexConnect.deliveryFailed', undefined],
        ],
      );
    },
    'a reply that was given up (from the adapter itself)': async () => {
      const bot = start();
      bot.webex.failNext(1, 400);
      await bot.sends('Hello');
      const [heard] = bot.heard;
      assert.deepEqual([heard?.type, heard?.name], ['event', 'webexConnect.deliveryFailed']);
      hasFields(heard?.value, 'a reply that was given up (from the adapter itself)');
    },
  });

  const activities = {
    '`message`': async () => {
      const card = CardFactory.heroCard('Tariffs', [], ['Basic']);
      const message = MessageFactory.suggestedActions(['Yes', 'No'], 'Which one?');
      const [sent] = await start().sends({ ...message, attachments: [card] });
      assert.equal(sent?.eventid, '1001');
      assert.equal(sent?.message, 'Which one?\n\nTariffs\n1. Basic\n\n2. Yes\n3. No');
      const parts = await start({ translation: { maxMessageLength: 10 } }).sends('one two three four');
      assert.deepEqual(
        parts.map(({ message: text }) => text),
        ['one two', 'three four'],
      );
    },
    '`event` `handoff.initiate`': async () => {
      const bot = start();
      await handOver(bot);
      const [sent] = bot.webex.handovers;
      assert.equal(sent?.eventid, '1002');
      assert.equal(sent?.customparam1, '{"topic":"billing"}');
      assert.match(sent?.customparam2 ?? '', /^customer: hi/);
    },
    '`endOfConversation`': async () => {
      const bot = start();
      assert.deepEqual(await bot.sends({ type: ActivityTypes.EndOfConversation }), []);
      assert.equal(await bot.state(), 'closed');
      const telling = start({ translation: { closeEventId: '1009' } });
      const [sent] = await telling.sends({ type: ActivityTypes.EndOfConversation });
      assert.equal(sent?.eventid, '1009');
    },
    'any other `event`': async () => {
      const bot = start();
      const event = { type: 'event', name: 'milestone' };
      const [one] = await bot.sends({ ...event, channelData: { webexConnect: { eventId: '1005' } } });
      const [other] = await bot.sends({ ...event, value: { eventid: '1006' } });
      assert.deepEqual([one?.eventid, other?.eventid], ['1005', '1006']);
      assert.deepEqual(bot.log.texts('warn'), []);
      assert.deepEqual(await bot.sends(event), []);
      assert.match(bot.log.texts('warn').join(), /names no eventid/);
    },
    '`delay`': async () => {
      const clock = new ManualClock();
      const bot = start({ clock });
      const turn = bot.webex.send(bot.adapter, incomingMessage(), async (context) => {
        await context.sendActivities([
          { type: 'delay', value: 5 * SECOND },
          MessageFactory.text('Here I am'),
        ]);
      });
      await turn;
      await clock.advance(4 * SECOND);
      assert.deepEqual(bot.webex.texts, []);
      await clock.advance(SECOND);
      await bot.webex.waitForReplies(1);
      assert.deepEqual(bot.webex.texts, ['Here I am']);
    },
    '`invokeResponse`': async () => {
      const bot = start();
      await bot.runs(async (context) => {
        const response = { type: ActivityTypes.InvokeResponse, value: { status: 200 } };
        await context.sendActivity(response);
        assert.deepEqual(context.turnState.get(INVOKE_RESPONSE_KEY)?.value, { status: 200 });
      });
      assert.deepEqual(bot.webex.events, []);
      assert.equal(bot.adapter.counters.get('turns_completed_total'), 1);
    },
    '`typing`, `trace`': async () => {
      const bot = start();
      assert.deepEqual(await bot.sends({ type: 'typing' }, { type: 'trace', name: 'a' }), []);
      assert.equal(bot.adapter.counters.get('activities_silent_total'), 2);
    },
    'anything else': async () => {
      const bot = start();
      assert.deepEqual(await bot.sends({ type: 'messageReaction' }), []);
      assert.match(bot.log.texts('warn').join(), /has nothing for an activity of type 'messageReaction'/);
    },
    'anything, while an agent has the conversation': async () => {
      const bot = await withAgent();
      const before = bot.webex.events.length;
      const reference = {
        channelId: 'webexconnect',
        conversation: { id: TEST_CONVERSATION_ID, isGroup: false, conversationType: 'personal', name: '' },
      };
      await bot.adapter.continueConversation(
        reference,
        async (context) => void (await context.sendActivity('News!')),
      );
      await bot.adapter.whenIdle();
      assert.equal(bot.webex.events.length, before);
      assert.equal(bot.adapter.counters.get('messages_suppressed_total'), 1);
      assert.ok(bot.log.texts('warn').length > 0);
    },
  };

  const channelData = {
    '`messageType`': async () => {
      const bot = start({ translation: { maxMessageLength: 10 } });
      const sent = await bot.sends({
        type: 'message',
        text: 'one two three four',
        channelData: { webexConnect: { messageType: 'HTML' } },
      });
      assert.deepEqual(
        sent.map(({ Messagetype }) => Messagetype),
        ['HTML'],
      );
    },
    '`customParams`': async () => {
      const bot = start({ translation: { maxMessageLength: 10 } });
      const paramsOf = async (customParams: object, text = 'hi') => {
        const sent = await bot.sends({
          type: 'message',
          text,
          channelData: { webexConnect: { customParams } },
        });
        return sent.map((event) => Object.entries(event).filter(([name]) => name.startsWith('customparam')));
      };
      assert.deepEqual(await paramsOf(['a', 'b']), [
        [
          ['customparam1', 'a'],
          ['customparam2', 'b'],
        ],
      ]);
      assert.deepEqual(await paramsOf({ customparam3: 'c' }), [[['customparam3', 'c']]]);
      assert.deepEqual(await paramsOf({ order: 1 }), [[['customparam1', '{"order":1}']]]);
      assert.deepEqual(await paramsOf(['a'], 'one two three four'), [[['customparam1', 'a']], []]);
    },
    '`eventId`': async () => {
      const [sent] = await start().sends({
        type: 'event',
        name: 'a',
        channelData: { webexConnect: { eventId: '1005' } },
      });
      assert.equal(sent?.eventid, '1005');
    },
  };

  testRows(page, OUT, activities, channelData);

  it('names what `channelData.webexConnect` holds', async () => {
    const { channelData } = await start().hears(incomingMessage());
    for (const field of Object.keys(channelData.webexConnect))
      assert.ok(page.text.includes(`\`${field}\``), field);
    assert.equal(channelData.Message, 'hi');
  });
});
