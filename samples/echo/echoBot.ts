import { WebexConnectActivityHandler } from 'botbuilder-adapter-webex-connect';

/** Says again what the customer says. */
export class EchoBot extends WebexConnectActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      await context.sendActivity(`Echo: ${context.activity.text}`);
      await next();
    });
  }
}
