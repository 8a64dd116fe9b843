import { encodeEvent } from '../../../src/protocol/encodeEvent';
import type { HandoverPlatform } from './handoverPlatform';

/** Far more than anything takes: a life that stands still is to fail with a name. */
const AT_MOST_MS = 180_000;
const BOT_FIELD = 'BotConversationid';

/** Where a conversation is, as far as the platform knows. */
export type Chapter = 'bot' | 'handing over' | 'acknowledged' | 'agent' | 'agent is done';

/**
 * One customer's conversation as the platform plays it: each event after the one before it was taken. What has to come
 * of it is written down on the way.
 */
export class Storyline {
  readonly conversationId: string;
  /** What the customer has to get, in order. */
  readonly replies: string[] = [];
  /** What has to be in the transcript, in order. */
  readonly transcript: string[] = [];
  /** What the bot has to be told at least once. */
  readonly told: string[] = [];
  /** How its handovers have to end, in order. */
  readonly outcomes: ('completed' | 'failed')[] = [];
  chapter: Chapter = 'bot';
  readonly #platform: HandoverPlatform;
  readonly #urlsOf: () => readonly string[];

  constructor(platform: HandoverPlatform, conversationId: string, urlsOf: () => readonly string[]) {
    this.#platform = platform;
    this.conversationId = conversationId;
    this.#urlsOf = urlsOf;
  }

  /** The customer writes; the platform takes it for a message to the bot. */
  async says(text: string): Promise<void> {
    this.transcript.push(`customer: ${text}`);
    const { conversationId } = this;
    const event = {
      kind: 'message' as const,
      ...said(conversationId, text),
      conversationType: 'BOT',
      eventName: 'Incoming message',
    };
    await this.#post(event);
  }

  /** Somebody writes in the conversation with the agent. */
  async mirrors(
    author: 'agent' | 'customer',
    text: string,
    agentId: string,
    options: { readonly isTied: boolean } = { isTied: false },
  ): Promise<void> {
    this.transcript.push(`${author}: ${text}`);
    this.told.push(`${author} mirrored ${text}`);
    const { conversationId } = this;
    await this.#post({
      kind: 'mirroredMessage',
      ...said(agentId, text),
      conversationType: 'AGENT',
      eventName: author === 'agent' ? 'Agent message' : 'Incoming message',
      author,
      agentConversationId: agentId,
      tie: options.isTied ? { by: 'field', botConversationId: conversationId } : undefined,
      crossedHandover: false,
      postbackPayload: undefined,
    });
  }

  /** The bot has to say this to the customer, before anything that comes later in the story. */
  async hears(text: string): Promise<void> {
    this.transcript.push(`bot: ${text}`);
    await this.receives(text);
  }

  /** Like {@link hears}, for what is not said to the customer. */
  async receives(text: string): Promise<void> {
    this.replies.push(text);
    await this.#platform.waitFor(this.conversationId, text, AT_MOST_MS);
  }

  #post(event: Parameters<typeof encodeEvent>[0]): Promise<void> {
    return this.#platform.poster.postUntilTaken(JSON.stringify(encodeEvent(event, BOT_FIELD)), this.#urlsOf);
  }
}

function said(conversationId: string, text: string) {
  return {
    conversationId,
    channel: 'SMS',
    messageId: `${conversationId} ${text}`,
    // The platform's stamps have two digits of a second's fraction.
    timestamp: Math.floor(Date.now() / 10) * 10,
    text,
    messageType: 'TEXT',
    media: [],
  };
}
