import type { Desk } from '../emulatorApi';
import type { AgentConversationView } from '../world';
import type { ChatEngine } from './chatEngine';
import { type AgentConversation, viewOfAgentConversation } from './conversation';
import type { Conversations } from './conversations';

const DEFAULT_AGENT = 'Agent';
/** Milliseconds of real time that `receives` waits by default. */
const RECEIVES_WITHIN_MS = 10_000;

/** What agents can do. */
export class ContactCentre implements Desk {
  readonly #engine: ChatEngine;
  readonly #conversations: Conversations;
  readonly #changed: () => void;
  readonly #subscribe: (listener: () => void) => () => void;

  /**
   * @param changed Called after each change.
   * @param subscribe Calls what it is given after each change of anything. Returns what ends it.
   */
  constructor(
    engine: ChatEngine,
    conversations: Conversations,
    changed: () => void,
    subscribe: (listener: () => void) => () => void,
  ) {
    this.#engine = engine;
    this.#conversations = conversations;
    this.#changed = changed;
    this.#subscribe = subscribe;
  }

  receives(customer: string, withinMs = RECEIVES_WITHIN_MS): Promise<AgentConversationView> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.#newestOf(customer);
        if (found?.status !== 'queued') return;
        end();
        resolve(viewOfAgentConversation(found));
      };
      const limit = setTimeout(() => {
        end();
        reject(new Error(`${customer} was not handed over within ${withinMs} ms.`));
      }, withinMs);
      const unsubscribe = this.#subscribe(look);
      const end = () => {
        clearTimeout(limit);
        unsubscribe();
      };
      look();
    });
  }

  pickUp(conversation: string, agent = DEFAULT_AGENT): void {
    const picked = this.#find(conversation);
    if (picked.status === 'open')
      throw new Error(`${picked.agent ?? DEFAULT_AGENT} has '${conversation}' already.`);
    picked.status = 'open';
    picked.agent = agent;
    this.#changed();
  }

  async says(conversation: string, text: string): Promise<void> {
    await this.#engine.agentWrites(this.#findOpen(conversation), text);
  }

  /** Assumption: the conversation keeps its ID, and the bot is told nothing. */
  transfer(conversation: string, agent: string): void {
    this.#findOpen(conversation).agent = agent;
    this.#changed();
  }

  async close(conversation: string): Promise<void> {
    this.#engine.close(this.#find(conversation));
  }

  #findOpen(conversation: string): AgentConversation {
    const found = this.#find(conversation);
    if (found.status === 'open') return found;
    throw new Error(`'${conversation}' waits in the queue: an agent has to pick it up first.`);
  }

  #find(conversation: string): AgentConversation {
    const found = this.#conversations.agentConversation(conversation) ?? this.#newestOf(conversation);
    if (found !== undefined && found.status !== 'closed') return found;
    const why = found === undefined ? 'the desk has no conversation of this ID or name' : 'it is closed';
    throw new Error(`'${conversation}': ${why}.`);
  }

  /** The customer's conversation that is queued or open. */
  #newestOf(customer: string): AgentConversation | undefined {
    return this.#conversations.customerNamed(customer)?.conversation?.agentConversation;
  }
}
