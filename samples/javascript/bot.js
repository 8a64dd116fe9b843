'use strict';

const { handover, WebexConnectActivityHandler } = require('botbuilder-adapter-webex-connect');

/** Says what it was told, and hands over to an agent when it is asked to. */
class FrontDeskBot extends WebexConnectActivityHandler {
  constructor() {
    super();

    this.onMessage(async (context, next) => {
      const text = context.activity.text ?? '';
      if (/\b(agent|human)\b/i.test(text)) {
        await context.sendActivity('One moment, I am getting a colleague.');
        // From here on the bot is held back, until onHandoffStatus hears how it ended.
        await handover(context, { topic: 'front desk' });
      } else {
        await context.sendActivity(`You said "${text}". Say "agent" to talk to a colleague.`);
      }
      await next();
    });

    this.onHandoffStatus(async (context, next) => {
      const { state } = context.activity.value;
      if (state === 'completed') await context.sendActivity('You are talking to the bot again.');
      if (state === 'failed') await context.sendActivity('Sorry, none of my colleagues is there.');
      await next();
    });
  }
}

module.exports = { FrontDeskBot };
