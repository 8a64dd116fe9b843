import { randomUUID } from 'node:crypto';
import { StoreUnavailableError, WebexConnectNotSupportedError } from '../errors';
import type { InboundEvent } from '../protocol/inboundEvent';
import { parseBody } from '../protocol/json';
import type { NewQuarantinedRequest } from '../store/deliveryStore';
import type { AdapterParts } from './adapterParts';
import { newEventId } from './eventId';
import type { EventOrigin } from './eventIntake';
import { headerOf, type WebexConnectRequest, type WebexConnectResponse } from './http/httpTypes';
import { decodeSafely, type InboundOutcome } from './http/inboundEndpoint';
import type { AdapterSettings } from './options';
import type { TurnLogic, TurnLogics } from './turnLogics';

/** What a reception takes things in with. */
export interface ReceptionParts
  extends Pick<AdapterParts, 'endpoint' | 'translator' | 'intake' | 'telemetry' | 'metrics'>,
    Pick<AdapterSettings, 'store' | 'inbound'> {
  readonly logics: TurnLogics;
  /** Starts the adapter, if nobody has; `undefined` when it runs. */
  readonly start: (logic: TurnLogic) => Promise<void> | undefined;
}

/** Takes in what requests bring, and what an operator sends again from quarantine. */
export class Reception {
  readonly #parts: ReceptionParts;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  /** Answers a request, always, when what it brings is kept. @param logic Runs the turn, after the answer. */
  receive(req: WebexConnectRequest, res: WebexConnectResponse, logic: TurnLogic): Promise<void> {
    const { endpoint, telemetry, translator } = this.#parts;
    const watched = { method: req.method, traceparent: () => headerOf(req, 'traceparent') };
    return telemetry.receive(watched, (receipt) =>
      endpoint.handle(req, res, {
        decode: (value, receivedAt) => translator.decode(value, receivedAt),
        store: (event, body, receivedAt) => {
          const id = newEventId(receivedAt);
          const { conversationId } = event;
          return receipt.keep({ id, conversationId }, (traceContext) =>
            this.#accept(id, event, { body, receivedAt, traceContext }, logic),
          );
        },
        quarantine: async (body, { reason, details }, receivedAt) => {
          const id = randomUUID();
          const why = { reason, ...(details !== undefined && { details }) };
          await receipt.keep({ id }, () => this.#quarantine({ id, body, ...why, receivedAt }, logic));
        },
      }),
    );
  }

  /**
   * Takes in a request that could not be read before.
   *
   * @throws {WebexConnectNotSupportedError} when it still cannot be read.
   * @throws {StoreUnavailableError} when it was not stored.
   */
  async readmit({ id, body, receivedAt, reason }: NewQuarantinedRequest): Promise<void> {
    const { translator, intake, telemetry } = this.#parts;
    const parsed = parseBody(body);
    const decoded =
      parsed.kind === 'json' ? decodeSafely(() => translator.decode(parsed.value, receivedAt)) : undefined;
    if (decoded?.kind !== 'event') {
      const why = decoded?.kind === 'undecodable' ? decoded.reason : reason;
      throw new WebexConnectNotSupportedError(`The request still cannot be read: ${why}.`);
    }
    const outcome = await intake.accept(newEventId(receivedAt), decoded.event, {
      body,
      receivedAt,
      traceContext: telemetry.originOf(undefined).traceContext,
      fallbackKey: `quarantined ${id}`,
    });
    if (outcome === 'full') {
      throw new StoreUnavailableError(
        'Too many events wait, so the request was left in quarantine. Try again.',
      );
    }
  }

  async #accept(
    id: string,
    event: InboundEvent,
    origin: EventOrigin,
    logic: TurnLogic,
  ): Promise<InboundOutcome> {
    const { start, logics, intake } = this.#parts;
    const starting = start(logic);
    if (starting !== undefined) await starting;
    logics.remember(id, logic);
    const outcome = await intake.accept(id, event, origin);
    if (outcome !== 'stored') logics.forget(id);
    return outcome;
  }

  async #quarantine(request: NewQuarantinedRequest, logic: TurnLogic): Promise<'quarantined'> {
    const { start, store, inbound, metrics } = this.#parts;
    await start(logic);
    await store.quarantine(request, inbound.maxQuarantinedRequests);
    metrics.counters.add('requests_quarantined_total');
    return 'quarantined';
  }
}
