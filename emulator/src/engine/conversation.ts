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
  /** undefined before the first message, and when the bot has closed it. */
  conversation: BotConversation | undefined;
  /** How many there have been. */
  conversations: number;
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
  /** How many events it has had. */
  events: number;
  /** How many posts of the bot it has had. */
  posts: number;
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

/** What was shown last: it is shown again as long as it is true. */
const customerViews = new WeakMap<CustomerState, CustomerView>();
const agentConversationViews = new WeakMap<AgentConversation, AgentConversationView>();

/** A customer for the world to see: the same object as long as nothing changes. */
export function viewOfCustomer(customer: CustomerState): CustomerView {
  const { id, name, channel, userId, conversation } = customer;
  const chat = customer.chat.messages;
  const conversationId = conversation?.id;
  const holder = conversation?.holder ?? 'bot';
  const shown = customerViews.get(customer);
  if (shown?.chat === chat && shown.conversationId === conversationId && shown.holder === holder)
    return shown;
  const suggestions = suggestionsIn(chat.at(-1));
  const view = { id, name, channel, userId, conversationId, holder, chat, suggestions };
  customerViews.set(customer, view);
  return view;
}

/** An agent's conversation for the world to see: the same object as long as nothing changes. */
export function viewOfAgentConversation(conversation: AgentConversation): AgentConversationView {
  const { id, botConversation, status, agent, queuedAt, customParams } = conversation;
  const chat = conversation.chat.messages;
  const shown = agentConversationViews.get(conversation);
  const isSame =
    shown?.chat === chat &&
    shown.status === status &&
    shown.agent === agent &&
    shown.customParams === customParams;
  if (isSame) return shown;
  const view = {
    id,
    botConversationId: botConversation.id,
    customerId: botConversation.customer.id,
    customerName: botConversation.customer.name,
    status,
    agent,
    queuedAt,
    customParams,
    chat,
  };
  agentConversationViews.set(conversation, view);
  return view;
}
