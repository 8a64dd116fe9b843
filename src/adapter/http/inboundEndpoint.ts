import type { Clock } from '../../clock';
import { withinDeadline } from '../../delivery/withinDeadline';
import { errorMessage, errorName } from '../../errors';
import type { Logger } from '../../logger';
import type { DecodeResult, InboundEvent } from '../../protocol/inboundEvent';
import { acceptParsedBody, type JsonValue, type ParsedBody, parseBody } from '../../protocol/json';
import { type Answer, answerWithToken, plainAnswer, type VerificationSettings, writeAnswer } from './answer';
import { type AuthenticationSettings, hasAccessToken, hasSignature } from './authenticate';
import { asForm, isForm, textOf, textToKeep } from './bodyText';
import type { WebexConnectRequest, WebexConnectResponse } from './httpTypes';
import type { PlatformView } from './platformView';
import { type RequestBody, readBody } from './readBody';

/** What happened to an event at the door. */
export type InboundOutcome = 'stored' | 'duplicate' | 'full';

/** What the endpoint hands a request to. */
export interface InboundHandlers {
  readonly decode: (value: JsonValue, receivedAt: number) => DecodeResult;
  /** Stores an event durably (I1). */
  readonly store: (event: InboundEvent, body: string, receivedAt: number) => Promise<InboundOutcome>;
  /** Keeps a request for the operator. */
  readonly quarantine: (body: string, reason: string, receivedAt: number) => Promise<void>;
}

/** Settings of {@link InboundEndpoint}. */
export interface InboundEndpointSettings {
  readonly verification: VerificationSettings & { readonly answerGet: boolean };
  readonly authentication: AuthenticationSettings;
  readonly bodyLimitBytes: number;
  readonly answerWithinMs: number;
  readonly retryAfterSeconds: number;
}

const CLOSE = { Connection: 'close' };

/**
 * The door: authenticate, read, decode, store, answer, in this order and within a time limit. Whatever a body
 * holds, Webex Connect is not given a failure for it (I10).
 */
export class InboundEndpoint {
  readonly #settings: InboundEndpointSettings;
  readonly #platformView: PlatformView;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onUnauthorised: () => void;

  /** @param onUnauthorised Called for every request that is answered 401. */
  constructor(
    settings: InboundEndpointSettings,
    platformView: PlatformView,
    clock: Clock,
    logger: Logger,
    onUnauthorised: () => void,
  ) {
    this.#settings = settings;
    this.#platformView = platformView;
    this.#clock = clock;
    this.#logger = logger;
    this.#onUnauthorised = onUnauthorised;
  }

  /** Answers one request. Never rejects. */
  async handle(
    request: WebexConnectRequest,
    response: WebexConnectResponse,
    handlers: InboundHandlers,
  ): Promise<void> {
    const answer = await this.#answerTo(request, handlers).catch((error: unknown) => {
      this.#logger.error('webex-connect: a request could not be handled', { error: errorName(error) });
      return plainAnswer(500, CLOSE);
    });
    if (answer !== undefined) writeAnswer(response, answer);
  }

  async #answerTo(request: WebexConnectRequest, handlers: InboundHandlers): Promise<Answer | undefined> {
    const { verification, authentication } = this.#settings;
    const method = (request.method ?? 'POST').toUpperCase();
    if (method === 'HEAD') return plainAnswer(200);
    if (method !== 'POST' && !(method === 'GET' && verification.answerGet)) {
      return plainAnswer(405, { Allow: verification.answerGet ? 'POST, GET, HEAD' : 'POST, HEAD' });
    }
    if (!hasAccessToken(request, authentication)) return this.#unauthorised('access token');
    if (method === 'GET') {
      const isSigned = hasSignature(request, Buffer.alloc(0), authentication);
      return isSigned ? answerWithToken(200, verification) : this.#unauthorised('signature');
    }

    const startedAt = this.#clock.now();
    const body = await this.#read(request);
    if (body.kind === 'aborted') return undefined;
    if (authentication.signatureSecret !== undefined) {
      const refusal = this.#checkSignature(request, body);
      if (refusal !== undefined) return refusal;
    }
    const answer = await this.#answerToBody(request, body, startedAt, handlers);
    this.#platformView.answered(answer.status);
    return answer;
  }

  #read(request: WebexConnectRequest): Promise<RequestBody> {
    const { bodyLimitBytes, answerWithinMs } = this.#settings;
    return readBody(request, { bytes: bodyLimitBytes, milliseconds: answerWithinMs }, this.#clock);
  }

  #checkSignature(request: WebexConnectRequest, body: RequestBody): Answer | undefined {
    // Without the whole body there is no telling who sent it.
    if (body.kind === 'tooLarge') return plainAnswer(413, CLOSE);
    if (body.kind === 'tooSlow') return plainAnswer(408, CLOSE);
    if (body.kind === 'parsed' || body.kind === 'consumed') {
      this.#logger.error(
        'webex-connect: a body parser has read the request, so its signature cannot be checked; ' +
          'mount the adapter before the body parser, or keep the bytes in req.rawBody',
      );
    }
    const bytes = body.kind === 'raw' ? body.bytes : undefined;
    const isSigned = hasSignature(request, bytes, this.#settings.authentication);
    return isSigned ? undefined : this.#unauthorised('signature');
  }

  #unauthorised(what: string): Answer {
    this.#onUnauthorised();
    this.#logger.warn(`webex-connect: request refused, wrong or missing ${what}`);
    return plainAnswer(401);
  }

  async #answerToBody(
    request: WebexConnectRequest,
    body: RequestBody,
    startedAt: number,
    handlers: InboundHandlers,
  ): Promise<Answer> {
    const { verification } = this.#settings;
    switch (body.kind) {
      case 'tooLarge':
        return answerWithToken(413, verification, CLOSE);
      case 'tooSlow':
      case 'aborted':
        return answerWithToken(408, verification, CLOSE);
      case 'consumed':
        this.#logger.error(
          'webex-connect: somebody has read the request and kept its body; answered 503. ' +
            'Mount the adapter before whatever reads requests, or have it set req.body or req.rawBody',
        );
        return this.#unavailable();
      case 'raw': {
        const text = body.bytes.toString('utf8');
        return this.#take(textToKeep(body.bytes, text), parseBody(text), startedAt, handlers);
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
    const timeLeftMs = Math.max(answerWithinMs - (this.#clock.now() - startedAt), 0);
    const taken = await withinDeadline(
      this.#clock,
      timeLeftMs,
      this.#keep(text, parsed, startedAt, handlers),
    );
    if (taken.kind === 'failed') {
      this.#logger.error('webex-connect: an event could not be stored; answered 503, so it will come again', {
        error: errorName(taken.error),
      });
      return this.#unavailable();
    }
    if (taken.kind === 'late') {
      this.#logger.error(
        'webex-connect: storing an event took too long; answered 503, so it will come again',
        {
          answerWithinMs,
        },
      );
      return this.#unavailable();
    }
    return taken.result === 'full' ? this.#unavailable() : answerWithToken(200, verification);
  }

  async #keep(
    text: string,
    parsed: ParsedBody,
    receivedAt: number,
    handlers: InboundHandlers,
  ): Promise<InboundOutcome | 'ignored'> {
    if (parsed.kind === 'empty') return 'ignored';
    if (parsed.kind === 'unreadable') return this.#quarantine(text, parsed.reason, receivedAt, handlers);
    const decoded = decodeSafely(handlers, parsed.value, receivedAt);
    switch (decoded.kind) {
      case 'notEvent':
        return 'ignored';
      case 'undecodable':
        return this.#quarantine(text, decoded.reason, receivedAt, handlers);
      case 'event':
        return handlers.store(decoded.event, text, receivedAt);
    }
  }

  async #quarantine(
    text: string,
    reason: string,
    receivedAt: number,
    handlers: InboundHandlers,
  ): Promise<'ignored'> {
    await handlers.quarantine(text, reason, receivedAt);
    // What follows the colon may quote the customer (I9).
    const [cause] = reason.split(':');
    this.#logger.warn('webex-connect: a request was quarantined; see adapter.quarantine', { cause });
    return 'ignored';
  }
}

/** An option's function may throw; no event may be lost, nor answered with a failure, for that. */
function decodeSafely(handlers: InboundHandlers, value: JsonValue, receivedAt: number): DecodeResult {
  try {
    return handlers.decode(value, receivedAt);
  } catch (error) {
    return { kind: 'undecodable', reason: `decoding failed: ${errorMessage(error)}` };
  }
}
