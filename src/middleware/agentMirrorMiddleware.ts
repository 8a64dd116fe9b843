import type { Middleware, TurnContext } from 'botbuilder';
import { z } from 'zod';
import { callback, readOptions } from '../optionSchema';
import type { TranscriptAuthor } from '../protocol/transcript';

/** What `redact` is shown of each thing that is said. */
export interface SpokenText {
  readonly author: TranscriptAuthor;
  readonly text: string;
  readonly conversationId: string;
}

/** Every option, its default and its description. */
export const agentMirrorOptionsSchema = z.strictObject({
  /** Returns the text as it may be kept. */
  redact: callback<(spoken: SpokenText) => string>()
    .optional()
    .describe(
      'Returns the text as it may be kept, such as without card numbers. What it throws at is kept without its text.',
    ),
});

/** Options of {@link AgentMirrorMiddleware}; each has a default. */
export type AgentMirrorMiddlewareOptions = z.input<typeof agentMirrorOptionsSchema>;

/** {@link AgentMirrorMiddlewareOptions} with every default filled in. */
export type AgentMirrorSettings = z.output<typeof agentMirrorOptionsSchema>;

/**
 * Collates what customer, bot and agent say into one transcript per BOT conversation, in the order of the platform's
 * times. The adapter that uses it writes each entry in the commit that stores the event or the message, before any
 * turn runs, so that a bot that throws loses nothing.
 *
 * Read it with `adapter.conversations.transcript(id)`, or as botbuilder's `TranscriptStore` with `store.transcripts`.
 */
export class AgentMirrorMiddleware implements Middleware {
  /** What the adapter goes by. */
  readonly settings: AgentMirrorSettings;

  /**
   * @param options All have defaults.
   * @throws {WebexConnectConfigurationError} when an option is wrong, with its path.
   */
  constructor(options: AgentMirrorMiddlewareOptions = {}) {
    this.settings = readOptions(agentMirrorOptionsSchema, options, 'AgentMirrorMiddleware');
  }

  /** Lets the turn pass: what is said is kept before its turn begins. */
  async onTurn(_context: TurnContext, next: () => Promise<void>): Promise<void> {
    await next();
  }
}
