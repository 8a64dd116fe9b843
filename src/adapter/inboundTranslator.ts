import type { Activity } from 'botbuilder';
import { z } from 'zod';
import type { DeliveryFailedPayload } from '../delivery/outboxSender';
import { type DecodeSettings, decodeEvent, type EventSketch } from '../protocol/decodeEvent';
import type { DecodeResult, InboundEvent } from '../protocol/inboundEvent';
import { type JsonValue, parseBody } from '../protocol/json';
import { deliveryFailedActivity, toActivity } from '../protocol/toActivity';
import type { DeliveryStore, NewInboxEvent } from '../store/deliveryStore';

const deliveryFailedPayload: z.ZodType<DeliveryFailedPayload> = z.object({
  deadLetterId: z.string(),
  activityId: z.string(),
  reason: z.string(),
  attempts: z.number(),
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

  constructor(settings: InboundTranslatorSettings, store: DeliveryStore) {
    this.#settings = settings;
    this.#store = store;
  }

  /** Decodes one event; the bot's own message sent back is none. */
  decode(value: JsonValue, receivedAt: number): DecodeResult {
    const result = decodeEvent(value, this.#settings, receivedAt);
    return result.kind === 'event' && this.#settings.isEcho(result.event) ? { kind: 'notEvent' } : result;
  }

  /** @throws {Error} when the stored body is no event under today's options. */
  async toActivity(stored: NewInboxEvent): Promise<Partial<Activity>> {
    const { id: eventId, receivedAt, conversationId } = stored;
    const { botId, userId } = this.#settings;
    if (stored.source === 'deliveryFailed') {
      const value = deliveryFailedPayload.parse(JSON.parse(stored.payload));
      return deliveryFailedActivity(conversationId, value, { eventId, receivedAt, botId });
    }
    const event = this.#decodeStored(stored);
    const replyToId = await this.#correlate(event);
    return toActivity(event, {
      eventId,
      receivedAt,
      botId,
      userId,
      ...(replyToId !== undefined && { replyToId }),
    });
  }

  #decodeStored(stored: NewInboxEvent): InboundEvent {
    const parsed = parseBody(stored.payload);
    const decoded = parsed.kind === 'json' ? this.decode(parsed.value, stored.receivedAt) : undefined;
    if (decoded?.kind === 'event') return decoded.event;
    throw new Error('The stored event cannot be read any more; was an option of `translation` changed?');
  }

  async #correlate(event: InboundEvent): Promise<string | undefined> {
    if (event.kind !== 'messageDelivery' || event.messageId === undefined) return undefined;
    return this.#store.findActivityId(event.conversationId, event.messageId);
  }
}
