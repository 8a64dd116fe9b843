import { BoundedMap } from '../judge/boundedMap';
import type { Channel } from '../world';
import { ChatLog } from './chatLog';
import type { AgentConversation, BotConversation, CustomerState } from './conversation';
import type { SeededIds } from './seededIds';

/** What a conversation ID names. */
export type Target =
  | { readonly kind: 'bot'; readonly conversation: BotConversation }
  | { readonly kind: 'agent' | 'unknown' };

const DEFAULT_CHANNEL: Channel = 'FB';
/** The desk shows so many that are over; what is older is let go. */
const MAX_CLOSED = 500;
/** IDs of agents' conversations are known longer than the conversations. */
const MAX_AGENT_IDS = 100_000;
/** BOT conversations that are over: the bot may say so again. */
const MAX_ENDED = 1000;

/** All customers, and all conversations by ID. */
export class Conversations {
  readonly #ids: SeededIds;
  readonly #customers = new Map<string, CustomerState>();
  readonly #bots = new Map<string, BotConversation>();
  readonly #agents = new Map<string, AgentConversation>();
  readonly #agentIds = new BoundedMap<string, true>(MAX_AGENT_IDS);
  readonly #ended = new BoundedMap<string, BotConversation>(MAX_ENDED);
  /** Those that are over, oldest first. */
  readonly #closed: AgentConversation[] = [];

  constructor(ids: SeededIds) {
    this.#ids = ids;
  }

  /** In the order in which they came. */
  get customers(): readonly CustomerState[] {
    return [...this.#customers.values()];
  }

  /** In the order in which they were queued. */
  get agentConversations(): readonly AgentConversation[] {
    return [...this.#agents.values()];
  }

  customerNamed(name: string): CustomerState | undefined {
    return this.#customers.get(name);
  }

  agentConversation(id: string): AgentConversation | undefined {
    return this.#agents.get(id);
  }

  botConversation(id: string): BotConversation | undefined {
    return this.#bots.get(id);
  }

  targetOf(id: string): Target {
    const conversation = this.#bots.get(id);
    if (conversation !== undefined) return { kind: 'bot', conversation };
    return { kind: this.#agentIds.get(id) === true ? 'agent' : 'unknown' };
  }

  /** @throws Error when there is one of this name on another channel. */
  addCustomer(name: string, channel: Channel = DEFAULT_CHANNEL): CustomerState {
    const customer: CustomerState = {
      id: `customer-${this.#customers.size + 1}`,
      name,
      channel,
      userId: this.#ids.userId(channel, name),
      chat: new ChatLog(),
      conversation: undefined,
      conversations: 0,
    };
    this.#customers.set(name, customer);
    return customer;
  }

  /** The BOT conversation of a customer who has none. */
  open(customer: CustomerState): BotConversation {
    const ordinal = ++customer.conversations;
    const conversation: BotConversation = {
      id: this.#ids.botConversation(customer.channel, customer.name, ordinal),
      customer,
      holder: 'bot',
      agentConversation: undefined,
      agentConversations: 0,
      events: 0,
      posts: 0,
    };
    customer.conversation = conversation;
    this.#bots.set(conversation.id, conversation);
    return conversation;
  }

  /** A new conversation with an agent. */
  queue(botConversation: BotConversation, at: number): AgentConversation {
    const ordinal = ++botConversation.agentConversations;
    const agentConversation: AgentConversation = {
      id: this.#ids.agentConversation(botConversation.id, ordinal),
      botConversation,
      queuedAt: at,
      chat: new ChatLog(),
      status: 'queued',
      agent: undefined,
      customParams: {},
    };
    botConversation.agentConversation = agentConversation;
    this.#agents.set(agentConversation.id, agentConversation);
    this.#agentIds.set(agentConversation.id, true);
    return agentConversation;
  }

  /** The agent's part is over. */
  close(agentConversation: AgentConversation): void {
    agentConversation.status = 'closed';
    agentConversation.botConversation.agentConversation = undefined;
    agentConversation.botConversation.holder = 'bot';
    this.#closed.push(agentConversation);
    if (this.#closed.length <= MAX_CLOSED) return;
    const oldest = this.#closed.shift();
    if (oldest !== undefined) this.#agents.delete(oldest.id);
  }

  /** The BOT conversation is over, and an agent's that belongs to it: the customer's next message opens another. */
  end(conversation: BotConversation): void {
    const { agentConversation, customer } = conversation;
    if (agentConversation !== undefined) this.close(agentConversation);
    if (customer.conversation === conversation) customer.conversation = undefined;
    this.#bots.delete(conversation.id);
    this.#ended.set(conversation.id, conversation);
  }

  /** A BOT conversation that the bot has closed. */
  endedConversation(id: string): BotConversation | undefined {
    return this.#ended.get(id);
  }
}
