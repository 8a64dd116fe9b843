import type { Desk } from '../emulatorApi';
import type { ChatEngine } from './chatEngine';
import type { AgentConversation } from './conversation';
import type { Conversations } from './conversations';

const DEFAULT_AGENT = 'Agent';

/** What agents can do. */
export class ContactCentre implements Desk {
  readonly #engine: ChatEngine;
  readonly #conversations: Conversations;
  readonly #changed: () => void;

  /** @param changed Called after each change. */
  constructor(engine: ChatEngine, conversations: Conversations, changed: () => void) {
    this.#engine = engine;
    this.#conversations = conversations;
    this.#changed = changed;
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
    const byName = this.#conversations.customerNamed(conversation)?.conversation;
    const found = this.#conversations.agentConversation(conversation) ?? byName?.agentConversation;
    if (found !== undefined && found.status !== 'closed') return found;
    const why = found === undefined ? 'the desk has no conversation of this ID or name' : 'it is closed';
    throw new Error(`'${conversation}': ${why}.`);
  }
}
