import { setTimeout as wait } from 'node:timers/promises';
import { WebexConnectActivityHandler } from 'botbuilder-adapter-webex-connect';

/** As long as a look into an order system. Milliseconds. */
const TURN_MS = 800;

/** Takes its time, then says what it was told, and who it is. */
export class SlowEchoBot extends WebexConnectActivityHandler {
  constructor(name: string) {
    super();
    this.onMessage(async (context, next) => {
      await wait(TURN_MS);
      await context.sendActivity(`${context.activity.text} (${name})`);
      await next();
    });
  }
}
