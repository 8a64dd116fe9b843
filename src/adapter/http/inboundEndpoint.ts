import type { Clock } from '../../clock';
import { withinDeadline } from '../../delivery/withinDeadline';
import { errorMessage, errorName } from '../../errors';
import type { Logger } from '../../logger';
import { SparingLog } from '../../operations/sparingLog';
import type { DecodeResult, InboundEvent } from '../../protocol/inboundEvent';
import { acceptParsedBody, type JsonValue, type ParsedBody, parseBody } from '../../protocol/json';
import type { NewQuarantinedRequest } from '../../store/deliveryStore';
import { type Answer, answerWithToken, plainAnswer, type VerificationSettings, writeAnswer } from './answer';
import { asForm, isForm, textOf, textToKeep } from './bodyText';
import { CLOSE, Gatekeeper, type GatekeeperSettings, unreadHeaders } from './gatekeeper';
import type { WebexConnectRequest, WebexConnectResponse } from './httpTypes';
import type { PlatformView } from './platformView';
import { type RequestBody, readBody } from './readBody';

/** What happened to an event at the door. */
export type InboundOutcome = 'stored' | 'duplicate' | 'full';

type KeptOutcome = InboundOutcome | 'ignored';

/** What the endpoint hands a request to. */
export interface InboundHandlers {
  readonly decode: (value: JsonValue, receivedAt: number) => DecodeResult;
  /** Stores an event durably (I1). */
  readonly store: (event: InboundEvent, body: string, receivedAt: number) => Promise<InboundOutcome>;
  /** Keeps a request for the operator. */
  readonly quarantine: (body: string, why: WhyUnreadable, receivedAt: number) => Promise<void>;
}

/** Why a request is no event. */
export type WhyUnreadable = Pick<NewQuarantinedRequest, 'reason' | 'details'>;

/** Settings of {@link InboundEndpoint}. */
export interface InboundEndpointSettings {
  readonly verification: VerificationSettings & { readonly answerGet: boolean };
  readonly authentication: GatekeeperSettings;
  readonly bodyLimitBytes: number;
  readonly answerWithinMs: number;
  readonly retryAfterSeconds: number;
}

/** An answer to GET may be kept by whoever stands in between; the token in it must not be. */
const NOT_TO_BE_KEPT = { 'Cache-Control': 'no-store' };

/**
 * The door: authenticate, read, decode, store, answer, in this order and within a time limit. Whatever a body
 * holds, Webex Connect is not given a failure for it (I10).
 */
export class InboundEndpoint {
  readonly #settings: InboundEndpointSettings;
  readonly #platformView: PlatformView;
  readonly #clock: Clock;
  readonly #log: SparingLog;
  readonly #gatekeeper: Gatekeeper;

  /** @param onRefused Called for every request that is answered 401 or 403. */
  constructor(
    settings: InboundEndpointSettings,
    platformView: PlatformView,
    clock: Clock,
    logger: Logger,
    onRefused: () => void,
  ) {
    this.#settings = settings;
    this.#platformView = platformView;
    this.#clock = clock;
    this.#log = new SparingLog(clock, logger);
    const { authentication, retryAfterSeconds } = settings;
    this.#gatekeeper = new Gatekeeper(authentication, retryAfterSeconds, clock, this.#log, onRefused);
  }

  /**
   * Answers one request, and resolves with the status; `undefined` when the caller went away, or could not be answered.
   * Never rejects: nobody may wait for it, and Node ends a process for a promise that is let down.
   */
  async handle(
    request: WebexConnectRequest,
    response: WebexConnectResponse,
    handlers: InboundHandlers,
  ): Promise<number | undefined> {
    try {
      const answer = await this.#answerTo(request, handlers).catch((error: unknown) => this.#failed(error));
      if (answer !== undefined) writeAnswer(response, answer);
      return answer?.status;
    } catch (error) {
      this.#log.write('error', 'webex-connect: an answer could not be written', { error: errorName(error) });
      return undefined;
    }
  }

  /** Of who asks nothing is known here, so no token. */
  #failed(error: unknown): Answer {
    this.#log.write('error', 'webex-connect: a request could not be handled; answered 503', {
      error: errorName(error),
    });
    return plainAnswer(503, { 'Retry-After': String(this.#settings.retryAfterSeconds), ...CLOSE });
  }

  async #answerTo(request: WebexConnectRequest, handlers: InboundHandlers): Promise<Answer | undefined> {
    const { verification, answerWithinMs } = this.#settings;
    const method = (request.method ?? 'POST').toUpperCase();
    if (method === 'HEAD') return plainAnswer(200);
    if (method !== 'POST' && !(method === 'GET' && verification.answerGet)) {
      const Allow = verification.answerGet ? 'POST, GET, HEAD' : 'POST, HEAD';
      return plainAnswer(405, { Allow, ...unreadHeaders(request) });
    }
    const startedAt = this.#clock.now();
    const refusal = await this.#gatekeeper.check(request, answerWithinMs);
    if (refusal !== undefined) return refusal;
    if (method === 'GET') {
      const unsigned = this.#gatekeeper.checkSigned(request, Buffer.alloc(0));
      return unsigned ?? answerWithToken(200, verification, NOT_TO_BE_KEPT);
    }

    const body = await this.#read(request, this.#timeLeftMs(startedAt));
    if (body.kind === 'aborted') return undefined;
    const unsigned = this.#gatekeeper.checkSignature(request, body);
    if (unsigned !== undefined) return unsigned;
    const answer = await this.#answerToBody(request, body, startedAt, handlers);
    this.#platformView.answered(answer.status);
    return answer;
  }

  #read(request: WebexConnectRequest, milliseconds: number): Promise<RequestBody> {
    return readBody(request, { bytes: this.#settings.bodyLimitBytes, milliseconds }, this.#clock);
  }

  #timeLeftMs(startedAt: number): number {
    return Math.max(this.#settings.answerWithinMs - (this.#clock.now() - startedAt), 0);
  }

  #answerToBody(
    request: WebexConnectRequest,
    body: RequestBody,
    startedAt: number,
    handlers: InboundHandlers,
  ): Answer | Promise<Answer> {
    const { verification } = this.#settings;
    switch (body.kind) {
      case 'tooLarge':
        return answerWithToken(413, verification, CLOSE);
      case 'tooSlow':
      case 'aborted':
        return answerWithToken(408, verification, CLOSE);
      case 'consumed':
        this.#log.write(
          'error',
          'webex-connect: somebody has read the request and kept its body; answered 503. ' +
            'Mount the adapter before whatever reads requests, or have it set req.body or req.rawBody',
        );
        return this.#unavailable();
      case 'raw': {
        const text = body.bytes.toString('utf8');
        const parsed = parseBody(text);
        // What was read as text must be kept as that text: its turn, or an operator's replay, reads it again.
        const kept = parsed.kind === 'unreadable' ? textToKeep(body.bytes, text) : text;
        return this.#take(kept, parsed, startedAt, handlers);
      }
      case 'parsed': {
        const parsed = isForm(request) ? asForm(body.value) : acceptParsedBody(body.value);
        const kept = parsed.kind === 'json' ? parsed.value : body.value;
        return this.#take(textOf(kept), parsed, startedAt, handlers);
      }
    }
  }

  #unavailable(): Answer {
    const { verification, retryAfterSeconds } = this.#settings;
    return answerWithToken(503, verification, { 'Retry-After': String(retryAfterSeconds) });
  }

  async #take(
    text: string,
    parsed: ParsedBody,
    startedAt: number,
    handlers: InboundHandlers,
  ): Promise<Answer> {
    const { verification, answerWithinMs } = this.#settings;
    const taken = await withinDeadline(
      this.#clock,
      this.#timeLeftMs(startedAt),
      this.#keep(text, parsed, startedAt, handlers),
    );
    if (taken.kind === 'failed') {
      this.#log.write(
        'error',
        'webex-connect: an event could not be stored; answered 503, so it will come again',
        { error: errorName(taken.error) },
      );
      return this.#unavailable();
    }
    if (taken.kind === 'late') {
      this.#log.write(
        'error',
        'webex-connect: storing an event took too long; answered 503, so it will come again',
        { answerWithinMs },
      );
      return this.#unavailable();
    }
    return taken.result === 'full' ? this.#unavailable() : answerWithToken(200, verification);
  }

  #keep(
    text: string,
    parsed: ParsedBody,
    receivedAt: number,
    handlers: InboundHandlers,
  ): KeptOutcome | Promise<KeptOutcome> {
    if (parsed.kind === 'empty') return 'ignored';
    if (parsed.kind === 'unreadable') return this.#quarantine(text, parsed, receivedAt, handlers);
    const decoded = decodeSafely(() => handlers.decode(parsed.value, receivedAt));
    switch (decoded.kind) {
      case 'notEvent':
        return 'ignored';
      case 'undecodable':
        return this.#quarantine(text, decoded, receivedAt, handlers);
      case 'event':
        return handlers.store(decoded.event, text, receivedAt);
    }
  }

  async #quarantine(
    text: string,
    why: WhyUnreadable,
    receivedAt: number,
    handlers: InboundHandlers,
  ): Promise<'ignored'> {
    await handlers.quarantine(text, why, receivedAt);
    this.#log.write('warn', 'webex-connect: a request was quarantined; see adapter.quarantine', {
      reason: why.reason,
    });
    return 'ignored';
  }
}

/** An option's function may throw; no event may be lost, nor answered with a failure, for that. */
export function decodeSafely(decode: () => DecodeResult): DecodeResult {
  try {
    return decode();
  } catch (error) {
    const reason = `decoding failed: ${errorName(error)}`;
    return { kind: 'undecodable', reason, details: errorMessage(error) };
  }
}
