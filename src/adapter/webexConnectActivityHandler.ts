import { ActivityHandler, type BotHandler, type TurnContext } from 'botbuilder';
import { z } from 'zod';
import { HANDOFF_STATUS, WebexConnectEventNames } from '../protocol/eventNames';

const postback = z.looseObject({ webexConnect: z.looseObject({ isPostback: z.literal(true) }) });

/** The handlers' names for the events of this adapter. */
const HANDLER_OF_EVENT = new Map<string, string>([
  [WebexConnectEventNames.messageDelivery, 'WebexConnectMessageDelivery'],
  [WebexConnectEventNames.mirroredMessage, 'WebexConnectMirroredMessage'],
  [WebexConnectEventNames.deliveryFailed, 'WebexConnectDeliveryFailed'],
  [HANDOFF_STATUS, 'WebexConnectHandoffStatus'],
]);

/**
 * botbuilder's `ActivityHandler` with the events of Webex Connect. Every registration can be chained, and every
 * handler calls `next()` to let the following ones run.
 */
export class WebexConnectActivityHandler extends ActivityHandler {
  /**
   * Registers a handler for a tapped button. It runs before the `onMessage` handlers, which run too when it calls
   * `next()`; `context.activity.value` is the payload.
   */
  onPostback(handler: BotHandler): this {
    return this.on('WebexConnectPostback', handler);
  }

  /** Registers a handler for what became of a message: `context.activity.value` is a `MessageDeliveryValue`. */
  onMessageDelivery(handler: BotHandler): this {
    return this.on('WebexConnectMessageDelivery', handler);
  }

  /**
   * Registers a handler for a message between customer and agent, which the bot sees and does not answer:
   * `context.activity.value` is a `MirroredMessageValue`.
   */
  onMirroredMessage(handler: BotHandler): this {
    return this.on('WebexConnectMirroredMessage', handler);
  }

  /**
   * Registers a handler for a message of the bot that was given up: `context.activity.value` is a
   * `DeliveryFailedValue`.
   */
  onDeliveryFailed(handler: BotHandler): this {
    return this.on('WebexConnectDeliveryFailed', handler);
  }

  /**
   * Registers a handler for what became of a handover: `context.activity.value` is a `HandoffStatusValue`. At
   * `completed` and `failed` the bot has the conversation again, and may speak.
   */
  onHandoffStatus(handler: BotHandler): this {
    return this.on('WebexConnectHandoffStatus', handler);
  }

  protected override async onMessageActivity(context: TurnContext): Promise<void> {
    const runMessageHandlers = () => super.onMessageActivity(context);
    if (!postback.safeParse(context.activity.channelData).success) return runMessageHandlers();
    await this.handle(context, 'WebexConnectPostback', runMessageHandlers);
  }

  protected override async dispatchEventActivity(context: TurnContext): Promise<void> {
    const type = HANDLER_OF_EVENT.get(context.activity.name ?? '');
    if (type === undefined) return super.dispatchEventActivity(context);
    await this.handle(context, type, this.defaultNextEvent(context));
  }
}
