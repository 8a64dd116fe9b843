import type { Clock } from '../../clock';
import { withinDeadline } from '../../delivery/withinDeadline';
import { errorName } from '../../errors';
import type { SparingLog } from '../../operations/sparingLog';
import { type Answer, plainAnswer } from './answer';
import { type AuthenticationSettings, hasAccessToken, hasSignature } from './authenticate';
import { type Caller, callerOf } from './caller';
import type { WebexConnectRequest } from './httpTypes';
import { isShort, type RequestBody } from './readBody';

type IsAllowed = (caller: Caller) => boolean | Promise<boolean>;

/** Settings of {@link Gatekeeper}. */
export interface GatekeeperSettings extends AuthenticationSettings {
  readonly isAllowed?: IsAllowed | undefined;
}

/** Ends the connection after the answer. */
export const CLOSE = { Connection: 'close' };

/**
 * Decides who may come in. Whom it turns away gets an empty answer: no token, and not a word about why. `undefined`
 * lets a request pass.
 */
export class Gatekeeper {
  readonly #settings: GatekeeperSettings;
  readonly #retryAfterSeconds: number;
  readonly #clock: Clock;
  readonly #log: SparingLog;
  readonly #onRefused: () => void;

  /** @param onRefused Called for every request that is answered 401 or 403. */
  constructor(
    settings: GatekeeperSettings,
    retryAfterSeconds: number,
    clock: Clock,
    log: SparingLog,
    onRefused: () => void,
  ) {
    this.#settings = settings;
    this.#retryAfterSeconds = retryAfterSeconds;
    this.#clock = clock;
    this.#log = log;
    this.#onRefused = onRefused;
  }

  /** Looks at all but the body, of which nothing is read before somebody has proved to be somebody. */
  check(request: WebexConnectRequest, withinMs: number): Answer | undefined | Promise<Answer | undefined> {
    const { isAllowed } = this.#settings;
    return isAllowed === undefined ? this.#checkToken(request) : this.#askFirst(request, isAllowed, withinMs);
  }

  /** Before the token is looked at: a stranger must not learn from the answer that it is right. */
  async #askFirst(
    request: WebexConnectRequest,
    isAllowed: IsAllowed,
    withinMs: number,
  ): Promise<Answer | undefined> {
    return (await this.#ask(request, isAllowed, withinMs)) ?? this.#checkToken(request);
  }

  #checkToken(request: WebexConnectRequest): Answer | undefined {
    if (hasAccessToken(request, this.#settings)) return undefined;
    return this.#refuse(401, 'wrong or missing access token', unreadHeaders(request));
  }

  /** Looks at the signature of a body, if one is asked for. */
  checkSignature(request: WebexConnectRequest, body: RequestBody): Answer | undefined {
    if (this.#settings.signatureSecret === undefined) return undefined;
    // Without the whole body there is no telling who sent it.
    if (body.kind === 'tooLarge') return plainAnswer(413, CLOSE);
    if (body.kind === 'tooSlow') return plainAnswer(408, CLOSE);
    if (body.kind === 'parsed' || body.kind === 'consumed') {
      this.#log.write(
        'error',
        'webex-connect: a body parser has read the request, so its signature cannot be checked; ' +
          'mount the adapter before the body parser, or keep the bytes in req.rawBody',
      );
    }
    return this.checkSigned(request, body.kind === 'raw' ? body.bytes : undefined);
  }

  /** @param bytes What should be signed; `undefined` when it is lost. */
  checkSigned(request: WebexConnectRequest, bytes: Buffer | undefined): Answer | undefined {
    if (hasSignature(request, bytes, this.#settings)) return undefined;
    return this.#refuse(401, 'wrong or missing signature');
  }

  async #ask(
    request: WebexConnectRequest,
    isAllowed: IsAllowed,
    withinMs: number,
  ): Promise<Answer | undefined> {
    const decide = async () => isAllowed(callerOf(request));
    const decision = await withinDeadline(this.#clock, withinMs, decide());
    if (decision.kind !== 'done') return this.#undecided(request, decision);
    // Anything but `true`, such as a forgotten `return`, admits nobody.
    if (decision.result === true) return undefined;
    return this.#refuse(403, 'not allowed by authentication.isAllowed', unreadHeaders(request));
  }

  /** Nobody comes in undecided, but the platform must send the event again when the hook works again. */
  #undecided(
    request: WebexConnectRequest,
    decision: { readonly kind: 'late' } | { readonly kind: 'failed'; readonly error: unknown },
  ): Answer {
    this.#log.write('error', 'webex-connect: authentication.isAllowed came to no decision; answered 503', {
      error: decision.kind === 'failed' ? errorName(decision.error) : 'took too long',
    });
    return plainAnswer(503, { 'Retry-After': String(this.#retryAfterSeconds), ...unreadHeaders(request) });
  }

  #refuse(
    status: 401 | 403,
    why:
      | 'wrong or missing access token'
      | 'wrong or missing signature'
      | 'not allowed by authentication.isAllowed',
    headers: Readonly<Record<string, string>> = {},
  ): Answer {
    this.#onRefused();
    this.#log.write('warn', `webex-connect: request refused, ${why}`);
    return plainAnswer(status, headers);
  }
}

/** The headers of an answer before the body was read. */
export function unreadHeaders(request: WebexConnectRequest): Readonly<Record<string, string>> {
  return isShort(request) ? {} : CLOSE;
}
