import type { Middleware, TurnContext } from 'botbuilder';
import type { BotConversationRecord } from '../store/conversationRecord';
import { servicesOf } from './turnServices';

const RECORD = Symbol('webexConnect.conversation');

/**
 * Keeps a record of every conversation in the adapter's store: state, channel, agent's conversations with their times,
 * latest events, custom parameters. The adapter that uses it writes the record in the commit that stores the event.
 *
 * ```ts
 * adapter.use(new ConversationTracker());
 * const record = ConversationTracker.get(context);
 * ```
 *
 * Outside of a turn: `adapter.conversations`.
 */
export class ConversationTracker implements Middleware {
  /** Looks the record up for the turn. */
  async onTurn(context: TurnContext, next: () => Promise<void>): Promise<void> {
    const conversationId = context.activity.conversation?.id;
    const record =
      conversationId === undefined ? undefined : await servicesOf(context)?.findConversation(conversationId);
    if (record?.kind === 'bot') context.turnState.set(RECORD, record);
    await next();
  }

  /**
   * The record of the turn's conversation, as it was when the turn began.
   *
   * @returns `undefined` when there is none: the adapter is another, no tracker is in use, or the turn is one of an
   * agent's conversation that is not tied to the bot's.
   */
  static get(context: TurnContext): BotConversationRecord | undefined {
    return context.turnState.get<BotConversationRecord | undefined>(RECORD);
  }
}
