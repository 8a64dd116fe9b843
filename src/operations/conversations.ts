import { randomUUID } from 'node:crypto';
import type { Activity } from 'botbuilder';
import type { Clock } from '../clock';
import { tie } from '../delivery/agentConversations';
import { WebexConnectNotFoundError, WebexConnectNotSupportedError } from '../errors';
import {
  type TranscriptLine,
  toReadableText,
  toTranscriptFile,
  toTranscriptLine,
} from '../protocol/transcript';
import type {
  BotConversationRecord,
  ConversationState,
  UntiedConversationRecord,
} from '../store/conversationRecord';
import type { DeliveryStore, Page } from '../store/deliveryStore';
import { FIRST_PAGE } from './firstPage';

/** One page of a transcript. */
export interface TranscriptPage {
  readonly lines: readonly TranscriptLine[];
  /** For the next page; `undefined` with the last. */
  readonly continuationToken?: string;
}

/** The conversations that are known, outside of a turn: `adapter.conversations`. */
export class Conversations {
  readonly #store: DeliveryStore;
  readonly #clock: Clock;
  readonly #channelId: string;
  readonly #wake: () => void;

  constructor(store: DeliveryStore, clock: Clock, channelId: string, wake: () => void) {
    this.#store = store;
    this.#clock = clock;
    this.#channelId = channelId;
    this.#wake = wake;
  }

  /**
   * What is known of a BOT conversation.
   *
   * @returns `undefined` when nothing is: without a `ConversationTracker` only conversations that were handed over or
   * closed, or that agents had to do with, are known.
   */
  async get(conversationId: string): Promise<BotConversationRecord | undefined> {
    const record = await this.#store.findConversation(conversationId);
    return record?.kind === 'bot' ? record : undefined;
  }

  /** Who has the conversation: the bot, unless it is known otherwise. */
  async state(conversationId: string): Promise<ConversationState> {
    return (await this.get(conversationId))?.phase.state ?? 'bot';
  }

  /** One page of BOT conversations in the order of their IDs; by default the first 100. */
  async list(page: Page = FIRST_PAGE): Promise<readonly BotConversationRecord[]> {
    return (await this.#store.listConversations('bot', page)).filter((record) => record.kind === 'bot');
  }

  /** One page of agents' conversations that nothing ties to a BOT conversation, in the order of their IDs. */
  async listUntied(page: Page = FIRST_PAGE): Promise<readonly UntiedConversationRecord[]> {
    return (await this.#store.listConversations('untied', page)).filter((record) => record.kind === 'untied');
  }

  /**
   * Makes an untied agent's conversation part of a BOT conversation, with all that was said in it, and all that will
   * be. It cannot be undone.
   *
   * @throws {WebexConnectNotFoundError} when one of them is not known.
   * @throws {WebexConnectNotSupportedError} when the agent's conversation belongs to another already, or is the bot's.
   */
  async tie(agentConversationId: string, botConversationId: string): Promise<void> {
    const at = this.#clock.now();
    const slip = { id: randomUUID(), at };
    const isTied = await this.#store.tieConversation(
      { channelId: this.#channelId, agentConversationId, botConversationId },
      tie({ agentConversationId, botConversationId, tiedBy: 'operator', at, slip }),
    );
    if (!isTied) throw await this.#whyNotTied(agentConversationId, botConversationId);
    this.#wake();
  }

  /**
   * One page of what was said in a conversation, in the order of the platform's times.
   *
   * @param continuationToken Of the page before; `undefined` for the first page.
   */
  async transcriptPage(conversationId: string, continuationToken?: string): Promise<TranscriptPage> {
    const page = await this.#store.transcripts.getTranscriptActivities(
      this.#channelId,
      conversationId,
      continuationToken,
    );
    const lines = page.items.flatMap((activity) => this.#toLine(activity) ?? []);
    return { lines, ...(page.continuationToken && { continuationToken: page.continuationToken }) };
  }

  /** All that was said in a conversation, in the order of the platform's times. Of a long one, rather read pages. */
  async transcript(conversationId: string): Promise<readonly TranscriptLine[]> {
    const lines: TranscriptLine[] = [];
    for await (const activity of this.activities(conversationId))
      lines.push(...[this.#toLine(activity) ?? []].flat());
    return lines;
  }

  /** The transcript to be read by people. */
  async transcriptText(conversationId: string): Promise<string> {
    return toReadableText(await this.transcript(conversationId));
  }

  /** The transcript as the content of a `.transcript` file, which Bot Framework Emulator opens. */
  async exportTranscript(conversationId: string): Promise<string> {
    const activities: Activity[] = [];
    for await (const activity of this.activities(conversationId)) activities.push(activity);
    return toTranscriptFile(activities);
  }

  /** The activities of a transcript one after the other, read page by page: the memory holds one page of them. */
  async *activities(conversationId: string): AsyncGenerator<Activity> {
    let token: string | undefined;
    do {
      const { transcripts } = this.#store;
      const page = await transcripts.getTranscriptActivities(this.#channelId, conversationId, token);
      yield* page.items;
      token = page.continuationToken || undefined;
    } while (token !== undefined);
  }

  #toLine(activity: Activity): TranscriptLine | undefined {
    return toTranscriptLine(activity, this.#clock.now());
  }

  async #whyNotTied(agentConversationId: string, botConversationId: string): Promise<Error> {
    const agent = await this.#store.findConversation(agentConversationId);
    if (agent === undefined) {
      return new WebexConnectNotFoundError(
        `No agent's conversation '${agentConversationId}' is known. List them with adapter.conversations.listUntied().`,
      );
    }
    if (agent.kind === 'untied') {
      return new WebexConnectNotFoundError(
        `No BOT conversation '${botConversationId}' is known. List them with adapter.conversations.list().`,
      );
    }
    const what = agent.kind === 'bot' ? "one of the bot's own" : `part of '${agent.botConversationId}'`;
    return new WebexConnectNotSupportedError(
      `The conversation '${agentConversationId}' is ${what}, and was left as it is. See conversations.listUntied().`,
    );
  }
}
