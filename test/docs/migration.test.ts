import assert from 'node:assert/strict';
import {
  ActivityHandler,
  CardFactory,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConversationState,
  INVOKE_RESPONSE_KEY,
  MemoryStorage,
  MemoryTranscriptStore,
  ShowTypingMiddleware,
  TranscriptLoggerMiddleware,
  TurnContext,
} from 'botbuilder';
import { DialogSet, OAuthPrompt } from 'botbuilder-dialogs';
import express from 'express';
import { WebexConnectActivityHandler, WebexConnectAdapter, WebexConnectNotSupportedError } from '../../src';
import { incomingMessage } from '../../src/testing';
import { temporaryFiles } from '../store/sqlite/support/temporaryFolder';
import { postTo } from '../support/botHost';
import { FakeWebhook } from '../support/fakeWebhook';
import { serveHttp } from '../support/loopbackServer';
import { LiveBot } from './support/liveBot';
import { readPage } from './support/pages';
import { BotProgram } from './support/programs';
import { testRows } from './support/tableRows';

const page = readPage('docs/migration.md');

describe('docs/migration.md, by the whole adapter', () => {
  const bots: LiveBot[] = [];
  const start = (...options: ConstructorParameters<typeof LiveBot>): LiveBot => {
    const bot = new LiveBot(...options);
    bots.push(bot);
    return bot;
  };

  afterEach(async () => {
    for (const bot of bots.splice(0)) await bot.end();
  });

  testRows(page, 'What is there', {
    '`onMessage`, dialogs, prompts': async () => {
      const bot = start();
      const handler = new ActivityHandler();
      handler.onMessage((context) => context.sendActivity('Here I am'));
      await bot.runs((context) => handler.run(context));
      assert.deepEqual(bot.webex.texts, ['Here I am']);
    },
    'cards, carousels, suggested actions': async () => {
      const cards = [CardFactory.heroCard('One', [], ['Yes']), CardFactory.heroCard('Two', [], ['No'])];
      const [sent] = await start().sends({
        type: 'message',
        attachmentLayout: 'carousel',
        attachments: cards,
      });
      assert.equal(sent?.message, 'One\n1. Yes\n\nTwo\n2. No');
    },
    handoff: async () => {
      const [sent] = await start().sends({
        type: 'event',
        name: 'handoff.initiate',
        value: { topic: 'billing' },
      });
      assert.equal(sent?.eventid, '1002');
    },
    'proactive messages': async () => {
      const bot = start();
      let reference = {};
      await bot.runs(async ({ activity }) => {
        reference = TurnContext.getConversationReference(activity);
      });
      await bot.adapter.continueConversationAsync('', reference, async (context) => {
        await context.sendActivity('News!');
      });
      await bot.adapter.whenIdle();
      assert.deepEqual(bot.webex.texts, ['News!']);
    },
    '`delay` activities': async () => {
      const sent = await start().sends({ type: 'delay', value: 1 }, 'Later');
      assert.equal(sent.length, 1);
    },
    '`invokeResponse` activities': () =>
      start().runs(async (context) => {
        await context.sendActivity({ type: 'invokeResponse', value: { status: 200 } });
        assert.ok(context.turnState.has(INVOKE_RESPONSE_KEY));
      }),
    transcripts: async () => {
      const bot = start();
      const transcripts = new MemoryTranscriptStore();
      bot.adapter.use(new TranscriptLoggerMiddleware(transcripts));
      await bot.sends('Hello');
      const [reply] = bot.webex.replies;
      const { items } = await transcripts.getTranscriptActivities(
        'webexconnect',
        reply?.conversation_id ?? '',
      );
      assert.deepEqual(
        items.map(({ text }) => text),
        ['hi', 'Hello'],
      );
    },
  });

  testRows(page, 'What is not there', {
    '`updateActivity`, `deleteActivity`': () =>
      start().runs(async (context) => {
        await assert.rejects(context.updateActivity({ text: 'a' }), WebexConnectNotSupportedError);
        await assert.rejects(context.deleteActivity('1'), WebexConnectNotSupportedError);
      }),
    '`typing`, `trace`': async () => {
      const bot = start();
      bot.adapter.use(new ShowTypingMiddleware(1, 1000));
      const sent = await bot.sends({ type: 'typing' }, { type: 'trace', name: 'a' }, 'Hello');
      assert.deepEqual(
        sent.map(({ message }) => message),
        ['Hello'],
      );
      assert.ok(bot.adapter.counters.get('activities_silent_total') >= 2);
    },
    'other activity types, such as `messageReaction`': async () => {
      const bot = start();
      assert.deepEqual(await bot.sends({ type: 'messageReaction' }), []);
      assert.equal(bot.adapter.counters.get('activities_unsupported_total'), 1);
      assert.equal(bot.log.texts('warn').length, 1);
    },
    '`invoke`': async () => {
      // Whatever it is called, an event of the platform is a message or an event.
      const { type } = await start().hears({ Conversationid: 'C', ConversationType: 'BOT', Event: 'invoke' });
      assert.equal(type, 'event');
    },
    '`conversationUpdate`': async () => {
      const bot = start();
      await bot.hears(incomingMessage('hi'));
      assert.deepEqual(
        bot.heard.map(({ type }) => type),
        ['message'],
      );
    },
    '`Action.Submit`, `messageBack`': async () => {
      const bot = start();
      const actions = [{ type: 'messageBack', title: 'Track it', text: 'track', value: { order: 1 } }];
      const [sent] = await bot.sends({
        type: 'message',
        text: 'And now?',
        suggestedActions: { actions, to: [] },
      });
      assert.equal(sent?.message, 'And now?\n\n1. Track it');
      const { text, value } = await bot.hears(incomingMessage('1'));
      assert.deepEqual([text, value], ['1', undefined]);
    },
    'OAuth: `OAuthPrompt`, token service': async () => {
      const bot = start();
      const state = new ConversationState(new MemoryStorage());
      const dialogs = new DialogSet(state.createProperty('dialogs'));
      dialogs.add(new OAuthPrompt('signIn', { connectionName: 'a', title: 'Sign in' }));
      await bot.runs(async (context) => {
        const dialog = await dialogs.createContext(context);
        await assert.rejects(dialog.beginDialog('signIn'), /not supported by the current adapter/);
      });
      const card = CardFactory.signinCard('Sign in', 'https://login.example/', 'Please');
      const [sent] = await bot.sends({ type: 'message', attachments: [card] });
      assert.equal(sent?.message, 'Please\nSign in: https://login.example/');
    },
    'attachments that the customer sends': async () => {
      const { attachments } = await start().hears(
        incomingMessage({ media: ['https://media.example/a.png'] }),
      );
      assert.equal(attachments?.[0]?.contentUrl, 'https://media.example/a.png');
      assert.equal(attachments?.[0]?.content, undefined);
    },
    'attachments that the bot sends': async () => {
      const file = { contentType: 'application/pdf', name: 'bill.pdf' };
      const sent = await start().sends(
        { type: 'message', attachments: [{ ...file, contentUrl: 'https://files.example/bill.pdf' }] },
        { type: 'message', attachments: [{ ...file, contentUrl: 'data:application/pdf;base64,AAAA' }] },
        { type: 'message', attachments: [{ ...file, content: 'AAAA' }] },
      );
      assert.deepEqual(
        sent.map(({ message }) => message),
        ['bill.pdf: https://files.example/bill.pdf', 'bill.pdf (attachment)', '[bill.pdf]'],
      );
    },
    '`createConversationAsync`': () =>
      start().runs(({ adapter, activity }) => {
        const parameters = { isGroup: false, bot: activity.recipient, activity, channelData: {} };
        return assert.rejects(
          adapter.createConversationAsync('', 'webexconnect', '', '', parameters, async () => {}),
        );
      }),
    '`replyToId`, `locale`, `speak` of a reply': async () => {
      const bot = start();
      const extras = { replyToId: 'R-1', locale: 'de-DE', speak: '<speak>spoken</speak>' };
      await bot.sends({ type: 'message', text: 'written', ...extras }, { type: 'message', ...extras });
      assert.deepEqual(bot.webex.texts, ['written', 'spoken']);
      assert.doesNotMatch(JSON.stringify(bot.webex.events), /R-1|de-DE/);
    },
    '`from.name`, `from.aadObjectId`, `locale` of a customer': async () => {
      const { from, locale, conversation } = await start().hears(incomingMessage('hi'));
      assert.deepEqual(
        [from.name, from.aadObjectId, locale, from.id],
        ['', undefined, undefined, conversation.id],
      );
    },
    '`getConversationMembers`, `ConnectorClient`': () =>
      start().runs(async (context) => {
        assert.equal('getConversationMembers' in context.adapter, false);
        assert.equal(context.turnState.get(context.adapter.ConnectorClientKey), undefined);
      }),
  });
});

describe('Both from one server, as docs/migration.md shows', () => {
  it('answer on their own channels, by one bot', async () => {
    const webhook = await FakeWebhook.listen();
    const bot = new WebexConnectActivityHandler();
    bot.onMessage((context) => context.sendActivity(`On ${context.activity.channelId}`));
    const logic = (context: TurnContext) => bot.run(context);
    const teams = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
    const webex = new WebexConnectAdapter({ webhookUrl: webhook.url });
    const app = express();
    app.post('/api/webex-connect', (req, res) => webex.process(req, res, logic));
    app.post('/api/messages', express.json(), (req, res) => teams.process(req, res, logic));
    const server = await serveHttp(app);
    const post = (path: string, body: object) => postTo(new URL(path, server.url).href, body);

    assert.equal((await post('/api/webex-connect', incomingMessage())).status, 200);
    await webhook.waitFor(1);
    assert.deepEqual(webhook.texts, ['On webexconnect']);

    const message = { type: 'message', channelId: 'test', text: 'hi', deliveryMode: 'expectReplies' };
    const parties = { from: { id: 'ann' }, recipient: { id: 'bot' }, conversation: { id: 'C-1' } };
    const answer = await post('/api/messages', { ...message, ...parties, serviceUrl: 'http://localhost' });
    assert.match(answer.text, /"text":"On test"/);

    await webex.stop();
    await server.close();
    await webhook.close();
  });
});

describe("The program 'after' of docs/migration.md", function () {
  this.timeout(60_000);
  const temporaryFile = temporaryFiles();

  it('runs, and ends in good order', async () => {
    const webhook = await FakeWebhook.listen();
    const code = page.blocks.find((block) => block.code.includes('new SqliteStore'))?.code ?? '';
    // A bot that answers, in place of the reader's own.
    const talks = "bot.onMessage((context) => context.sendActivity('Here I am'));\n";
    const bot = await BotProgram.start(code.replace(/^const store/m, `${talks}$&`), temporaryFile('bot.ts'), {
      WEBEX_CONNECT_WEBHOOK_URL: webhook.url,
      WEBEX_CONNECT_VERIFICATION_TOKEN: 'my-token',
    });
    try {
      assert.equal((await postTo(bot.url, incomingMessage())).text, '{"verification_token":"my-token"}');
      await webhook.waitFor(1);
      assert.deepEqual(webhook.texts, ['Here I am']);
      assert.deepEqual(await bot.stop(), [0, null]);
    } finally {
      bot.kill();
      await webhook.close();
    }
  });
});
