import type { AgentConversationView, Channel, CustomerView } from '../world';
import type { ChatLog } from './chatLog';
import { suggestionsIn } from './suggestions';

/** A customer on a channel. */
export interface CustomerState {
  readonly id: string;
  readonly name: string;
  readonly channel: Channel;
  readonly userId: string;
  readonly chat: ChatLog;
  /** undefined before the first message. */
  conversation: BotConversation | undefined;
}

/** The one BOT conversation of a customer. */
export interface BotConversation {
  readonly id: string;
  readonly customer: CustomerState;
  /** The flag that routes all further messages. */
  holder: CustomerView['holder'];
  /** The one that is queued or open. */
  agentConversation: AgentConversation | undefined;
  /** How many there have been. */
  agentConversations: number;
}

/** A conversation with an agent: a new one each time. */
export interface AgentConversation {
  readonly id: string;
  readonly botConversation: BotConversation;
  readonly queuedAt: number;
  readonly chat: ChatLog;
  status: AgentConversationView['status'];
  agent: string | undefined;
  customParams: Readonly<Record<string, string>>;
}

/** A customer for the world to see. */
export function viewOfCustomer(customer: CustomerState): CustomerView {
  const { id, name, channel, userId, conversation, chat } = customer;
  return {
    id,
    name,
    channel,
    userId,
    conversationId: conversation?.id,
    holder: conversation?.holder ?? 'bot',
    chat: [...chat.messages],
    suggestions: suggestionsIn(chat.messages.at(-1)),
  };
}

/** An agent's conversation for the world to see. */
export function viewOfAgentConversation(conversation: AgentConversation): AgentConversationView {
  const { id, botConversation, status, agent, queuedAt, customParams, chat } = conversation;
  return {
    id,
    botConversationId: botConversation.id,
    customerId: botConversation.customer.id,
    customerName: botConversation.customer.name,
    status,
    agent,
    queuedAt,
    customParams,
    chat: [...chat.messages],
  };
}
