import type { MovableClock } from '../clock/movableClock';
import type { ConductJudge } from '../judge/conductJudge';
import type { PlatformEvent } from '../wire/platformEvent';
import { eventNameOf } from '../wire/platformEvent';
import { writeEvent } from '../wire/writeEvent';
import type { Channel, ChatMessage, Dialect, RoutingRule } from '../world';
import type { AgentConversation, BotConversation, CustomerState } from './conversation';
import type { Conversations } from './conversations';
import type { Deliveries } from './deliveries';
import { describeFaults, type Faults } from './faults';
import type { SeededIds } from './seededIds';

/** What a customer can send. */
export type Content =
  | { readonly kind: 'text'; readonly text: string; readonly media?: string }
  | { readonly kind: 'postback'; readonly payload: string };

/** What the chat engine works with. */
export interface ChatParts {
  readonly ids: SeededIds;
  readonly conversations: Conversations;
  readonly clock: MovableClock;
  readonly faults: Faults;
  readonly judge: ConductJudge;
  readonly deliveries: Deliveries;
  readonly changed: () => void;
}

/** How the chat engine behaves; can be changed at any time. */
export interface ChatSettings {
  rule: RoutingRule;
  dialect: Dialect;
  /** Whether events of an agent's conversation name the BOT one (assumption). */
  readonly linksConversations: boolean;
}

/** Who has a conversation, and who hears what is said in it. */
export class ChatEngine {
  readonly settings: ChatSettings;
  readonly #parts: ChatParts;

  constructor(settings: ChatSettings, parts: ChatParts) {
    this.settings = settings;
    this.#parts = parts;
  }

  /** The customer of this name; made when there is none. */
  customer(name: string, channel?: Channel): CustomerState {
    const known = this.#parts.conversations.customerNamed(name);
    if (known === undefined) {
      const customer = this.#parts.conversations.addCustomer(name, channel);
      this.#parts.changed();
      return customer;
    }
    if (channel === undefined || channel === known.channel) return known;
    throw new Error(`There is a customer '${name}' already, on ${known.channel}.`);
  }

  /**
   * A customer writes or taps. The first message always goes to the bot. While the contact centre has the
   * conversation, the desk gets it and the bot a mirrored copy; otherwise the rule decides.
   */
  customerWrites(customer: CustomerState, content: Content): Promise<void> {
    const conversation = customer.conversation ?? this.#parts.conversations.open(customer);
    const { rule } = this.settings;
    const isWithAgent = conversation.holder === 'contactCentre';
    const agentConversation =
      isWithAgent || rule !== 'BOT'
        ? (conversation.agentConversation ?? this.#queue(conversation))
        : undefined;
    const mirroredIn = isWithAgent ? agentConversation : undefined;
    // Assumption: the rule CCSP lets the desk have what follows the message that went to the bot.
    if (rule === 'CCSP') conversation.holder = 'contactCentre';

    const message = this.#messageOf(content, conversation, mirroredIn?.id ?? conversation.id);
    customer.chat.add(message);
    agentConversation?.chat.add({ ...message, conversationId: agentConversation.id });
    this.#parts.changed();
    return this.#tellBot(conversation, mirroredIn, message, 'customer');
  }

  /** An agent writes: the customer reads it, and the bot gets a mirrored copy. */
  agentWrites(agentConversation: AgentConversation, text: string): Promise<void> {
    const { botConversation } = agentConversation;
    this.#parts.judge.agentSpeaks(botConversation.id);
    const id = this.#parts.ids.message(botConversation.id, 'agent');
    const said = this.#said('agent', text, id, agentConversation.id);
    const message = { ...said, agent: agentConversation.agent };
    botConversation.customer.chat.add(message);
    agentConversation.chat.add(message);
    this.#parts.changed();
    return this.#tellBot(botConversation, agentConversation, message, 'agent');
  }

  /** For a message of the bot; what the webhook answers. */
  newMessageId(conversation: BotConversation): string {
    return this.#parts.ids.message(conversation.id, 'bot');
  }

  /** The bot writes. Assumption: nothing stops it while an agent has the conversation. */
  botWrites(conversation: BotConversation, text: string, id = this.newMessageId(conversation)): void {
    conversation.customer.chat.add(this.#said('bot', text, id, conversation.id));
    this.#parts.changed();
  }

  /** 1002: the contact centre gets the conversation. Assumption: a second one finds the agent's conversation there. */
  handOver(conversation: BotConversation, customParams: Readonly<Record<string, string>>): void {
    const agentConversation = conversation.agentConversation ?? this.#queue(conversation);
    const isFirst = Object.keys(agentConversation.customParams).length === 0;
    if (isFirst) agentConversation.customParams = customParams;
    conversation.holder = 'contactCentre';
    this.#parts.changed();
  }

  /** The agent is done: the customer's next message goes to the bot. Assumption: the bot is told nothing. */
  close(agentConversation: AgentConversation): void {
    this.#parts.conversations.close(agentConversation);
    this.#parts.changed();
  }

  /** The bot closes its conversation: the customer's next message is the first of a new one. */
  end(conversation: BotConversation): void {
    this.#parts.conversations.end(conversation);
    this.#parts.judge.forget(conversation.id);
    this.#parts.changed();
  }

  /** Sends a receipt for each message of the bot that has none like it. */
  async acknowledge(customer: CustomerState, status: 'Delivered' | 'Read' | 'Failed'): Promise<void> {
    const { conversation, channel } = customer;
    if (conversation === undefined) return;
    const marked = customer.chat.mark(status);
    this.#parts.changed();
    await Promise.all(
      marked.map(({ id, conversationId }) =>
        this.#send(conversation, false, {
          kind: 'receipt',
          conversationId,
          conversationType: 'BOT',
          channel,
          at: this.#parts.clock.now(),
          messageId: id,
          status,
        }),
      ),
    );
  }

  #queue(conversation: BotConversation): AgentConversation {
    return this.#parts.conversations.queue(conversation, this.#parts.clock.now());
  }

  #messageOf(content: Content, conversation: BotConversation, saidIn: string): ChatMessage {
    const isText = content.kind === 'text';
    const id = this.#parts.ids.message(conversation.id, 'customer');
    return {
      ...this.#said('customer', isText ? content.text : '', id, saidIn),
      media: isText ? content.media : undefined,
      postback: isText ? undefined : content.payload,
    };
  }

  #said(author: ChatMessage['author'], text: string, id: string, conversationId: string): ChatMessage {
    return {
      id,
      author,
      agent: undefined,
      text,
      media: undefined,
      postback: undefined,
      at: this.#parts.clock.now(),
      conversationId,
      receipt: 'none',
    };
  }

  #tellBot(
    conversation: BotConversation,
    mirroredIn: AgentConversation | undefined,
    message: ChatMessage,
    author: 'customer' | 'agent',
  ): Promise<void> {
    const { id: messageId, text, media, postback, at } = message;
    const base = {
      conversationId: (mirroredIn ?? conversation).id,
      conversationType: mirroredIn === undefined ? ('BOT' as const) : ('AGENT' as const),
      channel: conversation.customer.channel,
      at,
      ...(mirroredIn !== undefined && this.settings.linksConversations
        ? { botConversationId: conversation.id }
        : {}),
    };
    return this.#send(
      conversation,
      mirroredIn === undefined,
      postback === undefined
        ? { ...base, kind: 'message', author, text, media, messageId }
        : { ...base, kind: 'postback', payload: postback },
    );
  }

  #send(conversation: BotConversation, isForBot: boolean, event: PlatformEvent): Promise<void> {
    const { faults, judge, deliveries } = this.#parts;
    const ordinal = conversation.events++;
    const key = `${conversation.id} ${ordinal}`;
    const name = eventNameOf(event);
    const skew = faults.skewOf({
      direction: 'toBot',
      event: name,
      conversationIds: [event.conversationId, conversation.id],
      customer: conversation.customer.name,
      attempt: 1,
      identity: key,
    });
    return deliveries.send({
      facts: { key, conversationId: conversation.id, isForBot, routedAt: judge.mark() },
      conversationId: event.conversationId,
      event: name,
      customer: conversation.customer.name,
      fault: describeFaults(undefined, skew),
      body: writeEvent({ ...event, at: event.at + skew }, this.settings.dialect, ordinal),
    });
  }
}
