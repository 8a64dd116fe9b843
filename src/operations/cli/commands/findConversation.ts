import { WebexConnectNotFoundError } from '../../../errors';
import type {
  BotConversationRecord,
  ConversationRecord,
  UntiedConversationRecord,
} from '../../../store/conversationRecord';
import type { StoreReading } from '../../../store/storeView';

/** A conversation that is not part of another. */
export type WholeConversation = BotConversationRecord | UntiedConversationRecord;

/**
 * What is known of a conversation: the bot's that an agent's conversation is part of, or the one itself.
 *
 * @throws {WebexConnectNotFoundError} when nothing is known of it.
 */
export async function findConversation(reading: StoreReading, id: string): Promise<WholeConversation> {
  const record = await wholeConversation(reading, await reading.findConversation(id));
  if (record !== undefined) return record;
  throw new WebexConnectNotFoundError(
    `Nothing is known of a conversation '${id}'. See webex-connect-bot conversations list, and list --untied.`,
  );
}

/** Follows a tie to the conversation that it leads to. */
export async function wholeConversation(
  reading: StoreReading,
  record: ConversationRecord | undefined,
): Promise<WholeConversation | undefined> {
  if (record?.kind !== 'tied') return record;
  const bots = await reading.findConversation(record.botConversationId);
  return bots?.kind === 'tied' ? undefined : bots;
}
