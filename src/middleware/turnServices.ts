import type { TurnContext } from 'botbuilder';
import type { ConversationRecord } from '../store/conversationRecord';

const TURN_SERVICES = Symbol('webexConnect.services');

/** What the adapter offers to its middleware in a turn. */
export interface TurnServices {
  findConversation(conversationId: string): Promise<ConversationRecord | undefined>;
}

/** Called by the adapter for each turn. */
export function offerServices(context: TurnContext, services: TurnServices): void {
  context.turnState.set(TURN_SERVICES, services);
}

/** `undefined` in a turn of another adapter: a bot may serve other channels with the same middleware. */
export function servicesOf(context: TurnContext): TurnServices | undefined {
  return context.turnState.get<TurnServices | undefined>(TURN_SERVICES);
}
