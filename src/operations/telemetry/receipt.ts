import { SpanAttributes } from './attributes';
import { OpenSpan, registeredTracer } from './openSpan';
import { type SpanTerms, shown, spanOfReceipt } from './spanStarts';
import { readTraceparent, writeTraceparent } from './traceparent';

/** What became of a request, as its span and the time until its answer are labelled. */
export type ReceiptOutcome =
  | 'stored'
  | 'duplicate'
  | 'quarantined'
  /** Nothing to do, as with *Verify*. */
  | 'ignored'
  /** 503, because too many events wait. */
  | 'full'
  /** 503, because the store failed or was too slow, or the adapter itself has failed. */
  | 'unavailable'
  | 'unauthorised'
  /** 408, 413 and other 4xx. */
  | 'rejected'
  /** The caller went away. */
  | 'aborted';

/** What the store said of what a request brought. */
export type Kept = Extract<ReceiptOutcome, 'stored' | 'duplicate' | 'quarantined' | 'full'>;

/** What a request has brought. */
export interface Brought {
  /** By which the store knows it. */
  readonly id: string;
  readonly conversationId?: string | undefined;
}

/** One request of the platform, from its arrival to its answer. */
export class Receipt {
  readonly #traceparent: () => string | undefined;
  readonly #terms: SpanTerms;
  #span: OpenSpan | undefined;
  #kept: Kept | undefined;
  #brought: Brought | undefined;

  /** @param traceparent Finds the request's header. */
  constructor(traceparent: () => string | undefined, terms: SpanTerms) {
    this.#traceparent = traceparent;
    this.#terms = terms;
  }

  /**
   * Keeps what the request has brought. Only here the request's own trace is gone by: a caller who has proved nothing
   * must not write into it.
   *
   * @param store Is given the `traceparent` to be stored, if anything is traced.
   */
  async keep<Result extends Kept>(
    brought: Brought,
    store: (traceContext: string | undefined) => Promise<Result>,
  ): Promise<Result> {
    const named = writeTraceparent(readTraceparent(this.#traceparent()));
    const span = this.#begin(named);
    this.#brought = brought;
    const kept = await (span === undefined
      ? store(named)
      : span.run(() => store(span.traceContext ?? named)));
    this.#kept = kept;
    return kept;
  }

  /** @param status What was answered; `undefined` when the caller went away. */
  end(status: number | undefined, at: number): ReceiptOutcome {
    const outcome = this.#outcomeOf(status);
    const span = this.#span ?? this.#begin(undefined);
    if (span === undefined) return outcome;
    const failure = status !== undefined && status >= 500 ? `answered ${status}` : undefined;
    const { id, conversationId } = this.#brought ?? {};
    span.end(
      at,
      {
        [SpanAttributes.outcome]: outcome,
        [SpanAttributes.status]: status,
        [SpanAttributes.messageId]: id,
        [SpanAttributes.conversationId]: shown(conversationId, this.#terms),
        [SpanAttributes.errorType]: failure && String(status),
      },
      failure,
    );
    return outcome;
  }

  #begin(traceContext: string | undefined): OpenSpan | undefined {
    const tracer = registeredTracer();
    if (tracer === undefined) return undefined;
    this.#span = OpenSpan.begin(tracer, spanOfReceipt(traceContext, this.#terms));
    return this.#span;
  }

  #outcomeOf(status: number | undefined): ReceiptOutcome {
    if (status === undefined) return 'aborted';
    if (status === 401 || status === 403) return 'unauthorised';
    if (status >= 500) return this.#kept === 'full' ? 'full' : 'unavailable';
    if (status >= 400) return 'rejected';
    return this.#kept ?? 'ignored';
  }
}
