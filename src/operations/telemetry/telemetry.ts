import type { Clock } from '../../clock';
import type { AttemptTrace } from '../../delivery/attempt';
import type { SendOutcome } from '../../delivery/sendOutcome';
import type { TurnEnd } from '../../delivery/turnWorkers';
import { errorName } from '../../errors';
import type { ClaimedSend, ClaimedTurn, NewOutboxMessage } from '../../store/deliveryStore';
import { SpanAttributes } from './attributes';
import type { HistogramName, LabelsOf } from './metricDefinitions';
import type { Metrics } from './metrics';
import { activeTrace, OpenSpan, registeredTracer } from './openSpan';
import { Receipt } from './receipt';
import { type SpanTerms, spanOfProactiveTurn, spanOfSend, spanOfTurn } from './spanStarts';

const NO_HEADERS: Readonly<Record<string, string>> = {};

/** Options of {@link Telemetry}. */
export interface TelemetrySettings {
  readonly takeTraceparent: boolean;
  readonly sendTraceparent: boolean;
  readonly conversationIds: boolean;
}

/** What a message comes from. */
export type MessageOrigin = Pick<NewOutboxMessage, 'traceContext' | 'eventReceivedAt'>;

/** What is looked at of a request. */
export interface WatchedRequest {
  readonly method?: string | undefined;
  /** Finds the header. */
  readonly traceparent: () => string | undefined;
}

/**
 * Watches what the adapter does: each receipt, turn and attempt to send is a span of one trace, which goes with the event
 * and its messages through the store, and is measured. Without an OpenTelemetry SDK no span is made, and a trace that a
 * request came with is handed on as it is.
 */
export class Telemetry {
  readonly #settings: TelemetrySettings;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  #turnsUnderWay = 0;
  #sendsUnderWay = 0;

  constructor(settings: TelemetrySettings, clock: Clock, metrics: Metrics) {
    this.#settings = settings;
    this.#clock = clock;
    this.#metrics = metrics;
  }

  get turnsUnderWay(): number {
    return this.#turnsUnderWay;
  }

  get sendsUnderWay(): number {
    return this.#sendsUnderWay;
  }

  /**
   * Watches a POST of the platform; whatever else comes is somebody's look whether we are there.
   *
   * @param answer Answers the request, and resolves with the status; `undefined` when the caller went away.
   */
  async receive(
    { method = 'POST', traceparent }: WatchedRequest,
    answer: (receipt: Receipt) => Promise<number | undefined>,
  ): Promise<void> {
    const { takeTraceparent } = this.#settings;
    const startedAt = this.#clock.now();
    const receipt = new Receipt(takeTraceparent ? traceparent : () => undefined, this.#terms(startedAt));
    const status = await answer(receipt);
    if (String(method).toUpperCase() !== 'POST') return;
    const endedAt = this.#clock.now();
    const outcome = receipt.end(status, endedAt);
    if (status !== undefined) this.#metrics.observe('ack_duration_seconds', endedAt - startedAt, { outcome });
  }

  /** Watches one run of a stored event's turn. */
  turn(turn: ClaimedTurn, run: () => Promise<TurnEnd>): Promise<TurnEnd> {
    const tracer = registeredTracer();
    const span = tracer && OpenSpan.begin(tracer, spanOfTurn(turn, this.#terms()));
    return this.#watchTurn(span, run, kindOf);
  }

  /** Watches a turn that no event has begun. It is part of what the caller is doing, where that is traced. */
  proactiveTurn(conversationId: string | undefined, run: () => Promise<void>): Promise<void> {
    const tracer = registeredTracer();
    const span = tracer && OpenSpan.begin(tracer, spanOfProactiveTurn(conversationId, this.#terms()));
    return this.#watchTurn(span, run, () => 'completed');
  }

  async #watchTurn<Result>(
    span: OpenSpan | undefined,
    run: () => Promise<Result>,
    outcomeOf: (result: Result) => TurnEnd['kind'],
  ): Promise<Result> {
    const startedAt = this.#clock.now();
    this.#turnsUnderWay++;
    try {
      const result = await (span === undefined ? run() : span.run(run));
      const outcome = outcomeOf(result);
      const endedAt = this.#ended('turn_duration_seconds', startedAt, { outcome });
      span?.end(endedAt, { [SpanAttributes.outcome]: outcome });
      return result;
    } catch (error) {
      const endedAt = this.#ended('turn_duration_seconds', startedAt, { outcome: 'failed' });
      // A message may quote the customer (I9).
      const attributes = { [SpanAttributes.outcome]: 'failed', [SpanAttributes.errorType]: errorName(error) };
      span?.end(endedAt, attributes, 'the turn failed');
      throw error;
    } finally {
      this.#turnsUnderWay--;
    }
  }

  /**
   * What the messages of a turn come from: the span in which the bot is, else what the turn comes from.
   *
   * @param turn `undefined` for what no event has begun.
   */
  originOf(turn: ClaimedTurn | undefined): MessageOrigin {
    const answered = turn?.event.source === 'platform' ? turn.event : undefined;
    return {
      traceContext: activeTrace() ?? turn?.event.traceContext,
      eventReceivedAt: answered?.receivedAt,
    };
  }

  /** Watches one attempt to send. See `AttemptWatcher`. */
  async send(
    send: ClaimedSend,
    attempt: (trace: AttemptTrace) => Promise<SendOutcome>,
  ): Promise<SendOutcome> {
    const { destination, role, eventReceivedAt } = send.message;
    const startedAt = this.#clock.now();
    const tracer = registeredTracer();
    const span = tracer && OpenSpan.begin(tracer, spanOfSend(send, this.#terms(startedAt)));
    let status: number | undefined;
    const trace = {
      headers: this.#headersOf(span?.traceContext ?? send.message.traceContext),
      answered: (answered: number) => {
        status = answered;
      },
    };
    this.#sendsUnderWay++;
    const outcome = await (span === undefined ? attempt(trace) : span.run(() => attempt(trace)));
    this.#sendsUnderWay--;
    const endedAt = this.#ended('send_duration_seconds', startedAt, { destination, outcome: outcome.kind });
    span?.end(
      endedAt,
      attributesOf(outcome, status),
      outcome.kind === 'accepted' ? undefined : outcome.reason,
    );
    if (outcome.kind === 'accepted' && role === 'message' && eventReceivedAt !== undefined)
      this.#metrics.observe('end_to_end_duration_seconds', endedAt - eventReceivedAt, { destination });
    return outcome;
  }

  #terms(at = this.#clock.now()): SpanTerms {
    return { at, showsConversationId: this.#settings.conversationIds };
  }

  /** Measures what has ended just now. @returns When that is. */
  #ended<Name extends HistogramName>(name: Name, startedAt: number, labels: LabelsOf<Name>): number {
    const endedAt = this.#clock.now();
    this.#metrics.observe(name, endedAt - startedAt, labels);
    return endedAt;
  }

  #headersOf(traceparent: string | undefined): Readonly<Record<string, string>> {
    return traceparent === undefined || !this.#settings.sendTraceparent ? NO_HEADERS : { traceparent };
  }
}

function kindOf({ kind }: TurnEnd): TurnEnd['kind'] {
  return kind;
}

function attributesOf(outcome: SendOutcome, status: number | undefined) {
  return {
    [SpanAttributes.outcome]: outcome.kind,
    [SpanAttributes.status]: status,
    [SpanAttributes.isAmbiguous]: outcome.kind === 'failed' && outcome.isAmbiguous,
    [SpanAttributes.errorType]: outcome.kind === 'accepted' ? undefined : errorTypeOf(status),
  };
}

/** The conventions' word for what has no name; the span's status says it in words. */
function errorTypeOf(status: number | undefined): string {
  return status === undefined || status < 300 ? '_OTHER' : String(status);
}
