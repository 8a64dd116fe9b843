import type { Desk } from '../emulatorApi';
import { UNNAMED_AGENT } from '../unnamedAgent';
import type { AgentConversationView } from '../world';
import type { ChatEngine } from './chatEngine';
import { type AgentConversation, viewOfAgentConversation } from './conversation';
import type { Conversations } from './conversations';
import { waitFor } from './waiting';

/** Milliseconds of real time that `receives` waits by default. */
const RECEIVES_WITHIN_MS = 10_000;

/** What the desk shares with the rest of the emulator. */
export interface DeskParts {
  readonly engine: ChatEngine;
  readonly conversations: Conversations;
  /** Called after each change. */
  readonly changed: () => void;
  /** Calls what it is given after each change of anything. Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** When nothing can come any more. */
  readonly stopped: AbortSignal;
}

/** What agents can do. */
export class ContactCentre implements Desk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  receives(customer: string, withinMs = RECEIVES_WITHIN_MS): Promise<AgentConversationView> {
    const { subscribe, stopped } = this.#parts;
    const find = () => {
      const newest = this.#newestOf(customer);
      return newest?.status === 'queued' ? viewOfAgentConversation(newest) : undefined;
    };
    const complaint = `${customer} was not handed over`;
    return waitFor({ find, subscribe, withinMs, complaint }, stopped);
  }

  pickUp(conversation: string, agent = UNNAMED_AGENT): void {
    const picked = this.#find(conversation);
    if (picked.status === 'open')
      throw new Error(`${picked.agent ?? UNNAMED_AGENT} has '${conversation}' already.`);
    picked.status = 'open';
    picked.agent = agent;
    this.#parts.changed();
  }

  async says(conversation: string, text: string): Promise<void> {
    await this.#parts.engine.agentWrites(this.#findOpen(conversation), text);
  }

  /** Assumption: the conversation keeps its ID, and the bot is told nothing. */
  transfer(conversation: string, agent: string): void {
    this.#findOpen(conversation).agent = agent;
    this.#parts.changed();
  }

  async close(conversation: string): Promise<void> {
    this.#parts.engine.close(this.#find(conversation));
  }

  #findOpen(conversation: string): AgentConversation {
    const found = this.#find(conversation);
    if (found.status === 'open') return found;
    throw new Error(`'${conversation}' waits in the queue: an agent has to pick it up first.`);
  }

  #find(conversation: string): AgentConversation {
    const found = this.#parts.conversations.agentConversation(conversation) ?? this.#newestOf(conversation);
    if (found !== undefined && found.status !== 'closed') return found;
    const why = found === undefined ? 'the desk has no conversation of this ID or name' : 'it is closed';
    throw new Error(`'${conversation}': ${why}.`);
  }

  /** The customer's conversation that is queued or open. */
  #newestOf(customer: string): AgentConversation | undefined {
    return this.#parts.conversations.customerNamed(customer)?.conversation?.agentConversation;
  }
}
