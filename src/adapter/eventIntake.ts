import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import { observeUntied } from '../delivery/agentConversations';
import { observe } from '../delivery/conversationLife';
import type { Sighting } from '../delivery/conversationRecords';
import type { Acceptance, DeliveryEngine } from '../delivery/deliveryEngine';
import { StoreUnavailableError } from '../errors';
import { customParamsOf } from '../protocol/customParams';
import { dedupeKey } from '../protocol/dedupeKey';
import type { InboundEvent } from '../protocol/inboundEvent';
import type { ConversationStep, NewInboxEvent } from '../store/deliveryStore';
import type { EventPlacement, Placement } from './eventPlacement';
import type { Extensions } from './extensions';
import type { InboundTranslator } from './inboundTranslator';
import type { TranscriptRecorder } from './transcriptRecorder';

/** A tie that is made while an event comes in sends the event elsewhere; more often than this cannot be chance. */
const MAX_PLACEMENTS = 5;

const BELIEVABLE_WITHIN_MS = 2 * 60 * 60 * 1000;

/** What {@link EventIntake} works with. */
export interface EventIntakeParts {
  readonly engine: DeliveryEngine;
  readonly placement: EventPlacement;
  readonly translator: InboundTranslator;
  readonly recorder: TranscriptRecorder;
  readonly extensions: Extensions;
  readonly clock: Clock;
}

/** What an event was read from. */
export interface EventOrigin {
  readonly body: string;
  readonly receivedAt: number;
  /** A `traceparent`; `undefined` where nothing is traced. */
  readonly traceContext: string | undefined;
  /** By what a repeat is known of an event that says nothing to know it by. */
  readonly fallbackKey?: string;
}

/** Stores events: in the right conversation, with what they do to it and with their place in its transcript. */
export class EventIntake {
  readonly #parts: EventIntakeParts;

  constructor(parts: EventIntakeParts) {
    this.#parts = parts;
  }

  /**
   * @param id The event's own; its turn goes by it.
   * @throws {StoreUnavailableError} when nothing was stored.
   */
  async accept(
    id: string,
    event: InboundEvent,
    { body, receivedAt, traceContext, fallbackKey }: EventOrigin,
  ): Promise<Exclude<Acceptance, 'refused'>> {
    const stored = {
      id,
      payload: body,
      dedupeKey: dedupeKey(event) ?? fallbackKey,
      receivedAt,
      traceContext,
    };
    for (let placements = 0; placements < MAX_PLACEMENTS; placements++) {
      // The store is asked only when it is in doubt: most events are plainly of a conversation with the bot.
      const place = await this.#parts.placement.of(event, placements > 0);
      const outcome = await this.#acceptAt(place, event, stored);
      if (outcome === 'stored') this.#parts.translator.keep(id, event);
      if (outcome !== 'refused') return outcome;
    }
    throw new StoreUnavailableError('The conversation of an event was tied anew each time it was looked at.');
  }

  #acceptAt(
    place: Placement,
    event: InboundEvent,
    stored: Omit<NewInboxEvent, 'conversationId' | 'source'>,
  ): Promise<Acceptance> {
    const { engine, recorder, translator } = this.#parts;
    const { conversationId } = place;
    const { id, receivedAt } = stored;
    const tiedTo = place.kind === 'bot' ? conversationId : undefined;
    const stamp = { tiedTo, ...translator.stampOf(id, receivedAt) };
    return engine.accept(
      { conversationId, source: 'platform', ...stored },
      {
        conversation: this.#stepOf(place, event, stored),
        transcript: recorder.ofEvent(event, stored.dedupeKey ?? id, conversationId, stamp),
      },
    );
  }

  /** What the event shows is read only where the store asks for it: most events find the bot where it always was. */
  #stepOf(
    place: Placement,
    event: InboundEvent,
    { receivedAt, traceContext }: Pick<NewInboxEvent, 'receivedAt' | 'traceContext'>,
  ): ConversationStep {
    const { extensions, clock } = this.#parts;
    const { conversationId } = place;
    if (place.kind === 'untied') {
      const { isAgents } = place;
      const sighting = toSighting(event, receivedAt);
      return { when: 'always', update: observeUntied({ conversationId, sighting, isAgents }) };
    }
    const { fact } = place;
    const isAgents = fact.kind !== 'customerToBot' && fact.kind !== 'other';
    const slip = { id: randomUUID(), at: clock.now(), traceContext };
    const observation = () => ({
      conversationId,
      fact,
      sighting: toSighting(event, receivedAt),
      clockToleranceMs: extensions.handover.clockToleranceMs,
      slip,
    });
    return {
      when: extensions.tracksConversations || isAgents ? 'always' : 'ifEventful',
      update: (known) => observe(observation())(known),
    };
  }
}

function toSighting(event: InboundEvent, receivedAt: number): Sighting {
  return {
    event: event.eventName || event.kind,
    messageId: event.messageId,
    channel: event.channel,
    customParams: customParamsOf(event.payload),
    at: writtenAt(event, receivedAt),
    receivedAt,
  };
}

/**
 * The time that decides who has the conversation: the platform's, unless it cannot be. It retries for an hour, so a
 * stamp further away comes from a clock, or a time zone, that is wrong (assumption).
 */
export function writtenAt({ timestamp }: InboundEvent, receivedAt: number): number {
  const isBelievable = timestamp !== undefined && Math.abs(receivedAt - timestamp) <= BELIEVABLE_WITHIN_MS;
  return isBelievable ? timestamp : receivedAt;
}
