import { type Activity, INVOKE_RESPONSE_KEY, type ResourceResponse, type TurnContext } from 'botbuilder';
import { type Clock, sleep } from '../clock';
import type { DeliveryEngine } from '../delivery/deliveryEngine';
import { WebexConnectInvalidActivityError } from '../errors';
import type { Logger } from '../logger';
import type { Counters } from '../operations/counters';
import { fromActivity, type OutboundSettings, type OutboundTranslation } from '../protocol/fromActivity';
import type { JsonObject } from '../protocol/json';
import type { DeliveryStore, NewOutboxMessage } from '../store/deliveryStore';
import { TurnHandle } from './turnHandle';

/** The name of the destination that is the integration's webhook. */
export const WEBHOOK_DESTINATION = 'webhook';

interface AddressedActivity {
  readonly activity: Partial<Activity>;
  readonly conversationId: string;
}

/** What {@link ActivitySender} works with. */
export interface ActivitySenderParts {
  readonly engine: DeliveryEngine;
  readonly store: DeliveryStore;
  readonly settings: OutboundSettings;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
}

/** Turns the activities that a bot sends into stored messages. */
export class ActivitySender {
  readonly #parts: ActivitySenderParts;

  constructor(parts: ActivitySenderParts) {
    this.#parts = parts;
  }

  /**
   * Stores the activities for delivery, in order. All are translated before the first is stored, so that a wrong
   * one among them sends nothing.
   *
   * @returns One response per activity, in order. What goes on the wire gets an id that is stable across retries.
   * @throws {WebexConnectInvalidActivityError} when an activity names no conversation or is wrong.
   */
  async send(context: TurnContext, activities: readonly Partial<Activity>[]): Promise<ResourceResponse[]> {
    const addressed = activities.map((activity, index) => address(context, activity, index));
    for (const one of addressed) this.#translate(one);
    const handle = TurnHandle.of(context);
    return handle.inOrder(() => this.#store(context, addressed, handle));
  }

  async #store(
    context: TurnContext,
    addressed: readonly AddressedActivity[],
    handle: TurnHandle,
  ): Promise<ResourceResponse[]> {
    const responses: ResourceResponse[] = [];
    let batch: NewOutboxMessage[] = [];
    const flush = async () => {
      const messages = batch;
      batch = [];
      await this.#parts.engine.stage(messages, handle.claimed);
    };

    for (const one of addressed) {
      // Only now: what stands behind a delay is stamped with the time at which it is stored.
      const translation = this.#translate(one);
      if (translation.kind === 'wire' || translation.kind === 'close') {
        const activityId = handle.nextActivityId();
        batch.push(...this.#messages(activityId, one.conversationId, translation.payloads, handle));
        responses.push({ id: activityId });
      } else {
        responses.push({ id: one.activity.id ?? '' });
      }
      if (translation.kind === 'close' || translation.kind === 'delay') await flush();
      await this.#carryOut(context, one, translation);
    }
    await flush();
    return responses;
  }

  #translate({ activity, conversationId }: AddressedActivity): OutboundTranslation {
    const { settings, clock } = this.#parts;
    return fromActivity(activity, conversationId, clock.now(), settings);
  }

  #messages(
    activityId: string,
    conversationId: string,
    payloads: readonly JsonObject[],
    handle: TurnHandle,
  ): NewOutboxMessage[] {
    return payloads.map((payload, index) => ({
      id: payloads.length === 1 ? activityId : `${activityId}-${index + 1}`,
      activityId,
      conversationId,
      destination: WEBHOOK_DESTINATION,
      body: JSON.stringify(payload),
      stagedAt: this.#parts.clock.now(),
      reportsFailure: handle.reportsFailures,
    }));
  }

  /** What an activity does beside going on the wire. */
  async #carryOut(
    context: TurnContext,
    { activity, conversationId }: AddressedActivity,
    translation: OutboundTranslation,
  ): Promise<void> {
    const { store, clock, counters, logger } = this.#parts;
    switch (translation.kind) {
      case 'wire':
        return;
      case 'close':
        return store.closeConversation(conversationId, clock.now());
      case 'delay':
        return sleep(clock, translation.delayMs);
      case 'invokeResponse':
        context.turnState.set(INVOKE_RESPONSE_KEY, activity);
        return;
      case 'silent':
        counters.add('activities_silent_total');
        return;
      case 'unsupported':
        counters.add('activities_unsupported_total');
        logger.warn('webex-connect: an activity was not sent', {
          conversationId,
          reason: translation.reason,
        });
    }
  }
}

function address(context: TurnContext, activity: Partial<Activity>, index: number): AddressedActivity {
  if (typeof activity !== 'object' || activity === null) {
    throw new TypeError(`\`activities[${index}]\` must be an object`);
  }
  const conversationId = activity.conversation?.id ?? context.activity?.conversation?.id;
  if (conversationId) return { activity, conversationId };
  throw new WebexConnectInvalidActivityError(
    'activity.conversation.id is missing. Send through a turn context, or copy the conversation reference.',
  );
}
