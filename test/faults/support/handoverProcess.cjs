'use strict';
// A bot that hands over, for the fault tests to kill: the built package on a store, as a process of its own.
const { createServer } = require('node:http');
const { EventFactory, MessageFactory } = require('botbuilder');
const {
  AgentMirrorMiddleware,
  ConversationTracker,
  HandoverMiddleware,
  WebexConnectAdapter,
} = require('../../../dist');
const { KillPoint, openStore, logger, serve, stateOf, sendJson, exitOn } = require('./processStore.cjs');

/** Milliseconds for which the bot waits for the message that is to cross its good-bye. */
const CROSSING_WITHIN_MS = 1000;

const killPoint = new KillPoint();

/** Resolves when the test has it for sure: this process may die at any moment after. */
function tell(told) {
  return new Promise((resolve) => process.send({ told }, resolve));
}

function botOn(adapter) {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  async function talk(context, id, text) {
    const [word, round] = text.split(' ');
    if (word === 'agent') {
      await context.sendActivities([
        MessageFactory.text(`One moment ${round}`),
        EventFactory.createHandoffInitiation(context, { round }),
        MessageFactory.text(`Never shown ${round}`),
      ]);
    } else if (word === 'bye') {
      await context.sendActivity('Bye!');
      await somebodyWrites(id, 'wait');
      await context.sendActivity({ type: 'endOfConversation' });
    } else await context.sendActivity(`Echo: ${text}`);
    // Only what ran to here has done the work of its turn.
    await tell({ conversationId: id, what: 'answered', text });
  }

  async function somebodyWrites(id, text) {
    for (const until = Date.now() + CROSSING_WITHIN_MS; Date.now() < until; ) {
      const record = await adapter.conversations.get(id);
      if (record?.lastEvents.some(({ messageId }) => messageId === `${id} ${text}`)) return;
      await pause(5);
    }
  }

  async function beTold(context, id, { state, handoverId }) {
    await tell({ conversationId: id, what: state, text: handoverId });
    const record = await adapter.conversations.get(id);
    const round = record.pastHandovers.findIndex((past) => past.id === handoverId) + 1;
    // Nothing of this may reach the customer before the agent is done.
    await context.sendActivity(state === 'accepted' ? `Gated: ${handoverId}` : `On ${state} ${round}`);
  }

  return async (context) => {
    const { type, text, name, value, conversation } = context.activity;
    if (type === 'message') return talk(context, conversation.id, text);
    if (name === 'handoff.status') return beTold(context, conversation.id, value);
    if (name !== 'webexConnect.mirroredMessage') return;
    await tell({ conversationId: conversation.id, what: `${value.author} mirrored`, text: value.text });
    await context.sendActivity(`Gated: ${value.text}`);
  };
}

async function conversationOf(adapter, id) {
  const { conversations } = adapter;
  return {
    record: await conversations.get(id),
    transcript: await conversations.transcript(id),
    untied: (await conversations.listUntied({ limit: 10_000 })).map(({ conversationId }) => conversationId),
  };
}

async function main() {
  const adapter = new WebexConnectAdapter({
    webhookUrl: process.env.FAULT_WEBHOOK_URL,
    store: openStore(killPoint),
    verification: { token: 'fault-token' },
    logger,
    ...JSON.parse(process.env.FAULT_OPTIONS ?? '{}'),
  });
  adapter.use(new ConversationTracker(), new HandoverMiddleware(), new AgentMirrorMiddleware());
  const logic = botOn(adapter);
  await adapter.start(logic);
  process.on('message', ({ killAt }) => {
    killPoint.arm(killAt);
    process.send({ armed: killAt ?? 'never' });
  });
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const show = (body) => body.then((value) => sendJson(response, value), exitOn);
    if (pathname === '/state') return void show(stateOf(adapter));
    if (pathname === '/commits') return void show(Promise.resolve(killPoint.counts));
    if (pathname === '/conversation') return void show(conversationOf(adapter, searchParams.get('id')));
    void adapter.process(request, response, logic);
  });
  serve(server, adapter);
}

main().catch(exitOn);
