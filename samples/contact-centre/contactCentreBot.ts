import type { ConversationState, StatePropertyAccessor, TurnContext, UserState } from 'botbuilder';
import { handover, WebexConnectActivityHandler } from 'botbuilder-adapter-webex-connect';
import { type DialogContext, DialogSet, type DialogTurnResult } from 'botbuilder-dialogs';
import { Patience } from './dialogs/patience';
import {
  type HandoverReason,
  SERVICE_DESK_DIALOG,
  ServiceDeskDialog,
  type ServiceDeskOptions,
} from './dialogs/serviceDeskDialog';

const GETTING_A_COLLEAGUE = 'One moment, I am getting a colleague.';
const BACK_AGAIN = "You are talking to the service desk's bot again.";
const NOBODY_THERE = 'I am sorry, none of my colleagues can take over right now. What can I do for you?';

/** A small service desk that hands over to an agent, and takes the conversation back. */
export class ContactCentreBot extends WebexConnectActivityHandler {
  readonly #conversationState: ConversationState;
  readonly #userState: UserState;
  readonly #dialogs: DialogSet;
  readonly #patience: Patience;
  readonly #lastOrder: StatePropertyAccessor<string>;

  constructor(conversationState: ConversationState, userState: UserState) {
    super();
    this.#conversationState = conversationState;
    this.#userState = userState;
    this.#patience = new Patience(conversationState);
    this.#lastOrder = userState.createProperty<string>('lastOrder');
    this.#dialogs = new DialogSet(conversationState.createProperty('dialogs'));
    this.#dialogs.add(new ServiceDeskDialog(this.#patience, this.#lastOrder));

    this.onMessage(async (context, next) => {
      await this.#talk(context);
      await next();
    });
    this.onHandoffStatus(async (context, next) => {
      await this.#takeBack(context);
      await next();
    });
  }

  override async run(context: TurnContext): Promise<void> {
    await super.run(context);
    await this.#conversationState.saveChanges(context);
    await this.#userState.saveChanges(context);
  }

  async #talk(context: TurnContext): Promise<void> {
    const dialogs = await this.#dialogs.createContext(context);
    const isTalking = dialogs.activeDialog !== undefined;
    const turn: DialogTurnResult<HandoverReason> = isTalking
      ? await dialogs.continueDialog()
      : await dialogs.beginDialog(SERVICE_DESK_DIALOG);
    if (turn.result !== undefined) await this.#handOver(context, turn.result);
  }

  /** No dialog is left by now: the customer comes back to a bot that asks nothing. */
  async #handOver(context: TurnContext, reason: HandoverReason): Promise<void> {
    const orderNumber = await this.#lastOrder.get(context);
    await this.#patience.regain(context);
    await context.sendActivity(GETTING_A_COLLEAGUE);
    await handover(context, { reason, ...(orderNumber !== undefined && { orderNumber }) });
  }

  async #takeBack(context: TurnContext): Promise<void> {
    switch (context.activity.value?.state) {
      case 'completed':
        // The customer's message, if one brought the conversation back, comes as the next turn.
        await context.sendActivity(BACK_AGAIN);
        return;
      case 'failed':
        return offerMenu(await this.#dialogs.createContext(context));
    }
  }
}

async function offerMenu(dialogs: DialogContext): Promise<void> {
  const options: ServiceDeskOptions = { opening: NOBODY_THERE };
  await dialogs.cancelAllDialogs();
  await dialogs.beginDialog(SERVICE_DESK_DIALOG, options);
}
