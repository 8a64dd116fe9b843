import { WebexConnectConfigurationError } from '../errors';
import { AgentMirrorMiddleware, type AgentMirrorSettings } from '../middleware/agentMirrorMiddleware';
import { ConversationTracker } from '../middleware/conversationTracker';
import { HandoverMiddleware, type HandoverSettings } from '../middleware/handoverMiddleware';

/** What the middleware of this package, added with `adapter.use()`, asks of the adapter. */
export class Extensions {
  #tracksConversations = false;
  #mirror: AgentMirrorSettings | undefined;
  readonly #defaults = new HandoverMiddleware().settings;
  #handover: HandoverSettings | undefined;

  /** Whether every conversation has its record. */
  get tracksConversations(): boolean {
    return this.#tracksConversations;
  }

  /** How transcripts are written; `undefined` when none are. */
  get mirror(): AgentMirrorSettings | undefined {
    return this.#mirror;
  }

  get handover(): HandoverSettings {
    return this.#handover ?? this.#defaults;
  }

  /** @throws {WebexConnectConfigurationError} at a second `HandoverMiddleware`. */
  check(middleware: unknown): void {
    if (this.#handover === undefined || !(middleware instanceof HandoverMiddleware)) return;
    throw new WebexConnectConfigurationError('use', 'takes one HandoverMiddleware; give it several bridges');
  }

  /** Goes by what was added from now on. */
  notice(middleware: unknown): void {
    if (middleware instanceof ConversationTracker) this.#tracksConversations = true;
    if (middleware instanceof AgentMirrorMiddleware) this.#mirror = middleware.settings;
    if (middleware instanceof HandoverMiddleware) this.#handover = middleware.settings;
  }
}
