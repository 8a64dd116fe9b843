import type { Clock } from '../clock';
import { requestHandover } from '../delivery/conversationLife';
import { WebexConnectInvalidActivityError } from '../errors';
import { destinationName } from '../middleware/handoverMiddleware';
import { WEBEX_CONNECT_CHANNEL_ID } from '../protocol/eventNames';
import type { HandoffInitiation } from '../protocol/handoffInitiation';
import { isJsonObject, parseBody, toJsonValue } from '../protocol/json';
import type { HourClock } from '../protocol/timestamps';
import { type TranscriptLine, toTranscriptLine } from '../protocol/transcript';
import type { DeliveryStore, NewOutboxMessage, StageGate } from '../store/deliveryStore';
import type { Extensions } from './extensions';

/** What is stored of a handover, in one commit. */
export interface ComposedHandover {
  readonly messages: readonly NewOutboxMessage[];
  readonly gate: StageGate;
}

/** Lines of the collated transcript that a bridge is given: no contact centre shows an agent more. */
const TRANSCRIPT_LINES = 50;

/** Has the bridges write a handover down. */
export class HandoverComposer {
  readonly #store: DeliveryStore;
  readonly #clock: Clock;
  readonly #extensions: Extensions;
  readonly #hourClock: HourClock;

  constructor(store: DeliveryStore, clock: Clock, extensions: Extensions, hourClock: HourClock) {
    this.#store = store;
    this.#clock = clock;
    this.#extensions = extensions;
    this.#hourClock = hourClock;
  }

  /** @throws {WebexConnectInvalidActivityError} when a bridge cannot write it, as far as can be seen by now. */
  async check(conversationId: string, initiation: HandoffInitiation): Promise<void> {
    await this.#write('check', conversationId, initiation);
  }

  /** @param reportsFailure See `NewOutboxMessage`. */
  async compose(
    id: string,
    conversationId: string,
    initiation: HandoffInitiation,
    reportsFailure: boolean,
  ): Promise<ComposedHandover> {
    const bodies = await this.#write(id, conversationId, initiation);
    const stagedAt = this.#clock.now();
    const messages = bodies.map(
      ({ destination, body }, index): NewOutboxMessage => ({
        id: bodies.length === 1 ? id : `${id}-${index + 1}`,
        activityId: id,
        conversationId,
        destination,
        body,
        stagedAt,
        // The first bridge's decides what becomes of the handover.
        role: index === 0 ? 'handover' : 'handoverCopy',
        reportsFailure,
      }),
    );
    const update = requestHandover(conversationId, id, stagedAt);
    return { messages, gate: { kind: 'change', conversationId, update } };
  }

  async #write(
    id: string,
    conversationId: string,
    { context, customParams, transcript }: HandoffInitiation,
  ): Promise<readonly { readonly destination: string; readonly body: string }[]> {
    const request = {
      id,
      conversationId,
      channel: await this.#channelOf(conversationId),
      requestedAt: this.#clock.now(),
      context,
      transcript: transcript ?? (await this.#collated(conversationId)),
      customParams,
    };
    const conventions = { hourClock: this.#hourClock };
    return this.#extensions.handover.bridges.map((bridge) => {
      const destination = destinationName(bridge);
      return { destination, body: bodyOf(bridge.compose(request, conventions), destination) };
    });
  }

  async #channelOf(conversationId: string): Promise<string | undefined> {
    const record = await this.#store.findConversation(conversationId);
    return record?.kind === 'bot' ? record.channel : undefined;
  }

  async #collated(conversationId: string): Promise<readonly TranscriptLine[]> {
    if (this.#extensions.mirror === undefined) return [];
    const recent = await this.#store.recentTranscript(
      WEBEX_CONNECT_CHANNEL_ID,
      conversationId,
      TRANSCRIPT_LINES,
    );
    return recent.flatMap((json) => {
      const parsed = parseBody(json);
      return (parsed.kind === 'json' && toTranscriptLine(parsed.value, this.#clock.now())) || [];
    });
  }
}

/** A bridge may be anybody's: what it makes is looked at before the customer is handed over with it. */
function bodyOf(composed: unknown, destination: string): string {
  const body = composed instanceof Promise ? undefined : toJsonValue(composed);
  if (body !== undefined && isJsonObject(body)) return JSON.stringify(body);
  throw new WebexConnectInvalidActivityError(
    `The handover was not sent: the bridge to '${destination}' composed no JSON object; compose() must return one, ` +
      'and no promise.',
  );
}
