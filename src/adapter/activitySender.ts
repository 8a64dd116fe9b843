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

interface PlannedActivity {
  readonly activity: Partial<Activity>;
  readonly conversationId: string;
  readonly translation: OutboundTranslation;
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
    const plan = activities.map((activity) => this.#plan(context, activity));
    const handle = TurnHandle.of(context);
    const responses: ResourceResponse[] = [];
    let batch: NewOutboxMessage[] = [];
    const flush = async () => {
      const messages = batch;
      batch = [];
      await this.#parts.engine.stage(messages, handle.claimed);
    };

    for (const planned of plan) {
      const { activity, conversationId, translation } = planned;
      if (translation.kind === 'wire' || translation.kind === 'close') {
        const activityId = handle.nextActivityId();
        batch.push(...this.#messages(activityId, conversationId, translation.payloads, handle));
        responses.push({ id: activityId });
      } else {
        responses.push({ id: activity.id ?? '' });
      }
      if (translation.kind === 'close' || translation.kind === 'delay') await flush();
      await this.#carryOut(context, planned);
    }
    await flush();
    return responses;
  }

  #plan(context: TurnContext, activity: Partial<Activity>): PlannedActivity {
    const conversationId = activity.conversation?.id ?? context.activity?.conversation?.id;
    if (!conversationId) {
      throw new WebexConnectInvalidActivityError(
        'activity.conversation.id is missing. Send through a turn context, or copy the conversation reference.',
      );
    }
    const { settings, clock } = this.#parts;
    return {
      activity,
      conversationId,
      translation: fromActivity(activity, conversationId, clock.now(), settings),
    };
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
  async #carryOut(context: TurnContext, planned: PlannedActivity): Promise<void> {
    const { store, clock, counters, logger } = this.#parts;
    const { activity, conversationId, translation } = planned;
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
