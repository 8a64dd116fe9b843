import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { tie } from '../delivery/agentConversations';
import type { ConversationFact } from '../delivery/conversationLife';
import { statesType } from '../protocol/decodeEvent';
import { WEBEX_CONNECT_CHANNEL_ID } from '../protocol/eventNames';
import type { InboundEvent, StatedTie } from '../protocol/inboundEvent';
import type { TiedBy } from '../store/conversationRecord';
import type { DeliveryStore } from '../store/deliveryStore';

/** The conversation in which an event takes its turn, and what it means there. */
export type Placement =
  | { readonly kind: 'bot'; readonly conversationId: string; readonly fact: ConversationFact }
  /** An agent's conversation that nothing ties to a BOT conversation (I8). */
  | { readonly kind: 'untied'; readonly conversationId: string; readonly isAgents: boolean };

type AgentFactKind = Extract<ConversationFact, { agentConversationId: string }>['kind'];

interface FoundTie {
  readonly botConversationId: string;
  readonly by: TiedBy;
}

/**
 * Finds out where an event belongs. An agent's conversation is tied to the bot's by (in order) a field that names it,
 * the same ID, a tie that is known already, an option's function; else it is kept apart, and never guessed at.
 */
export class EventPlacement {
  readonly #store: DeliveryStore;
  readonly #clock: Clock;
  readonly #isAgentClose: (event: InboundEvent) => boolean;
  readonly #onTied: () => void;

  /**
   * @param isAgentClose Whether an event says that the agent has closed the conversation. Never throws.
   * @param onTied Called when a tie was made, which may have left work.
   */
  constructor(
    store: DeliveryStore,
    clock: Clock,
    isAgentClose: (event: InboundEvent) => boolean,
    onTied: () => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#isAgentClose = isAgentClose;
    this.#onTied = onTied;
  }

  /** @param isInDoubt Whether the store has refused to take the event for one of a conversation with the bot. */
  of(event: InboundEvent, isInDoubt: boolean): Placement | Promise<Placement> {
    const named = tieNamedBy(event);
    if (named !== undefined) return this.#ofAgentEvent(event, named.tie);
    const place = ofBotEvent(event);
    return isInDoubt ? this.#ofDoubtful(event, place) : place;
  }

  /** It says, or we assume, that it is of the bot's conversation, but its ID is known as an agent's. */
  async #ofDoubtful(event: InboundEvent, place: Placement & { kind: 'bot' }): Promise<Placement> {
    const known = await this.#store.findConversation(event.conversationId);
    if (known?.kind === 'tied') return { ...place, conversationId: known.botConversationId };
    const { conversationId } = event;
    return known?.kind === 'untied' ? { kind: 'untied', conversationId, isAgents: false } : place;
  }

  async #ofAgentEvent(event: InboundEvent, named: StatedTie | undefined): Promise<Placement> {
    const kind = this.#factKind(event);
    const agentConversationId = event.conversationId;
    const tied = await this.#tieOf(agentConversationId, named);
    if (tied === undefined) {
      return { kind: 'untied', conversationId: agentConversationId, isAgents: kind === 'agentSaid' };
    }
    const fact = { kind, agentConversationId, tiedBy: tied.by };
    return { kind: 'bot', conversationId: tied.botConversationId, fact };
  }

  async #tieOf(agentConversationId: string, stated: StatedTie | undefined): Promise<FoundTie | undefined> {
    const [known, named] = await Promise.all([
      this.#store.findConversation(agentConversationId),
      stated && this.#followed(stated),
    ]);
    if (named?.by !== 'field') {
      if (known?.kind === 'bot') return { botConversationId: agentConversationId, by: 'sameId' };
      if (known?.kind === 'tied') return { botConversationId: known.botConversationId, by: known.tiedBy };
    }
    if (named === undefined) return undefined;
    const { botConversationId, by } = named;
    if (botConversationId === agentConversationId) return { botConversationId, by: 'sameId' };
    // What came before the tie was known joins the conversation now; what comes later without a field finds it.
    if (known?.kind !== 'tied') await this.#learn(agentConversationId, botConversationId, by);
    return { botConversationId, by };
  }

  /** One may be named that is itself an agent's, as after a transfer: then its BOT conversation is meant, if known. */
  async #followed(stated: StatedTie): Promise<StatedTie | undefined> {
    const named = await this.#store.findConversation(stated.botConversationId);
    if (named?.kind === 'untied') return undefined;
    return named?.kind === 'tied' ? { ...stated, botConversationId: named.botConversationId } : stated;
  }

  async #learn(agentConversationId: string, botConversationId: string, tiedBy: TiedBy): Promise<void> {
    const at = this.#clock.now();
    const isTied = await this.#store.tieConversation(
      { channelId: WEBEX_CONNECT_CHANNEL_ID, agentConversationId, botConversationId },
      tie({ agentConversationId, botConversationId, tiedBy, at, slip: { id: randomUUID(), at } }),
    );
    if (isTied) this.#onTied();
  }

  #factKind(event: InboundEvent): AgentFactKind {
    if (this.#isAgentClose(event)) return 'agentClosed';
    if (event.kind !== 'mirroredMessage') return 'agentOther';
    return event.author === 'agent' ? 'agentSaid' : 'customerToAgent';
  }
}

/** What an event of an agent's conversation says of the bot's; `undefined` for an event of the bot's own. */
function tieNamedBy(event: InboundEvent): { readonly tie: StatedTie | undefined } | undefined {
  if (event.kind === 'mirroredMessage') return { tie: event.tie };
  return event.kind === 'unknown' || event.kind === 'messageDelivery' ? event.ofAgent : undefined;
}

function ofBotEvent(event: InboundEvent): Placement & { kind: 'bot' } {
  const { conversationId } = event;
  const isCustomers = event.kind === 'message' || event.kind === 'postback';
  const fact: ConversationFact = isCustomers
    ? { kind: 'customerToBot', isStated: statesType(event) }
    : { kind: 'other' };
  return { kind: 'bot', conversationId, fact };
}
