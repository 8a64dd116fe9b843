import { type Activity, MessageFactory, type StatePropertyAccessor } from 'botbuilder';
import {
  ComponentDialog,
  Dialog,
  type DialogContext,
  type DialogTurnResult,
  DialogTurnStatus,
  type PromptValidatorContext,
  TextPrompt,
  WaterfallDialog,
  type WaterfallStepContext,
} from 'botbuilder-dialogs';
import { choiceOf, interruptionOf, MENU, textOf } from '../understanding';
import { ORDER_STATUS_DIALOG, OrderStatusDialog, type OrderStatusResult } from './orderStatusDialog';
import type { Patience } from './patience';

export const SERVICE_DESK_DIALOG = 'serviceDesk';

/** Why the dialog ended with the wish for a colleague. */
export type HandoverReason = 'asked' | 'notUnderstood';

/** How the dialog begins. */
export interface ServiceDeskOptions {
  /** Said above the menu. Without it, the customer's message is taken for the first answer. */
  readonly opening?: string;
}

const MENU_DIALOG = 'menu';
const CHOICE_PROMPT = 'choice';

const GREETING = 'Hello, this is the service desk. What can I do for you?';
const NOT_UNDERSTOOD = 'Sorry, I did not understand that. What can I do for you?';
const ANYTHING_ELSE = 'Is there anything else I can do for you?';
const CANCELLED = 'All right, never mind. What else can I do for you?';
const HELP =
  'I can tell you where your order is and when we are open. Say "agent" whenever you want to talk to a colleague, and "cancel" to begin anew.';
const OPENING_HOURS = 'We are open from Monday to Friday, 8:00 to 18:00, and on Saturday, 9:00 to 13:00.';
const GOODBYE = 'Thank you for writing to us. Goodbye!';

/** The whole talk with a customer. Its result is why a colleague has to take over, or nothing. */
export class ServiceDeskDialog extends ComponentDialog<ServiceDeskOptions> {
  readonly #patience: Patience;

  constructor(patience: Patience, lastOrder: StatePropertyAccessor<string>) {
    super(SERVICE_DESK_DIALOG);
    this.#patience = patience;
    this.addDialog(
      new WaterfallDialog<ServiceDeskOptions>(MENU_DIALOG, [
        (step) => this.#choose(step),
        (step) => this.#serve(step),
        (step) => this.#goOn(step),
      ]),
    );
    this.addDialog(new TextPrompt(CHOICE_PROMPT, (prompt) => this.#isAccepted(prompt)));
    this.addDialog(new OrderStatusDialog(patience, lastOrder));
  }

  protected override async onBeginDialog(
    dialogs: DialogContext,
    options?: ServiceDeskOptions,
  ): Promise<DialogTurnResult> {
    return (await this.#interrupt(dialogs)) ?? super.onBeginDialog(dialogs, options);
  }

  protected override async onContinueDialog(dialogs: DialogContext): Promise<DialogTurnResult> {
    return (await this.#interrupt(dialogs)) ?? super.onContinueDialog(dialogs);
  }

  /** @returns `undefined` when the message is none of those that are heard at any point. */
  async #interrupt(dialogs: DialogContext): Promise<DialogTurnResult | undefined> {
    const interruption = interruptionOf(textOf(dialogs.context));
    if (interruption === undefined) return undefined;
    await this.#patience.regain(dialogs.context);

    if (interruption === 'agent') return ended('asked');
    if (interruption === 'cancel') {
      await dialogs.cancelAllDialogs();
      return dialogs.beginDialog(MENU_DIALOG, { opening: CANCELLED });
    }
    if (dialogs.activeDialog === undefined) return dialogs.beginDialog(MENU_DIALOG, { opening: HELP });
    await dialogs.context.sendActivity(HELP);
    await dialogs.repromptDialog();
    return Dialog.EndOfTurn;
  }

  async #choose(step: WaterfallStepContext<ServiceDeskOptions>): Promise<DialogTurnResult> {
    const { opening } = step.options;
    if (opening !== undefined) return askForChoice(step, opening);
    if (choiceOf(textOf(step.context)) !== undefined) return step.next();
    return (await this.#patience.lose(step.context)) ? step.next() : askForChoice(step, NOT_UNDERSTOOD);
  }

  /** Also accepts what cannot be understood for the last time: `#serve` then ends the dialog. */
  async #isAccepted({ context }: PromptValidatorContext<string>): Promise<boolean> {
    return choiceOf(textOf(context)) !== undefined || this.#patience.lose(context);
  }

  async #serve(step: WaterfallStepContext<ServiceDeskOptions>): Promise<DialogTurnResult> {
    const choice = choiceOf(textOf(step.context));
    if (choice === undefined) return step.endDialog('notUnderstood' satisfies HandoverReason);
    await this.#patience.regain(step.context);

    switch (choice) {
      case 'orderStatus':
        return step.beginDialog(ORDER_STATUS_DIALOG);
      case 'openingHours':
        await step.context.sendActivity(OPENING_HOURS);
        return step.next();
      case 'agent':
        return step.endDialog('asked' satisfies HandoverReason);
      case 'greeting':
        return step.replaceDialog(MENU_DIALOG, { opening: GREETING });
      case 'farewell':
        await step.context.sendActivity(GOODBYE);
        return step.endDialog();
    }
  }

  async #goOn(step: WaterfallStepContext<ServiceDeskOptions>): Promise<DialogTurnResult> {
    const result: OrderStatusResult | undefined = step.result;
    if (result === 'notUnderstood') return step.endDialog('notUnderstood' satisfies HandoverReason);
    return step.replaceDialog(MENU_DIALOG, { opening: ANYTHING_ELSE });
  }
}

function askForChoice(step: WaterfallStepContext, text: string): Promise<DialogTurnResult> {
  return step.prompt(CHOICE_PROMPT, { prompt: menu(text), retryPrompt: menu(NOT_UNDERSTOOD) });
}

function menu(text: string): Partial<Activity> {
  const titles = MENU.map(({ title }) => title);
  return MessageFactory.suggestedActions(titles, text);
}

/** Ends the whole dialog, with what is open in it. */
function ended(result: HandoverReason): DialogTurnResult<HandoverReason> {
  return { status: DialogTurnStatus.complete, result };
}
