import { type Activity, INVOKE_RESPONSE_KEY, type ResourceResponse, type TurnContext } from 'botbuilder';
import { type Clock, sleep } from '../clock';
import { close } from '../delivery/conversationLife';
import type { DeliveryEngine, StageWith } from '../delivery/deliveryEngine';
import { WEBHOOK_DESTINATION } from '../delivery/destinations';
import { WebexConnectHandedOverError, WebexConnectInvalidActivityError } from '../errors';
import type { Logger } from '../logger';
import type { Counters } from '../operations/counters';
import type { Telemetry } from '../operations/telemetry/telemetry';
import { fromActivity, type OutboundSettings, type OutboundTranslation } from '../protocol/fromActivity';
import type { JsonObject } from '../protocol/json';
import type { NewOutboxMessage } from '../store/deliveryStore';
import type { TranscriptEntry } from '../store/transcriptEntry';
import type { Extensions } from './extensions';
import type { HandoverComposer } from './handoverComposer';
import type { TranscriptRecorder } from './transcriptRecorder';
import { TurnHandle } from './turnHandle';

interface AddressedActivity {
  readonly activity: Partial<Activity>;
  readonly conversationId: string;
}

interface TranslatedActivity extends AddressedActivity {
  readonly translation: OutboundTranslation;
}

/** What one commit is to store: messages of one conversation, and what goes along with them. */
interface Batch {
  readonly conversationId: string;
  readonly messages: NewOutboxMessage[];
  readonly transcript: TranscriptEntry[];
  /** Where the responses of its activities stand. */
  readonly responses: number[];
}

/** What {@link ActivitySender} works with. */
export interface ActivitySenderParts {
  readonly engine: DeliveryEngine;
  readonly settings: OutboundSettings;
  readonly botId: string;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly extensions: Extensions;
  readonly composer: HandoverComposer;
  readonly recorder: TranscriptRecorder;
  readonly telemetry: Pick<Telemetry, 'originOf'>;
}

/** Turns the activities that a bot sends into stored messages, as long as the bot has the conversation (I6). */
export class ActivitySender {
  readonly #parts: ActivitySenderParts;

  constructor(parts: ActivitySenderParts) {
    this.#parts = parts;
  }

  /**
   * Stores the activities for delivery, in order. All are translated before the first is stored, so that a wrong
   * one among them sends nothing.
   *
   * @returns One response per activity, in order. What goes on the wire gets an id that is stable across retries; what
   * is held back because an agent has the conversation gets an empty one.
   * @throws {WebexConnectInvalidActivityError} when an activity names no conversation or is wrong.
   * @throws {WebexConnectHandedOverError} when an agent has the conversation, and the option says so.
   */
  send(context: TurnContext, activities: readonly Partial<Activity>[]): Promise<ResourceResponse[]> {
    const addressed = activities.map((activity, index) => address(context, activity, index));
    const handle = TurnHandle.of(context);
    return handle.inOrder(async () => {
      const translated = addressed.map((one) => ({ translation: this.#translate(one), ...one }));
      for (const { conversationId, translation } of translated) {
        if (translation.kind === 'handover') await this.#parts.composer.check(conversationId, translation);
      }
      return this.#store(context, translated, handle);
    });
  }

  async #store(
    context: TurnContext,
    activities: readonly TranslatedActivity[],
    handle: TurnHandle,
  ): Promise<ResourceResponse[]> {
    const responses: ResourceResponse[] = [];
    let batch: Batch | undefined;
    const flush = (): Promise<void> | undefined => {
      const full = batch;
      batch = undefined;
      return full && this.#stageReplies(full, handle, responses);
    };

    let isDelayed = false;
    for (const one of activities) {
      // What stands behind a delay is stamped with the time at which it is stored.
      const translation: OutboundTranslation = isDelayed ? this.#translate(one) : one.translation;
      isDelayed ||= translation.kind === 'delay';
      const { conversationId } = one;
      const goesAlone = translation.kind !== 'wire' && translation.kind !== 'silent';
      if (goesAlone || conversationId !== batch?.conversationId) await flush();
      if (translation.kind === 'wire') {
        batch ??= { conversationId, messages: [], transcript: [], responses: [] };
        responses.push(this.#addReply(batch, one, translation.payloads, handle, responses.length));
        continue;
      }
      responses.push(await this.#carryOut(context, one, translation, handle));
    }
    await flush();
    return responses;
  }

  #translate({ activity, conversationId }: AddressedActivity): OutboundTranslation {
    const { settings, clock } = this.#parts;
    return fromActivity(activity, conversationId, clock.now(), settings);
  }

  #addReply(
    batch: Batch,
    { activity, conversationId }: AddressedActivity,
    payloads: readonly JsonObject[],
    handle: TurnHandle,
    position: number,
  ): ResourceResponse {
    const { recorder, botId, clock } = this.#parts;
    const id = handle.nextActivityId();
    batch.messages.push(...this.#messages(id, conversationId, payloads, handle));
    batch.responses.push(position);
    const text = payloads.flatMap(({ message }) => (typeof message === 'string' ? [message] : [])).join('\n');
    const entry = recorder.ofReply(activity, { id, conversationId, botId, time: clock.now(), text });
    if (text !== '' && entry !== undefined) batch.transcript.push(entry);
    return { id };
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
      role: 'message',
      reportsFailure: handle.reportsFailures,
    }));
  }

  async #stageReplies(
    { conversationId, messages, transcript, responses: positions }: Batch,
    handle: TurnHandle,
    responses: ResourceResponse[],
  ): Promise<void> {
    const gate = { kind: 'whileBotHasIt', conversationId } as const;
    if (await this.#stage(messages, handle, conversationId, { gate, transcript }, positions.length)) return;
    for (const position of positions) responses[position] = { id: '' };
  }

  /** @returns Whether it was stored; if not, an agent has the conversation. */
  async #stage(
    messages: readonly NewOutboxMessage[],
    handle: TurnHandle,
    conversationId: string,
    along: StageWith,
    activities = 1,
  ): Promise<boolean> {
    const { engine, counters, logger, extensions, telemetry } = this.#parts;
    const { traceContext, eventReceivedAt } = telemetry.originOf(handle.claimed);
    const traced = messages.map((message) => ({ traceContext, eventReceivedAt, ...message }));
    // Even if the handover has failed by now: a race must not decide whether the customer reads what followed it.
    const isStaged =
      !handle.hasHandedOver(conversationId) &&
      (await engine.stage(traced, handle.claimed, along)) === 'staged';
    if (isStaged) return true;
    counters.add('messages_suppressed_total', activities);
    logger.warn('webex-connect: an agent has the conversation; what the bot says is held back', {
      conversationId,
      activities,
    });
    if (extensions.handover.whileAgentHasIt === 'throw')
      throw new WebexConnectHandedOverError(conversationId);
    return false;
  }

  /** What an activity does that is no reply. */
  async #carryOut(
    context: TurnContext,
    { activity, conversationId }: AddressedActivity,
    translation: Exclude<OutboundTranslation, { kind: 'wire' }>,
    handle: TurnHandle,
  ): Promise<ResourceResponse> {
    const { clock, counters, logger, composer } = this.#parts;
    const unsent = { id: activity.id ?? '' };
    switch (translation.kind) {
      case 'handover': {
        const id = handle.nextActivityId();
        const composed = await composer.compose(id, conversationId, translation, handle.reportsFailures);
        const isStored = await this.#stage(composed.messages, handle, conversationId, {
          gate: composed.gate,
        });
        if (isStored) {
          handle.handsOver(conversationId);
          counters.add('handovers_requested_total');
        }
        return { id: isStored ? id : '' };
      }
      case 'close': {
        const id = handle.nextActivityId();
        const messages = this.#messages(id, conversationId, translation.payloads, handle);
        const update = close(conversationId, clock.now());
        const gate = { kind: 'change', conversationId, update } as const;
        return { id: (await this.#stage(messages, handle, conversationId, { gate })) ? id : '' };
      }
      case 'delay':
        await sleep(clock, translation.delayMs);
        return unsent;
      case 'invokeResponse':
        context.turnState.set(INVOKE_RESPONSE_KEY, activity);
        return unsent;
      case 'silent':
        counters.add('activities_silent_total');
        return unsent;
      case 'unsupported':
        counters.add('activities_unsupported_total');
        logger.warn('webex-connect: an activity was not sent', {
          conversationId,
          reason: translation.reason,
        });
        return unsent;
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
