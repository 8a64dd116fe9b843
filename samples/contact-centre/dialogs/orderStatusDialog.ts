import type { StatePropertyAccessor } from 'botbuilder';
import {
  ComponentDialog,
  type DialogTurnResult,
  type PromptValidatorContext,
  TextPrompt,
  WaterfallDialog,
  type WaterfallStepContext,
} from 'botbuilder-dialogs';
import { orderStatus } from '../orders';
import { orderNumberIn, textOf } from '../understanding';
import type { Patience } from './patience';

export const ORDER_STATUS_DIALOG = 'orderStatus';

const STEPS = 'steps';
const ORDER_NUMBER_PROMPT = 'orderNumber';

/** What became of the question. */
export type OrderStatusResult = 'answered' | 'notUnderstood';

/** Asks for the number of an order, and says where the order is. */
export class OrderStatusDialog extends ComponentDialog {
  readonly #patience: Patience;
  readonly #lastOrder: StatePropertyAccessor<string>;

  /** @param lastOrder Where the number is kept: an agent who takes over wants to know it. */
  constructor(patience: Patience, lastOrder: StatePropertyAccessor<string>) {
    super(ORDER_STATUS_DIALOG);
    this.#patience = patience;
    this.#lastOrder = lastOrder;
    this.addDialog(
      new WaterfallDialog(STEPS, [(step) => this.#askForNumber(step), (step) => this.#answer(step)]),
    );
    this.addDialog(new TextPrompt(ORDER_NUMBER_PROMPT, (prompt) => this.#isAccepted(prompt)));
  }

  async #askForNumber(step: WaterfallStepContext): Promise<DialogTurnResult> {
    // "Where is my order 123456?" leaves nothing to ask.
    if (orderNumberIn(textOf(step.context)) !== undefined) return step.next();
    return step.prompt(ORDER_NUMBER_PROMPT, {
      prompt: 'What is the number of your order? It has six digits.',
      retryPrompt: 'That is no order number: I need six digits, such as 123456. Please try again.',
    });
  }

  /** Also accepts what cannot be understood for the last time: `#answer` then ends the dialog. */
  async #isAccepted({ context }: PromptValidatorContext<string>): Promise<boolean> {
    return orderNumberIn(textOf(context)) !== undefined || this.#patience.lose(context);
  }

  async #answer(step: WaterfallStepContext): Promise<DialogTurnResult<OrderStatusResult>> {
    const orderNumber = orderNumberIn(textOf(step.context));
    if (orderNumber === undefined) return step.endDialog('notUnderstood' satisfies OrderStatusResult);
    await this.#patience.regain(step.context);
    await this.#lastOrder.set(step.context, orderNumber);
    await step.context.sendActivity(`Order ${orderNumber} ${orderStatus(orderNumber)}.`);
    return step.endDialog('answered' satisfies OrderStatusResult);
  }
}
