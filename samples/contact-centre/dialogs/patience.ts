import type { ConversationState, StatePropertyAccessor, TurnContext } from 'botbuilder';

const MISUNDERSTANDINGS_UNTIL_HANDOVER = 2;

/** Counts misunderstandings in a row, over all dialogs of a conversation. */
export class Patience {
  readonly #misunderstandings: StatePropertyAccessor<number>;

  constructor(conversationState: ConversationState) {
    this.#misunderstandings = conversationState.createProperty<number>('misunderstandings');
  }

  /** The customer was not understood. @returns Whether it is time for a colleague. */
  async lose(context: TurnContext): Promise<boolean> {
    const count = (await this.#misunderstandings.get(context, 0)) + 1;
    await this.#misunderstandings.set(context, count);
    return count >= MISUNDERSTANDINGS_UNTIL_HANDOVER;
  }

  /** The customer was understood. */
  async regain(context: TurnContext): Promise<void> {
    await this.#misunderstandings.set(context, 0);
  }
}
