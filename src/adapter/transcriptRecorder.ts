import type { Activity, Attachment } from 'botbuilder';
import { toPlatformTick } from '../delivery/platformTicks';
import type { AgentMirrorSettings } from '../middleware/agentMirrorMiddleware';
import { WEBEX_CONNECT_CHANNEL_ID } from '../protocol/eventNames';
import type { InboundEvent } from '../protocol/inboundEvent';
import type { ActivityStamp } from '../protocol/toActivity';
import type { TranscriptAuthor } from '../protocol/transcript';
import { type ReplyStamp, transcriptOfEvent, transcriptOfReply } from '../protocol/transcriptActivity';
import type { TranscriptEntry } from '../store/transcriptEntry';

/** Stands for a text that could not be made fit to be kept. */
const NOT_KEPT = '[not kept]';

/** Makes the entries of transcripts. Never throws: a transcript must not cost a turn, nor an event. */
export class TranscriptRecorder {
  readonly #settings: () => AgentMirrorSettings | undefined;
  readonly #onFailure: (conversationId: string, error: unknown) => void;

  /**
   * @param settings `undefined` when no transcripts are kept.
   * @param onFailure Told of what an option's function throws.
   */
  constructor(
    settings: () => AgentMirrorSettings | undefined,
    onFailure: (conversationId: string, error: unknown) => void,
  ) {
    this.#settings = settings;
    this.#onFailure = onFailure;
  }

  get isOn(): boolean {
    return this.#settings() !== undefined;
  }

  /**
   * @param key What a repeat is known by. A `Messageid` is unique in its own conversation alone, and a BOT conversation
   * has several of agents.
   * @param conversationId The conversation in which the event takes its turn.
   */
  ofEvent(
    event: InboundEvent,
    key: string,
    conversationId: string,
    stamp: ActivityStamp,
  ): TranscriptEntry | undefined {
    return this.#attempt(conversationId, () => {
      const spoken = transcriptOfEvent(event, stamp);
      if (spoken === undefined) return undefined;
      const author = event.kind === 'mirroredMessage' ? event.author : 'customer';
      return this.#toEntry(spoken, key, author, conversationId);
    });
  }

  /** What the bot says, as the customer sees it. */
  ofReply(activity: Partial<Activity>, stamp: ReplyStamp): TranscriptEntry | undefined {
    return this.#attempt(stamp.conversationId, () => {
      const spoken = transcriptOfReply(activity, stamp);
      return this.#toEntry(spoken, stamp.id, 'bot', stamp.conversationId);
    });
  }

  /** Options' functions take part in it, and may throw. */
  #attempt(conversationId: string, make: () => TranscriptEntry | undefined): TranscriptEntry | undefined {
    if (!this.isOn) return undefined;
    try {
      return make();
    } catch (error) {
      this.#onFailure(conversationId, error);
      return undefined;
    }
  }

  #toEntry(
    spoken: Partial<Activity>,
    key: string,
    author: TranscriptAuthor,
    conversationId: string,
  ): TranscriptEntry {
    const kept = this.#redacted(spoken, author, conversationId);
    return {
      channelId: WEBEX_CONNECT_CHANNEL_ID,
      conversationId,
      activityId: key,
      type: kept.type ?? 'message',
      // All are cut alike, whoever has stamped them, or an answer would stand before what it answers; what falls
      // together stands in the order in which it was stored.
      happenedAt: kept.timestamp && toPlatformTick(kept.timestamp.getTime()),
      json: JSON.stringify(kept),
    };
  }

  #redacted(spoken: Partial<Activity>, author: TranscriptAuthor, conversationId: string): Partial<Activity> {
    const redact = this.#settings()?.redact;
    if (redact === undefined) return spoken;
    const redactText = (text: string) => mustBeText(redact({ author, text, conversationId }));
    try {
      const attachments = spoken.attachments?.map((attachment) => redactAttachment(attachment, redactText));
      return { ...spoken, text: redactText(spoken.text ?? ''), ...(attachments && { attachments }) };
    } catch (error) {
      this.#onFailure(conversationId, error);
      return { ...spoken, text: NOT_KEPT, attachments: [] };
    }
  }
}

/** A caption stands in the name. What has no known shape may hold anything, and is not kept. */
function redactAttachment(
  { contentType, contentUrl, name }: Attachment,
  redactText: (text: string) => string,
): Attachment {
  return {
    contentType,
    ...(contentUrl !== undefined && { contentUrl }),
    ...(name !== undefined && { name: redactText(name) }),
  };
}

function mustBeText(redacted: unknown): string {
  if (typeof redacted === 'string') return redacted;
  throw new TypeError('redact must return a text, and no promise.');
}
