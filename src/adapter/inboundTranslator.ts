import type { Activity } from 'botbuilder';
import { z } from 'zod';
import type { HandoffStatusPayload } from '../delivery/handoffNotice';
import type { DeliveryFailedPayload } from '../delivery/outboxSender';
import { type DecodeSettings, decodeEvent, type EventSketch, isBotType } from '../protocol/decodeEvent';
import { handoffStatusActivity } from '../protocol/handoffStatus';
import type { DecodeResult, InboundEvent } from '../protocol/inboundEvent';
import { type JsonValue, parseBody } from '../protocol/json';
import { type ActivityStamp, deliveryFailedActivity, toActivity } from '../protocol/toActivity';
import type { ClaimedTurn, DeliveryStore, NewInboxEvent } from '../store/deliveryStore';
import { DecodedEvents } from './decodedEvents';

const deliveryFailedPayload: z.ZodType<DeliveryFailedPayload> = z.object({
  deadLetterId: z.string(),
  activityId: z.string(),
  reason: z.string(),
  attempts: z.number(),
});

const handoffStatusPayload: z.ZodType<HandoffStatusPayload> = z.object({
  handoverId: z.string(),
  state: z.enum(['accepted', 'completed', 'failed']),
  message: z.string(),
  agentConversationId: z.string().exactOptional(),
});

/** Settings of {@link InboundTranslator}. */
export interface InboundTranslatorSettings extends DecodeSettings {
  readonly botId: string;
  readonly userId: (event: InboundEvent) => string;
  readonly isEcho: (event: EventSketch) => boolean;
}

/**
 * Makes the activity of a stored event. The event is decoded from the body as it came, so that a replay after a
 * changed option, or a better release, reads it anew.
 */
export class InboundTranslator {
  readonly #settings: InboundTranslatorSettings;
  readonly #store: DeliveryStore;
  readonly #decoded = new DecodedEvents();

  constructor(settings: InboundTranslatorSettings, store: DeliveryStore) {
    this.#settings = settings;
    this.#store = store;
  }

  /** Decodes one event; the bot's own message sent back is none. */
  decode(value: JsonValue, receivedAt: number): DecodeResult {
    const result = decodeEvent(value, this.#settings, receivedAt);
    return result.kind === 'event' && this.#settings.isEcho(result.event) ? { kind: 'notEvent' } : result;
  }

  /** Spares the next turn of this event the decoding. */
  keep(eventId: string, event: InboundEvent): void {
    this.#decoded.keep(eventId, event);
  }

  /** Decodes what `decode` has read before. @throws {Error} when it is no event under today's options. */
  decodeStored(stored: NewInboxEvent): InboundEvent {
    const kept = this.#decoded.take(stored.id);
    if (kept !== undefined) return kept;
    const parsed = parseBody(stored.payload);
    const decoded = parsed.kind === 'json' ? this.decode(parsed.value, stored.receivedAt) : undefined;
    if (decoded?.kind === 'event') return decoded.event;
    throw new Error('The stored event cannot be read any more; was an option of `translation` changed?');
  }

  /** Whether the platform says that the event is of a conversation with the bot. */
  isBotConversation(event: InboundEvent): boolean {
    return isBotType(event.conversationType, this.#settings);
  }

  stampOf(eventId: string, receivedAt: number): ActivityStamp {
    const { botId, userId } = this.#settings;
    return { eventId, receivedAt, botId, userId };
  }

  /** The activity of a platform's event, in the conversation in which it takes its turn. */
  toActivity(turn: ClaimedTurn, event: InboundEvent): Partial<Activity> | Promise<Partial<Activity>> {
    if (event.kind !== 'messageDelivery' || event.messageId === undefined)
      return this.#toActivity(turn, event, undefined);
    return this.#store
      .findActivityId(event.conversationId, event.messageId)
      .then((replyToId) => this.#toActivity(turn, event, replyToId));
  }

  #toActivity(
    { event: stored, conversation }: ClaimedTurn,
    event: InboundEvent,
    replyToId: string | undefined,
  ): Partial<Activity> {
    // What is kept apart has a record that says so.
    const isApart = conversation !== undefined && conversation.kind !== 'bot';
    return toActivity(event, {
      replyToId,
      tiedTo: isApart ? undefined : stored.conversationId,
      ...this.stampOf(stored.id, stored.receivedAt),
    });
  }

  /** @throws {Error} when the stored payload is none of ours. */
  deliveryFailed({ id, conversationId, receivedAt, payload }: NewInboxEvent): Partial<Activity> {
    const value = deliveryFailedPayload.parse(JSON.parse(payload));
    return deliveryFailedActivity(conversationId, value, this.stampOf(id, receivedAt));
  }

  /** @throws {Error} when the stored payload is none of ours. */
  handoffStatus({ id, conversationId, receivedAt, payload }: NewInboxEvent): {
    readonly activity: Partial<Activity>;
    readonly state: HandoffStatusPayload['state'];
  } {
    const value = handoffStatusPayload.parse(JSON.parse(payload));
    const activity = handoffStatusActivity(conversationId, value, this.stampOf(id, receivedAt));
    return { activity, state: value.state };
  }
}
